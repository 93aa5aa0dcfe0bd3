import pytest

from tests.frontends.istio.gateway_case import GATEWAY, ingress, mesh, virtual_service


def features(*documents: str, **options: object) -> list[str]:
    return [unknown.feature for unknown in ingress(GATEWAY, *documents, **options).unknowns]


def filter_for(context: str, namespace: str, labels: str) -> str:
    return f"""
apiVersion: networking.istio.io/v1alpha3
kind: EnvoyFilter
metadata: {{name: f, namespace: {namespace}}}
spec:
  workloadSelector: {{labels: {labels}}}
  configPatches: [{{applyTo: HTTP_FILTER, match: {{context: {context}}}}}]
"""


@pytest.mark.parametrize(
    ("context", "namespace", "labels", "known"),
    [
        pytest.param("GATEWAY", "istio-system", "{istio: ingressgateway}", False, id="for this gateway"),
        pytest.param("ANY", "istio-system", "{}", False, id="for all proxies"),
        pytest.param("SIDECAR_INBOUND", "istio-system", "{}", True, id="for sidecars only"),
        pytest.param("GATEWAY", "istio-system", "{app: x}", True, id="for other workloads"),
        pytest.param("GATEWAY", "shop", "{}", True, id="of another namespace"),
    ],
)
def test_names_the_filters_that_reach_the_proxy(context, namespace, labels, known):
    assert features(filter_for(context, namespace, labels)) == ([] if known else ["EnvoyFilter"])


@pytest.mark.parametrize(
    ("kind", "group", "feature"),
    [
        ("WasmPlugin", "extensions.istio.io/v1alpha1", "WasmPlugin"),
        ("AuthorizationPolicy", "security.istio.io/v1", "authorization"),
        ("RequestAuthentication", "security.istio.io/v1", "authentication"),
    ],
)
def test_names_policies_that_select_the_proxy(kind, group, feature):
    policy = f"""
apiVersion: {group}
kind: {kind}
metadata: {{name: p, namespace: istio-system}}
spec: {{selector: {{matchLabels: {{istio: %s}}}}, rules: [], jwtRules: [{{issuer: a}}]}}
"""
    assert features(policy % "ingressgateway") == [feature]
    assert features(policy % "other") == []


def test_names_settings_that_are_not_modelled():
    assert features(mesh_config={"discoverySelectors": [{"matchLabels": {"a": "b"}}]}) == [
        "mesh config discoverySelectors"
    ]


def test_reads_settings_from_the_config_map_too():
    settings = """
apiVersion: v1
kind: ConfigMap
metadata: {name: istio, namespace: istio-system}
data: {mesh: "discoverySelectors: [{matchLabels: {a: b}}]"}
"""
    assert features(settings) == ["mesh config discoverySelectors"]


SELECTORS = "discoverySelectors"
SELECTED = "mesh config discoverySelectors"
SEVERAL = "mesh config of several revisions"


def revision(name: str, setting: str) -> str:
    return f"""
apiVersion: v1
kind: ConfigMap
metadata: {{name: {name}, namespace: istio-system}}
data: {{mesh: "{setting}: [{{matchLabels: {{a: b}}}}]"}}
"""


@pytest.mark.parametrize(
    ("maps", "found"),
    [
        pytest.param({"istio-blue": SELECTORS}, [SELECTED], id="of the only revision"),
        pytest.param({"istio": "other", "istio-blue": SELECTORS}, [], id="of the default one among several"),
        pytest.param({"istio-red": SELECTORS, "istio-blue": SELECTORS}, [SELECTED], id="of several that agree"),
        pytest.param({"istio-red": SELECTORS, "istio-blue": "other"}, [SEVERAL], id="of none of several that do not"),
    ],
)
def test_reads_settings(maps, found):
    assert features(*(revision(name, setting) for name, setting in maps.items())) == found


def test_a_route_that_leads_nowhere_makes_envoy_refuse_its_configuration():
    table = ingress(GATEWAY, virtual_service("v", "[{redirect: {uri: /a, redirectCode: 200}}]"))
    (unknown,) = table.unknowns
    assert (unknown.feature, unknown.listeners) == ("configuration refused by Envoy", ("0.0.0.0_80",))


INGRESS_OBJECT = """
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: shop, namespace: shop%s}
spec: {%sdefaultBackend: {service: {name: cart, port: {number: 80}}}}
"""
CLASS = """
apiVersion: networking.k8s.io/v1
kind: IngressClass
metadata: {name: mesh}
spec: {controller: istio.io/ingress-controller}
"""


@pytest.mark.parametrize(
    ("annotation", "named", "mode", "served"),
    [
        pytest.param("istio", "", "STRICT", True, id="by annotation"),
        pytest.param("nginx", "", "DEFAULT", False, id="of another controller"),
        pytest.param("", "mesh", "STRICT", True, id="by class"),
        pytest.param("", "nginx", "DEFAULT", False, id="of another class"),
        pytest.param("", "", "STRICT", False, id="of no class"),
        pytest.param("", "", "DEFAULT", True, id="of no class, where istiod takes those"),
    ],
)
def test_names_the_ingresses_that_istiod_serves(annotation, named, mode, served):
    notes = f", annotations: {{kubernetes.io/ingress.class: {annotation}}}" if annotation else ""
    written = INGRESS_OBJECT % (notes, f"ingressClassName: {named}, " if named else "")
    settings = {"ingressControllerMode": mode}
    assert features(written, CLASS, mesh_config=settings) == (["Ingress"] if served else [])
    assert list(map(str, mesh(written, CLASS, mesh_config=settings).gateways())) == (
        ["router/istio-system/istio=ingressgateway"] if served else []
    )


POLICY = """
apiVersion: security.istio.io/v1
kind: {kind}
metadata: {{name: p, namespace: istio-system}}
spec: {{{spec}}}
"""


@pytest.mark.parametrize(
    ("spec", "refuses"),
    [
        pytest.param("", True, id="allowing nothing"),
        pytest.param("rules: [{to: [{operation: {methods: [GET]}}]}]", True, id="allowing something"),
        pytest.param("rules: [{}]", False, id="allowing everything"),
        pytest.param("action: DENY, rules: [{}]", True, id="denying everything"),
        pytest.param("action: DENY", False, id="denying nothing"),
        pytest.param("action: AUDIT, rules: [{}]", False, id="auditing"),
    ],
)
def test_names_policies_that_may_refuse_a_request(spec, refuses):
    found = features(POLICY.format(kind="AuthorizationPolicy", spec=spec))
    assert found == (["authorization"] if refuses else [])


@pytest.mark.parametrize(
    ("rule", "headers", "query"),
    [
        pytest.param("{issuer: a}", ("authorization",), ("access_token",), id="in the usual places"),
        pytest.param("{fromHeaders: [{name: X-Token}]}", ("x-token",), (), id="in a header"),
        pytest.param("{fromParams: [t], fromCookies: [c]}", ("cookie",), ("t",), id="in a parameter or a cookie"),
    ],
)
def test_requests_without_a_token_pass_authentication(rule, headers, query):
    table = ingress(GATEWAY, POLICY.format(kind="RequestAuthentication", spec=f"jwtRules: [{rule}]"))
    (unknown,) = table.unknowns
    assert (unknown.headers, unknown.query) == (headers, query)
