import pytest

from tests.frontends.istio.gateway_case import (
    GATEWAY,
    cluster_of,
    hosts_of,
    ingress,
    service,
    virtual_service,
)
from tests.frontends.istio.test_gateways import TLS, gateway, server

RULES = "[{match: [{uri: {prefix: /%s}}], route: [{destination: {host: %s}}]}]"
ALL = "[{route: [{destination: {host: %s}}]}]"


def paths(host):
    return [route.match.path.value for route in host.routes]


def test_without_rules_everything_is_not_found():
    (host,) = hosts_of(ingress(GATEWAY)).values()
    assert (host.name, host.domains, host.routes) == ("blackhole:80", ("*",), ())


def test_rules_of_one_host_follow_each_other_by_name_and_catch_alls_come_last():
    table = ingress(
        GATEWAY,
        virtual_service("c", RULES % ("c", "c")),
        virtual_service("a", ALL % "a"),
        virtual_service("b", RULES % ("b", "b")),
    )
    assert paths(hosts_of(table)["shop.example.com:80"]) == ["/b", "/c", "/"]


def test_older_rules_come_first():
    older = virtual_service("z", RULES % ("z", "z")).replace(
        "{name: z", "{name: z, creationTimestamp: '2020-01-01T00:00:00Z'"
    )
    table = ingress(GATEWAY, virtual_service("a", RULES % ("a", "a")), older)
    assert paths(hosts_of(table)["shop.example.com:80"]) == ["/z", "/a"]


@pytest.mark.parametrize(
    ("served", "bound", "domains"),
    [
        pytest.param('["*.com"]', "[a.com]", ["a.com"], id="a host of the server's wildcard"),
        pytest.param("[a.com, b.org]", '["*.com"]', ["a.com"], id="the part of its own wildcard that is served"),
        pytest.param('["*.example.com"]', "[example.com]", ["*"], id="the bare domain is not in its wildcard"),
        pytest.param("[A.com]", "[A.com]", ["a.com"], id="domains are lower case"),
        pytest.param("[shop/a.com]", "[a.com]", ["a.com"], id="a namespace may be named"),
        pytest.param("[./a.com]", "[a.com]", ["a.com"], id="or its own meant"),
        pytest.param("[other/a.com]", "[a.com]", ["*"], id="rules of other namespaces do not bind"),
    ],
)
def test_server_and_rules_meet_in_the_narrower_host(served, bound, domains):
    table = ingress(gateway("web", server(80, "HTTP", served)), virtual_service("v", ALL % "cart", bound))
    assert [domain for host in hosts_of(table).values() for domain in host.domains] == domains


def test_hosts_with_the_very_same_routes_are_one_virtual_host():
    table = ingress(GATEWAY, virtual_service("v", ALL % "cart", "[a.com, long.a.com]"))
    (host,) = hosts_of(table).values()
    assert (host.name, host.domains) == ("long.a.com:80", ("long.a.com", "a.com"))


def test_redirects_to_https_even_without_rules():
    table = ingress(gateway("web", server(80, "HTTP", "[a.com]", ", tls: {httpsRedirect: true}")))
    (host,) = hosts_of(table).values()
    assert (host.require_tls, host.routes, host.domains) == ("all", (), ("a.com",))


def test_rules_are_seen_only_where_they_are_exported_to():
    private = virtual_service("v", ALL % "cart", more=', exportTo: ["."]')
    assert list(hosts_of(ingress(GATEWAY, private))) == ["blackhole:80"]
    shown = private.replace('"."', "istio-system")
    assert list(hosts_of(ingress(GATEWAY, shown))) == ["shop.example.com:80"]


def test_each_https_server_has_the_hosts_of_its_own():
    table = ingress(
        gateway("web", server(443, "HTTPS", "[a.com]", TLS, "a") + ", " + server(443, "HTTPS", "[b.com]", TLS, "b")),
        virtual_service("v", ALL % "cart", "[a.com, b.com]"),
    )
    assert list(hosts_of(table, "https.443.a.web.shop")) == ["a.com:443"]
    assert list(hosts_of(table, "https.443.b.web.shop")) == ["b.com:443"]


def test_a_service_of_the_rules_namespace_comes_first():
    ports = "[{name: http, port: %d}]"
    table = ingress(
        GATEWAY,
        virtual_service("v", ALL % "ext.example.net"),
        entry("shop", 8080),
        entry("a", 9090),
        service("unrelated", ports % 1),
    )
    (route,) = hosts_of(table)["shop.example.com:80"].routes
    assert cluster_of(route) == "outbound|8080||ext.example.net"


def entry(namespace: str, port: int) -> str:
    return f"""
apiVersion: networking.istio.io/v1
kind: ServiceEntry
metadata: {{name: ext, namespace: {namespace}, creationTimestamp: '2020-01-0{len(namespace)}T00:00:00Z'}}
spec: {{hosts: [ext.example.net], resolution: DNS, ports: [{{name: http, number: {port}, protocol: HTTP}}]}}
"""


L4 = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: {name}, namespace: shop}}
spec: {{hosts: {hosts}, gateways: [web], {rules}}}
"""


def tcp_of(table):
    return [
        (chain.match.server_names, [(cluster.name, cluster.weight) for cluster in chain.tcp.clusters])
        for listener in table.listeners
        for chain in listener.chains
        if chain.tcp
    ]


def test_bytes_go_where_the_first_tcp_rule_for_the_port_says():
    rules = "tcp: [{match: [{port: 1}], route: [{destination: {host: no}}]}, {route: [{destination: {host: db}}]}]"
    table = ingress(gateway("web", server(9000, "TCP")), L4.format(name="v", hosts='["*"]', rules=rules))
    assert tcp_of(table) == [((), [("outbound|9000||db.shop.svc.cluster.local", 1)])]


def test_tls_passes_through_by_server_name():
    rules = "tls: [{match: [{sniHosts: [b.com, a.com]}], route: [{destination: {host: cart, port: {number: 443}}}]}]"
    table = ingress(
        gateway("web", server(443, "TLS", '["*.com"]', ", tls: {mode: PASSTHROUGH}")),
        L4.format(name="v", hosts="[a.com, b.com]", rules=rules),
        L4.format(name="w", hosts="[a.com]", rules=rules.replace("b.com, ", "").replace("cart", "lost")),
    )
    assert tcp_of(table) == [(("a.com", "b.com"), [("outbound|443||cart.shop.svc.cluster.local", 1)])]


def test_a_port_without_any_rule_has_no_listener():
    assert ingress(gateway("web", server(9000, "TCP"))).listeners == ()
