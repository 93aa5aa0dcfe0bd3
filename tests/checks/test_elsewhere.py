"""What manifests do not show may still be there: nothing is told of it."""

import pytest

from tests.checks.findings import findings_in, told
from tests.checks.pages import examples


def codes(text, complete=False):
    return [each.code for each in told(findings_in(text, complete))]


SELECTING = {
    "MW131": "a policy",
    "MW132": "a Service",
}


@pytest.mark.parametrize("code", SELECTING, ids=SELECTING.get)
@pytest.mark.parametrize(
    ("api_version", "kind", "is_told"),
    [
        pytest.param("kafka.strimzi.io/v1", "Kafka", False, id="an operator may make the pods"),
        pytest.param("argoproj.io/v1alpha1", "Application", True, id="a kind that makes none"),
        pytest.param("networking.k8s.io/v1", "NetworkPolicy", True, id="a kind of Kubernetes"),
    ],
)
def test_pods_that_an_operator_makes(code, api_version, kind, is_told):
    text = examples(code)["Wrong"]
    other = f"---\napiVersion: {api_version}\nkind: {kind}\nmetadata: {{name: other, namespace: shop}}\n"
    assert (code in codes(text + other)) is is_told


def test_a_secret_that_a_tool_copies_is_where_it_is_needed():
    text = examples("MW405")["Wrong"]
    copied = text.replace(
        "{name: shop, namespace: shop}",
        "{name: shop, namespace: shop, annotations: {reflector.v1.k8s.emberstack.com/reflection-allowed: 'true'}}",
    )
    assert codes(text) == ["MW405"]
    assert copied != text
    assert codes(copied) == []


def test_pods_of_another_gateway_say_nothing_about_this_one():
    text = examples("MW107")["Wrong"].replace("istio: ingressgateway", "istio: egressgateway")
    assert codes(text) == []
    assert codes(text, complete=True) == ["MW107"]


@pytest.mark.parametrize(
    ("old", "new", "is_told"),
    [
        pytest.param(
            "istio-injection: enabled", "istio-injection: enabled", True, id="the namespace asks for sidecars"
        ),
        pytest.param("istio-injection: enabled", "istio.io/rev: stable", True, id="the namespace asks for a revision"),
        pytest.param("istio-injection: enabled", "istio-injection: disabled", False, id="the namespace refuses them"),
        pytest.param("istio-injection: enabled", "team: cart", False, id="the namespace does not say"),
        pytest.param(
            "labels: {app: cart}", "labels: {app: cart, sidecar.istio.io/inject: 'false'}", False, id="the pod refuses"
        ),
        pytest.param(
            "labels: {app: cart}",
            "labels: {app: cart}, annotations: {sidecar.istio.io/inject: 'false'}",
            False,
            id="the pod refuses as it was done before",
        ),
    ],
)
def test_strict_binds_only_pods_with_sidecars(old, new, is_told):
    text = examples("MW403")["Wrong"]
    assert old in text
    assert ("MW403" in codes(text.replace(old, new))) is is_told


def test_settings_of_ports_may_keep_mutual_tls():
    text = examples("MW403")["Wrong"]
    ports = "{mode: DISABLE}\n    portLevelSettings: [{port: {number: 80}, tls: {mode: ISTIO_MUTUAL}}]"
    assert "{mode: DISABLE}" in text
    assert codes(text.replace("{mode: DISABLE}", ports)) == []
