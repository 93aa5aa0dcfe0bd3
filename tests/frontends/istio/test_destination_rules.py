import pytest

from tests.frontends.istio.gateway_case import INGRESS, mesh, service


def rule(name: str, namespace: str, spec: str, created: str = "") -> str:
    stamp = f", creationTimestamp: '{created}'" if created else ""
    return f"""
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {{name: {name}, namespace: {namespace}{stamp}}}
spec: {{{spec}}}
"""


CART = "host: cart.shop.svc.cluster.local"


def found(*documents: str, namespace: str = "edge", labels: dict[str, str] | None = None):
    compiled = mesh(service("cart"), *documents)
    (cart,) = compiled.registry.services
    return compiled.destination_rules.find(namespace, labels or {}, cart)


def subsets(rule_found):
    return [subset.name for subset in rule_found.subsets]


@pytest.mark.parametrize(
    ("namespaces", "winner"),
    [
        pytest.param(["edge", "shop", "istio-system"], "edge", id="the client's namespace comes first"),
        pytest.param(["shop", "istio-system"], "shop", id="then the service's"),
        pytest.param(["istio-system"], "istio-system", id="then the root namespace"),
        pytest.param(["elsewhere"], None, id="other namespaces never"),
    ],
)
def test_looks_for_rules_in_three_namespaces(namespaces, winner):
    match = found(*(rule("r", namespace, CART) for namespace in namespaces))
    assert (match.namespace if match else None) == winner


def test_clients_in_the_root_namespace_take_the_services_rule_before_their_own():
    match = found(rule("r", "istio-system", CART), rule("r", "shop", CART), namespace="istio-system")
    assert match.namespace == "shop"


@pytest.mark.parametrize(
    ("export_to", "seen"),
    [
        pytest.param('["*"]', True, id="all"),
        pytest.param("[edge]", True, id="the client's namespace"),
        pytest.param('["."]', False, id="its own namespace"),
        pytest.param("[other]", False, id="another one"),
    ],
)
def test_a_services_rule_acts_where_it_is_exported_to(export_to, seen):
    assert bool(found(rule("r", "shop", f"{CART}, exportTo: {export_to}"))) is seen


def test_the_most_specific_host_wins():
    match = found(rule("wide", "shop", 'host: "*.local"'), rule("narrow", "shop", 'host: "*.shop.svc.cluster.local"'))
    assert match.host == "*.shop.svc.cluster.local"


def test_rules_of_one_host_merge_the_oldest_first():
    match = found(
        rule("a", "shop", f"{CART}, subsets: [{{name: v1, labels: {{a: new}}}}, {{name: v2}}]", "2024-02-01T00:00:00Z"),
        rule("b", "shop", f"{CART}, subsets: [{{name: v1, labels: {{a: old}}}}]", "2024-01-01T00:00:00Z"),
    )
    assert subsets(match) == ["v1", "v2"]
    assert dict(match.subsets[0].labels) == {"a": "old"}


def test_the_first_traffic_policy_wins_as_a_whole():
    match = found(
        rule("a", "shop", f"{CART}, trafficPolicy: {{tls: {{mode: SIMPLE}}}}"),
        rule("b", "shop", f"{CART}, trafficPolicy: {{loadBalancer: {{simple: RANDOM}}}}"),
    )
    assert match.policy == {"tls": {"mode": "SIMPLE"}}


def test_rules_for_other_readers_do_not_merge():
    match = found(
        rule("a", "shop", f'{CART}, exportTo: ["."], subsets: [{{name: v1}}]'),
        rule("b", "shop", f'{CART}, exportTo: ["*"], subsets: [{{name: v2}}]'),
    )
    assert subsets(match) == ["v2"]


def test_a_rule_for_some_workloads_comes_before_one_for_all():
    documents = (
        rule("all", "edge", f"{CART}, subsets: [{{name: v1}}]"),
        rule("some", "edge", f"{CART}, workloadSelector: {{matchLabels: {{app: x}}}}, subsets: [{{name: v2}}]"),
    )
    assert subsets(found(*documents, labels={"app": "x"})) == ["v2"]
    assert subsets(found(*documents, labels={"app": "y"})) == ["v1"]


@pytest.mark.parametrize(
    ("policy", "tls"),
    [
        pytest.param("tls: {mode: SIMPLE}", "simple", id="a mode"),
        pytest.param("tls: {sni: a.com}", "disable", id="a block without a mode switches it off"),
        pytest.param("loadBalancer: {simple: RANDOM}", "", id="no block leaves it to the mesh"),
        pytest.param(
            "tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]",
            "",
            id="settings of a port replace all others",
        ),
    ],
)
def test_clusters_take_tls_from_the_policy(policy, tls):
    compiled = mesh(service("cart"), rule("r", "shop", f"{CART}, trafficPolicy: {{{policy}}}"))
    clusters = compiled.route_table(INGRESS).clusters
    assert clusters["outbound|80||cart.shop.svc.cluster.local"].tls == tls


def test_each_subset_has_a_cluster_that_leads_back_to_it():
    compiled = mesh(service("cart"), rule("r", "shop", f"{CART}, subsets: [{{name: v1, labels: {{version: v1}}}}]"))
    cluster = compiled.route_table(INGRESS).clusters["outbound|80|v1|cart.shop.svc.cluster.local"]
    assert cluster.labels == (("version", "v1"),)
    assert (cluster.subset_origin.resource, cluster.subset_origin.field) == (
        "DestinationRule shop/r",
        "spec.subsets[0]",
    )
