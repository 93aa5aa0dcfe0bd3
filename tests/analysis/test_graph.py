"""The picture of a mesh says what its proxies do."""

import pytest
from hypothesis import HealthCheck, given, settings

from meshwright.analysis.graph import mesh_graph
from meshwright.analysis.graph.narrow import narrowed
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_text
from meshwright.traffic import Forward
from tests.cli.meshes import SHOP
from tests.differential.meshes import meshes

REVIEWS = """
apiVersion: v1
kind: Service
metadata: {name: reviews, namespace: shop}
spec: {selector: {app: reviews}, ports: [{name: http, port: 9080}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: reviews, namespace: shop}
spec: {template: {metadata: {labels: {app: reviews, version: v1}}}}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: reviews, namespace: shop}
spec:
  host: reviews
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: reviews, namespace: shop}
spec:
  hosts: [reviews]
  http:
  - mirror: {host: nobody.example.com}
    mirrorPercentage: {value: 5}
    route:
    - {destination: {host: reviews, subset: v1}, weight: 80}
    - {destination: {host: reviews, subset: v9}, weight: 20}
"""


def graph_of(text, **options):
    return mesh_graph(compile_mesh(read_text(text), MeshOptions(**options)))


def service(graph, name):
    return next(each for each in graph.services if each.name == name)


def leads(graph, host):
    """Where each rule of a host leads, in words."""
    found = []
    for rule in host.rules:
        words = []
        for target in rule.targets:
            to = graph.services[target.service]
            version = "" if target.version is None else f" {to.versions[target.version].name}"
            words.append(f"{'mirror ' if target.mirror else ''}{target.share:g} % {to.name}{version}")
        found.append(words)
    return found


def test_a_gateway_shows_its_ports_and_the_rules_of_each_host_in_order():
    graph = graph_of(SHOP)
    (gateway,) = graph.entrances
    assert (gateway.kind, gateway.name, gateway.namespace) == ("gateway", "ingressgateway", "istio-system")
    assert [(door.port, door.protocol, door.tls, door.credentials) for door in gateway.doors] == [
        (80, "HTTP", "none", ()),
        (443, "HTTP", "simple", ("shop-cert",)),
    ]
    (host,) = graph.hosts
    assert (host.domains, host.ports, host.doors, host.namespaces) == (
        ("shop.example.com",),
        (80, 443),
        (0, 1),
        ("shop",),
    )
    assert leads(graph, host) == [["100 % cart v2"], [], ["90 % cart v1", "10 % cart v2"]]
    assert [rule.origin.field for rule in host.rules] == ["spec.http[0]", "spec.http[1]", "spec.http[2]"]


def test_what_is_not_defined_stands_in_the_picture_as_missing():
    graph = graph_of(REVIEWS)
    (mesh,), (host,) = graph.entrances, graph.hosts
    assert (mesh.kind, host.domains, host.ports) == ("mesh", ("reviews.shop.svc.cluster.local",), (9080,))
    assert leads(graph, host) == [["80 % reviews v1", "20 % reviews v9", "mirror 5 % nobody.example.com"]]
    reviews = service(graph, "reviews")
    assert [(each.name, each.endpoints, each.defined) for each in reviews.versions] == [
        ("v1", 1, True),
        ("v2", 0, True),
        ("v9", None, False),
    ]
    assert service(graph, "nobody.example.com").kind == "missing"


def peer_authentication(mode, *, port=None):
    ports = f", portLevelMtls: {{{port}: {{mode: DISABLE}}}}" if port else ""
    selector = "selector: {matchLabels: {app: reviews}}, " if port else ""
    return f"""
---
apiVersion: security.istio.io/v1
kind: PeerAuthentication
metadata: {{name: one, namespace: shop}}
spec: {{{selector}mtls: {{mode: {mode}}}{ports}}}
"""


TWO_PORTS = REVIEWS.replace("port: 9080}]", "port: 9080}, {name: http-b, port: 9081}]")


