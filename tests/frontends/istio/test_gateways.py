import pytest

from tests.frontends.istio.gateway_case import INGRESS, ingress, mesh, service


def gateway(name: str, servers: str, namespace: str = "shop", more: str = "selector: {istio: ingressgateway}, ") -> str:
    return f"""
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{{more}servers: [{servers}]}}
"""


def server(port: int, protocol: str, hosts: str = '["*"]', more: str = "", name: str = "p") -> str:
    return f"{{port: {{number: {port}, name: {name}, protocol: {protocol}}}, hosts: {hosts}{more}}}"


def chains(table):
    return {
        listener.name: sorted((chain.http or "", chain.match.server_names) for chain in listener.chains)
        for listener in table.listeners
    }


TLS = ", tls: {mode: SIMPLE, credentialName: cert}"


def test_plain_http_servers_of_one_port_share_a_route_configuration():
    table = ingress(gateway("a", server(80, "HTTP")), gateway("b", server(80, "HTTP2")))
    assert chains(table) == {"0.0.0.0_80": [("http.80", ())]}


def test_each_https_server_has_its_own_route_configuration():
    table = ingress(
        gateway("a", server(443, "HTTPS", "[a.com]", TLS)), gateway("b", server(443, "HTTPS", '["*.b.com"]', TLS))
    )
    assert chains(table) == {"0.0.0.0_443": [("https.443.p.a.shop", ("a.com",)), ("https.443.p.b.shop", ("*.b.com",))]}


@pytest.mark.parametrize(
    ("first", "second", "kept"),
    [
        pytest.param("TCP", "HTTP", {}, id="bytes without a route before requests: neither"),
        pytest.param("HTTP", "TCP", {"0.0.0.0_80": [("http.80", ())]}, id="requests before bytes"),
    ],
)
def test_of_two_protocols_on_a_port_the_older_gateway_keeps_it(first, second, kept):
    assert chains(ingress(gateway("a", server(80, first)), gateway("b", server(80, second)))) == kept


def test_a_server_name_belongs_to_the_older_gateway():
    table = ingress(
        gateway("b", server(443, "HTTPS", "[a.com, b.com]", TLS)), gateway("a", server(443, "HTTPS", "[a.com]", TLS))
    )
    assert chains(table) == {"0.0.0.0_443": [("https.443.p.a.shop", ("a.com",))]}


def test_another_address_is_another_listener():
    table = ingress(
        gateway("a", server(80, "HTTP"), more="selector: {istio: ingressgateway}, "),
        gateway("b", server(80, "HTTP", more=", bind: 10.0.0.9")),
    )
    assert chains(table) == {"0.0.0.0_80": [("http.80", ())], "10.0.0.9_80": [("http.80.10.0.0.9", ())]}


def test_servers_for_all_names_ask_for_none():
    table = ingress(gateway("a", server(443, "HTTPS", '["*"]', TLS)))
    (listener,) = table.listeners
    assert listener.chains[0].match.server_names == ()
    assert listener.inspects_tls
    assert (listener.chains[0].tls, listener.chains[0].credential) == ("simple", "cert")


@pytest.mark.parametrize(
    ("selector", "serves"),
    [
        pytest.param("selector: {istio: ingressgateway}, ", True, id="its labels"),
        pytest.param("", True, id="no selector means every gateway"),
        pytest.param("selector: {istio: other}, ", False, id="other labels"),
        pytest.param("selector: {istio: ingressgateway, x: z}, ", False, id="more labels than it has"),
    ],
)
def test_a_gateway_serves_the_workloads_it_selects_in_any_namespace(selector, serves):
    assert bool(ingress(gateway("a", server(80, "HTTP"), more=selector)).listeners) is serves


def front(port: int, target: object, more: str = "") -> str:
    ports = f"[{{name: http, port: {port}, targetPort: {target}}}]"
    return service("front", ports, "istio-system", f", selector: {{istio: ingressgateway}}{more}")


def test_listens_on_the_target_port_of_the_service_in_front():
    table = ingress(gateway("a", server(80, "HTTP")), front(80, 8080))
    assert chains(table) == {"0.0.0.0_8080": [("http.8080", ())]}
    assert table.ports == {80: 8080}


def test_a_port_that_no_service_has_stays():
    assert chains(ingress(gateway("a", server(81, "HTTP")), front(80, 8080))) == {"0.0.0.0_81": [("http.81", ())]}


DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: gw, namespace: edge}
spec: {template: {metadata: {labels: {istio: ingressgateway, app: gw}}, spec: {}}}
"""


def test_a_target_port_may_be_named_by_the_container():
    pods = DEPLOYMENT.replace("spec: {}", "spec: {containers: [{ports: [{name: web, containerPort: 8081}]}]}")
    table = ingress(gateway("a", server(80, "HTTP")), front(80, "web"), pods.replace("edge", "istio-system"))
    assert table.ports == {80: 8081}


def test_finds_the_workloads_that_gateways_select():
    (found,) = mesh(gateway("a", server(80, "HTTP")), DEPLOYMENT).gateways()
    assert str(found) == "router/edge/app=gw,istio=ingressgateway"


def test_makes_up_a_workload_for_a_selector_that_fits_none():
    found = mesh(gateway("a", server(80, "HTTP")), gateway("b", server(80, "HTTP"), more="selector: {x: z}, "))
    assert list(map(str, found.gateways())) == ["router/istio-system/istio=ingressgateway", "router/istio-system/x=z"]


def test_without_gateways_there_is_no_gateway_workload():
    assert mesh(DEPLOYMENT).gateways() == ()


def test_every_other_workload_has_a_sidecar():
    compiled = mesh(
        gateway("a", server(80, "HTTP")),
        DEPLOYMENT,
        DEPLOYMENT.replace("istio: ingressgateway, app: gw", "app: cart").replace("name: gw", "name: cart"),
        DEPLOYMENT.replace("istio: ingressgateway, app: gw", 'sidecar.istio.io/inject: "false"').replace("gw", "job"),
    )
    assert list(map(str, compiled.sidecars())) == ["sidecar/edge/app=cart"]


def test_route_tables_are_made_once():
    compiled = mesh(gateway("a", server(80, "HTTP")))
    assert compiled.route_table(INGRESS) is compiled.route_table(INGRESS)
