"""Gateways: their servers."""

from typing import Any

import pytest

from meshwright.charts import IngressGateway, Server, ServerTls
from tests.charts.constructs import refused, shop, specs


def server(made: Server) -> dict[str, Any]:
    chart = shop()
    IngressGateway(chart, "gateway", servers=[made])
    found: dict[str, Any] = specs(chart, "Gateway")[0]["servers"][0]
    return found


def test_hosts_alone_make_one_server_of_plain_http() -> None:
    chart = shop()
    gateway = IngressGateway(chart, "gateway", hosts=["a.example.com"], port=8080)
    assert specs(chart, "Gateway") == [
        {
            "selector": {"istio": "ingressgateway"},
            "servers": [
                {"hosts": ["a.example.com"], "port": {"name": "http-8080", "number": 8080, "protocol": "HTTP"}}
            ],
        }
    ]
    assert (gateway.reference, gateway.hosts) == ("shop/gateway", ("a.example.com",))


@pytest.mark.parametrize(
    ("made", "protocol", "port", "tls"),
    [
        pytest.param(Server.http("*"), "HTTP", 80, None, id="HTTP"),
        pytest.param(Server.http("*", https_redirect=True), "HTTP", 80, {"httpsRedirect": True}, id="a redirect"),
        pytest.param(
            Server.https("*", tls="cert"), "HTTPS", 443, {"mode": "SIMPLE", "credentialName": "cert"}, id="HTTPS"
        ),
        pytest.param(
            Server.https("*", tls=ServerTls("c", client_certificates="optional", min_version="TLSV1_3")),
            "HTTPS",
            443,
            {"mode": "OPTIONAL_MUTUAL", "credentialName": "c", "minProtocolVersion": "TLSV1_3"},
            id="HTTPS with certificates of clients",
        ),
        pytest.param(Server.tls_passthrough("*"), "TLS", 443, {"mode": "PASSTHROUGH"}, id="TLS passed through"),
        pytest.param(
            Server.tls_terminated("*", tls="c"), "TLS", 443, {"mode": "SIMPLE", "credentialName": "c"}, id="TLS ended"
        ),
        pytest.param(Server.tcp("*", port=5432), "TCP", 5432, None, id="TCP"),
        pytest.param(Server.grpc("*", port=81), "GRPC", 81, None, id="GRPC"),
        pytest.param(Server.http2("*", port=82), "HTTP2", 82, None, id="HTTP2"),
        pytest.param(Server.mongo("*"), "MONGO", 27017, None, id="MONGO"),
    ],
)
def test_each_protocol_has_its_server(made: Server, protocol: str, port: int, tls: dict[str, Any] | None) -> None:
    found = server(made)
    assert (found["port"]["protocol"], found["port"]["number"], found.get("tls")) == (protocol, port, tls)


def test_ports_are_named_apart() -> None:
    chart = shop()
    IngressGateway(
        chart, "gateway", servers=[Server.https("a.example.com", tls="a"), Server.https("b.example.com", tls="b")]
    )
    assert [each["port"]["name"] for each in specs(chart, "Gateway")[0]["servers"]] == ["https-443", "https-443-2"]


def test_http_routes_answer_for_the_hosts_of_http_servers() -> None:
    servers = [Server.http("a.example.com"), Server.tcp("*", port=1), Server.https("b.example.com", tls="b")]
    assert IngressGateway(shop(), "gateway", servers=servers).hosts == ("a.example.com", "b.example.com")


def test_hosts_may_name_the_namespaces_whose_routes_they_admit() -> None:
    assert server(Server.http("./*", "stock/a.example.com"))["hosts"] == ["./*", "stock/a.example.com"]


@pytest.mark.parametrize(
    ("servers", "said"),
    [
        pytest.param([], "there is no server", id="no server"),
        pytest.param([Server("HTTP", hosts=[], port=80)], "there is no host", id="a server of no host"),
        pytest.param([Server.http("a_b")], "host 'a_b' is no host name", id="a host that is no name"),
        pytest.param([Server.http("www.*")], "host 'www.*' is no host name", id="a star that is not first"),
        pytest.param([Server.http("a.b", "a.b")], "host 'a.b' is there twice", id="a host named twice"),
        pytest.param([Server.http("*", port=0)], "port is 0", id="a port that is none"),
        pytest.param([Server.https("*", tls="")], "tls.credential is ''", id="a Secret without a name"),
        pytest.param([Server("HTTPS", hosts=["*"], port=443)], "HTTPS needs a certificate", id="no certificate"),
        pytest.param(
            [Server("TCP", hosts=["*"], port=1, tls=ServerTls("c"))], "TCP is not encrypted", id="TLS for plain TCP"
        ),
        pytest.param(
            [Server("TCP", hosts=["*"], port=1, https_redirect=True)], "cannot be redirected", id="TCP that redirects"
        ),
        pytest.param(
            [Server.https("*", tls=ServerTls("c", min_version="TLSV1_3", max_version="TLSV1_2"))],
            "tls.min_version TLSV1_3 is above",
            id="TLS versions the wrong way round",
        ),
        pytest.param(
            [Server.https("*", tls=ServerTls("c", subject_alt_names=["a"]))],
            "are for certificates of clients",
            id="names of clients that show no certificate",
        ),
        pytest.param(
            [Server.http("*"), Server.https("*", tls="c", port=80)],
            "port 80 speaks HTTPS, and HTTP",
            id="HTTP and HTTPS",
        ),
        pytest.param(
            [Server.tcp("*", port=1), Server.tcp("a.b", port=1)], "port 1 speaks TCP, and TCP", id="TCP twice"
        ),
        pytest.param(
            [Server.https("a.b", tls="c"), Server.tls_passthrough("a.b")],
            "serves 'a.b' by TLS",
            id="one host by TLS twice",
        ),
    ],
)
def test_refuses(servers: list[Server], said: str) -> None:
    chart = shop()
    IngressGateway(chart, "gateway", servers=servers)
    assert said in refused(chart)[0]


@pytest.mark.parametrize(
    "servers",
    [
        pytest.param([Server.http("a.b"), Server.grpc("c.d", port=80)], id="HTTP and gRPC share a port"),
        pytest.param([Server.https("a.b", tls="c"), Server.tls_passthrough("c.d")], id="so do HTTPS and TLS"),
        pytest.param([Server.tcp("*", port=1), Server.tcp("*", port=2)], id="two ports are two"),
    ],
)
def test_lets_pass(servers: list[Server]) -> None:
    chart = shop()
    IngressGateway(chart, "gateway", servers=servers)
    assert len(specs(chart, "Gateway")[0]["servers"]) == 2


def test_gateways_of_other_pods_may_speak_otherwise() -> None:
    chart = shop()
    IngressGateway(chart, "web", servers=[Server.http("*", port=81)])
    IngressGateway(chart, "data", servers=[Server.tcp("*", port=81)], selector={"app": "data"})
    assert len(specs(chart, "Gateway")) == 2


def test_gateways_of_the_same_pods_may_not() -> None:
    chart = shop()
    IngressGateway(chart, "web", servers=[Server.http("*", port=81)])
    IngressGateway(chart, "data", servers=[Server.tcp("*", port=81)])
    assert "port 81 speaks TCP, and HTTP by prod/shop/web" in refused(chart)[0]