@pytest.mark.parametrize(
    ("text", "lock"),
    [
        pytest.param(REVIEWS, "permissive", id="without a policy both kinds of connections are taken"),
        pytest.param(REVIEWS + peer_authentication("STRICT"), "strict", id="STRICT locks"),
        pytest.param(REVIEWS + peer_authentication("DISABLE"), "plain", id="DISABLE opens"),
        pytest.param(TWO_PORTS + peer_authentication("STRICT", port=9081), "mixed", id="one port is open"),
        pytest.param(REVIEWS.replace("app: reviews, v", "app: other, v"), "unknown", id="no workload stands behind it"),
    ],
)
def test_the_lock_of_a_service_is_that_of_its_workloads(text, lock):
    assert service(graph_of(text), "reviews").lock == lock


def test_what_is_not_modelled_marks_where_it_acts():
    text = f"""{SHOP}
---
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {{name: odd, namespace: istio-system}}
spec: {{workloadSelector: {{labels: {{istio: ingressgateway}}}}, configPatches: [{{match: {{context: GATEWAY}}}}]}}
"""
    (gateway,) = graph_of(text).entrances
    assert [unknown.feature for unknown in gateway.unknowns] == ["EnvoyFilter"]


TCP = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: db, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
  - {port: {number: 3306, name: tcp, protocol: TCP}, hosts: ["*"]}
  - {port: {number: 443, name: tls, protocol: TLS}, hosts: [bank.example.com], tls: {mode: PASSTHROUGH}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: db, namespace: shop}
spec:
  hosts: ["*"]
  gateways: [db]
  tcp: [{match: [{port: 3306}], route: [{destination: {host: db}}]}]
  tls: [{match: [{port: 443, sniHosts: [bank.example.com]}], route: [{destination: {host: bank}}]}]
---
apiVersion: v1
kind: Service
metadata: {name: db, namespace: shop}
spec: {ports: [{name: tcp, port: 3306}]}
---
apiVersion: v1
kind: Service
metadata: {name: bank, namespace: shop}
spec: {ports: [{name: tls, port: 443}]}
"""


def test_connections_are_drawn_like_requests():
    graph = graph_of(TCP)
    (gateway,) = graph.entrances
    assert sorted((door.port, door.protocol, door.tls) for door in gateway.doors) == [
        (443, "TCP", "passthrough"),
        (3306, "TCP", "none"),
    ]
    assert [(host.domains, host.ports, leads(graph, host)) for host in graph.hosts] == [
        (("*",), (3306,), [["100 % db"]]),
        (("bank.example.com",), (443,), [["100 % bank"]]),
    ]


@given(mesh=meshes())
@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
def test_every_written_route_of_every_gateway_is_in_the_picture_with_all_its_destinations(mesh):
    compiled = compile_mesh(read_text(mesh.text), MeshOptions(mesh_config=mesh.mesh))
    graph = mesh_graph(compiled)
    drawn = {}
    for host in graph.hosts:
        for rule in host.rules:
            for route in rule.routes:
                drawn.setdefault((graph.entrances[host.entrance].proxies, route), []).append(rule)
    for proxy in compiled.gateways():
        for configuration in compiled.route_table(proxy).route_configurations:
            for host in configuration.virtual_hosts:
                for route in host.routes:
                    rules = drawn[(proxy,), route]
                    action = route.action
                    if isinstance(action, Forward):
                        assert {len(rule.targets) for rule in rules} == {len(action.clusters) + len(action.mirrors)}


@pytest.mark.parametrize(
    ("asked", "hosts", "services"),
    [
        pytest.param({"host": "shop.ex"}, ["shop.example.com"], ["cart"], id="a part of a host's name"),
        pytest.param({"service": "reviews.shop"}, ["reviews.shop.svc.cluster.local"], ["reviews"], id="a service"),
        pytest.param({"namespace": "nowhere"}, [], [], id="a namespace that is not there"),
    ],
)
def test_a_part_of_the_picture_keeps_what_it_is_connected_to(asked, hosts, services):
    part = narrowed(graph_of(f"{SHOP}\n---\n{REVIEWS}"), **asked)
    assert [host.domains[0] for host in part.hosts] == hosts
    assert [each.name for each in part.services if each.kind == "service"] == services
    for host in part.hosts:
        assert part.entrances[host.entrance]
        assert leads(part, host)
