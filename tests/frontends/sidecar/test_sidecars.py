import pytest

from meshwright.traffic import DirectResponse
from tests.frontends.sidecar.manifests import listener, service, sidecar_table, virtual_host

RULE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec:
  hosts: [{hosts}]
  http:
  - name: {name}
    route: [{{destination: {{host: cart}}}}]
---"""
SIDECAR = """
apiVersion: networking.istio.io/v1
kind: Sidecar
metadata: {name: default, namespace: shop}
spec:
"""


@pytest.mark.parametrize(
    ("namespace", "names"),
    [
        pytest.param("shop", {"cart", "cart.shop", "cart.shop.svc"}, id="beside the service its bare name is known"),
        pytest.param("bank", {"cart.shop", "cart.shop.svc"}, id="elsewhere it takes the namespace"),
    ],
)
def test_answers_for_the_short_names_that_dns_resolves(namespace, names):
    host = virtual_host(sidecar_table(service("cart", "http:80"), namespace), "80", "cart.shop.svc.cluster.local:80")
    full = {"cart.shop.svc.cluster.local", "cart.shop.svc.cluster.local."}
    assert host is not None and set(host.domains) == names | full


def test_the_second_virtual_service_of_a_host_has_no_effect():
    table = sidecar_table(
        service("cart", "http:80") + RULE.format(name="a", hosts="cart") + RULE.format(name="b", hosts="cart")
    )
    host = virtual_host(table, "80", "cart.shop.svc.cluster.local:80")
    assert host is not None and [route.name for route in host.routes] == ["a"]


def test_a_host_that_is_no_service_is_served_on_port_80_only():
    table = sidecar_table(
        service("cart", "http:80") + service("pay", "http:8080") + RULE.format(name="a", hosts="plain.example.com")
    )
    assert virtual_host(table, "80", "plain.example.com:80") is not None
    assert virtual_host(table, "8080", "plain.example.com:8080") is None


def test_a_port_without_a_protocol_has_its_own_route_that_takes_every_authority():
    table = sidecar_table(service("cart", "x:9000", clusterIP="10.0.0.1"))
    host = virtual_host(table, "cart.shop.svc.cluster.local:9000", "cart.shop.svc.cluster.local:9000")
    assert host is not None and host.domains == ("*",)


def test_http_and_bytes_on_one_address_are_told_apart_by_the_first_bytes():
    found = listener(sidecar_table(service("web", "http:9000") + service("raw", "tcp:9000")), "0.0.0.0_9000")
    assert found is not None and found.inspects_http
    assert [chain.http for chain in found.chains] == ["9000"]
    assert found.default_chain is not None and found.default_chain.tcp is not None


def test_a_server_that_speaks_first_keeps_its_port_to_itself():
    found = listener(sidecar_table(service("db", "mysql:3306") + service("web", "http:3306")), "0.0.0.0_3306")
    assert found is not None and not found.inspects_http


def test_ports_of_the_proxy_itself_are_left_alone():
    assert listener(sidecar_table(service("web", "http:15001")), "0.0.0.0_15001") is None


@pytest.mark.parametrize(
    "number",
    [
        pytest.param("0", id="zero"),
        pytest.param("", id="missing"),
        pytest.param("-1", id="less than zero"),
        pytest.param("http", id="a name"),
    ],
)
def test_a_port_that_is_none_leaves_the_others_as_they_are(number):
    table = sidecar_table(service("odd", f"http:{number}") + service("cart", "http:80"))
    assert virtual_host(table, "80", "cart.shop.svc.cluster.local:80") is not None


@pytest.mark.parametrize(
    ("policy", "cluster"),
    [
        pytest.param("{mode: ALLOW_ANY}", "PassthroughCluster", id="unknown hosts pass"),
        pytest.param("{mode: REGISTRY_ONLY}", "BlackHoleCluster", id="unknown hosts end"),
        pytest.param("{}", "BlackHoleCluster", id="a policy without a mode refuses"),
    ],
)
def test_unknown_hosts_go_where_the_policy_says(policy, cluster):
    table = sidecar_table(service("cart", "http:80") + SIDECAR + f"  outboundTrafficPolicy: {policy}")
    found = listener(table, "virtualOutbound")
    assert found is not None and found.chains[-1].tcp is not None
    assert found.chains[-1].tcp.clusters[0].name == cluster
    hosts = [host for rc in table.route_configurations if rc.name == "80" for host in rc.virtual_hosts]
    assert isinstance(hosts[-1].routes[0].action, DirectResponse) is (cluster == "BlackHoleCluster")


def test_a_port_with_its_own_entry_gets_nothing_from_the_entry_for_all_ports():
    table = sidecar_table(
        service("cart", "http:80")
        + service("pay", "http:80", namespace="bank")
        + SIDECAR
        + "  egress: [{port: {number: 80, protocol: HTTP, name: http}, hosts: ['./*']}, {hosts: ['*/*']}]"
    )
    assert virtual_host(table, "80", "cart.shop.svc.cluster.local:80") is not None
    assert virtual_host(table, "80", "pay.bank.svc.cluster.local:80") is None


def test_routes_tell_where_they_were_written():
    table = sidecar_table(service("cart", "http:80") + RULE.format(name="a", hosts="cart"))
    host = virtual_host(table, "80", "cart.shop.svc.cluster.local:80")
    assert host is not None and host.routes[0].origin is not None
    assert (host.routes[0].origin.resource, host.routes[0].origin.field) == ("VirtualService shop/a", "spec.http[0]")


@pytest.mark.parametrize(
    ("switched_on", "mtls", "mode", "protocol", "ways"),
    [
        pytest.param(False, "DISABLE", "SIMPLE", "TLS", [("raw_buffer", "none", False)], id="istiod has it off"),
        pytest.param(True, "STRICT", "SIMPLE", "TLS", [("tls", "mutual", False)], id="the mesh has its own"),
        pytest.param(True, "DISABLE", "SIMPLE", "TLS", [("tls", "simple", False)], id="bytes inside TLS"),
        pytest.param(True, "DISABLE", "MUTUAL", "HTTPS", [("tls", "mutual", True)], id="HTTP inside mutual TLS"),
    ],
)
def test_a_sidecar_ends_tls_where_istiod_lets_it(switched_on, mtls, mode, protocol, ways):
    table = sidecar_table(
        "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\n"
        f"spec: {{mtls: {{mode: {mtls}}}}}\n---"
        + SIDECAR
        + f"  ingress: [{{port: {{number: 9443, protocol: {protocol}, name: tls}}, tls: {{mode: {mode}}}}}]",
        tls_on_sidecar_ingress=switched_on,
    )
    found = listener(table, "virtualInbound")
    assert found is not None
    chains = [chain for chain in found.chains if chain.match.destination_port == 9443]
    assert [(each.match.transport_protocol, each.tls, each.http is not None) for each in chains] == ways


@pytest.mark.parametrize(
    "manifests",
    [
        pytest.param(service("cart", "http:0"), id="a port that no Service can have"),
        pytest.param(service("cart", "http:80", clusterIP="[1]"), id="a list where an address belongs"),
        pytest.param(SIDECAR + "  egress: [{hosts: 5, port: x}, 7]", id="numbers where lists belong"),
        pytest.param(
            SIDECAR + "  ingress: [{port: {number: {}}}]\n  workloadSelector: 3", id="a port without a number"
        ),
    ],
)
def test_compiles_whatever_stands_in_a_field(manifests):
    assert listener(sidecar_table(manifests), "virtualOutbound") is not None


@pytest.mark.parametrize(
    ("capture", "name"),
    [
        pytest.param("true", "240.240.0.7_9000", id="a sidecar that answers DNS listens on the allocated address"),
        pytest.param("false", "0.0.0.0_9000", id="another does not know it"),
    ],
)
def test_allocated_addresses_count_where_the_proxy_answers_dns(capture, name):
    entry = """
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {name: db, namespace: shop}
spec: {hosts: [db.example.com], resolution: DNS, ports: [{number: 9000, name: tcp, protocol: TCP}]}
status: {addresses: [{value: 240.240.0.7, host: db.example.com}]}
"""
    settings = {"defaultConfig": {"proxyMetadata": {"ISTIO_META_DNS_CAPTURE": capture}}}
    assert listener(sidecar_table(entry, mesh_config=settings), name) is not None
