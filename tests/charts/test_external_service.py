"""Services outside of the mesh, and the way out to them."""

from typing import Any

import pytest

from meshwright.charts import ClientTls, EgressGateway, ExternalPort, ExternalService, HttpRoutes, Route, TrafficPolicy
from tests.charts.constructs import refused, shop, specs


@pytest.mark.parametrize(
    ("fields", "resolution"),
    [
        pytest.param({"host": "db.example.com"}, "DNS", id="a name is asked of DNS"),
        pytest.param({"host": "*.example.com"}, "NONE", id="names below another go where the caller looked them up"),
        pytest.param({"host": "db.example.com", "endpoints": ["192.0.2.1"]}, "STATIC", id="addresses are fixed"),
        pytest.param(
            {"host": "db.example.com", "endpoints": ["a.example.com"]}, "DNS", id="other names are asked of DNS"
        ),
        pytest.param({"host": "*.example.com", "resolution": "DYNAMIC_DNS"}, "DYNAMIC_DNS", id="what was said counts"),
    ],
)
def test_how_it_is_found_follows_from_what_is_known(fields: dict[str, Any], resolution: str) -> None:
    chart = shop()
    ExternalService(chart, "db", port=443, protocol="TLS", **fields)
    assert specs(chart, "ServiceEntry")[0]["resolution"] == resolution


def test_it_is_a_target_of_routes() -> None:
    chart = shop()
    api = ExternalService(
        chart, "api", host="api.example.org", ports=[ExternalPort(80, "HTTP"), ExternalPort(8080, "HTTP")]
    )
    HttpRoutes(chart, "routes", hosts=["api.example.org"], routes=[Route(to=api.port(8080))])
    destination = specs(chart, "VirtualService")[0]["http"][0]["route"][0]["destination"]
    assert destination == {"host": "api.example.org", "port": {"number": 8080}}


def test_proxies_encrypt_what_apps_send_unencrypted() -> None:
    chart = shop()
    ExternalService(
        chart,
        "api",
        host="api.example.org",
        ports=[ExternalPort(80, "HTTP", target_port=443)],
        tls=ClientTls(sni="api.example.org"),
    )
    assert specs(chart, "ServiceEntry")[0]["ports"] == [
        {"name": "http-80", "number": 80, "protocol": "HTTP", "targetPort": 443}
    ]
    assert specs(chart, "DestinationRule")[0]["trafficPolicy"] == {"tls": {"mode": "SIMPLE", "sni": "api.example.org"}}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"host": "db"}, "host 'db' is short", id="a short host"),
        pytest.param({"host": "*"}, "which names no service", id="any host"),
        pytest.param({"host": "a..b"}, "which names no service", id="no host"),
        pytest.param({"port": 0}, "port 0: the number is 0", id="a port that is none"),
        pytest.param({"ports": []}, "it has no port", id="no port"),
        pytest.param({"ports": [ExternalPort(1, "TCP"), ExternalPort(1, "HTTP")]}, "port 1 is there twice", id="twice"),
        pytest.param({"resolution": "STATIC"}, "STATIC without endpoints", id="fixed addresses that are not given"),
        pytest.param({"resolution": "DNS", "host": "*.a.b"}, "DNS cannot be asked for", id="a wildcard for DNS"),
        pytest.param({"resolution": "NONE", "endpoints": ["192.0.2.1"]}, "uses no endpoints", id="endpoints of no use"),
        pytest.param(
            {"resolution": "STATIC", "endpoints": ["a.example.com"]}, "is no address", id="a name for an address"
        ),
        pytest.param({"endpoints": ["a_b"]}, "endpoint 'a_b' is no host name", id="an endpoint that is no name"),
        pytest.param(
            {"protocol": "HTTPS", "tls": ClientTls()}, "apps encrypt already", id="what is encrypted encrypted again"
        ),
        pytest.param(
            {"tls": ClientTls(), "traffic_policy": TrafficPolicy(tls=ClientTls())},
            "it has both tls and traffic_policy",
            id="TLS said twice",
        ),
    ],
)
def test_refuses(fields: dict[str, Any], said: str) -> None:
    chart = shop()
    given = {"host": "db.example.com", "port": 80, "protocol": "HTTP", **fields}
    if "ports" in given:
        del given["port"], given["protocol"]
    ExternalService(chart, "db", **given)
    assert any(said in line for line in refused(chart))


def test_refuses_a_port_that_it_does_not_have() -> None:
    chart = shop()
    ExternalService(chart, "db", host="db.example.com", port=80, protocol="HTTP").port(81)
    assert refused(chart) == ["it has no port 81. Known are: 80"]


def test_the_way_out_leads_through_the_gateway_and_on_to_the_service() -> None:
    chart = shop()
    api = ExternalService(chart, "api", host="api.example.org", port=443, protocol="TLS")
    EgressGateway(chart, "out", to=[api])
    (spec,) = specs(chart, "VirtualService")
    steps = [
        (rule["match"][0]["gateways"], rule["match"][0]["sniHosts"], rule["route"][0]["destination"]["host"])
        for rule in spec["tls"]
    ]
    assert steps == [
        (["mesh"], ["api.example.org"], "istio-egressgateway.istio-system.svc.cluster.local"),
        (["shop/out"], ["api.example.org"], "api.example.org"),
    ]
    assert specs(chart, "Gateway")[0]["servers"][0]["tls"] == {"mode": "PASSTHROUGH"}


def test_services_of_one_port_share_a_server_of_the_gateway() -> None:
    chart = shop()
    hosts = ["a.example.org", "b.example.org"]
    to = [ExternalService(chart, host[0], host=host, port=80, protocol="HTTP") for host in hosts]
    EgressGateway(chart, "out", to=to)
    assert [server["hosts"] for server in specs(chart, "Gateway")[0]["servers"]] == [hosts]


def test_the_way_out_refuses_what_names_no_host_and_nothing() -> None:
    chart = shop()
    database = ExternalService(chart, "db", host="db.example.com", port=3306, protocol="MYSQL")
    EgressGateway(chart, "out", to=[database])
    assert any("MYSQL names no host on the wire" in line for line in refused(chart))
    chart = shop()
    EgressGateway(chart, "out", to=[])
    assert refused(chart)[0].startswith("no service is called through it")
