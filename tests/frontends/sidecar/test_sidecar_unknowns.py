import pytest

from tests.frontends.sidecar.manifests import service, sidecar_table

INBOUND = ("virtualInbound",)


def filters(contexts):
    patches = "".join(f"\n  - {{applyTo: HTTP_ROUTE, match: {{context: {context}}}}}" for context in contexts)
    return (
        "\napiVersion: networking.istio.io/v1alpha3\nkind: EnvoyFilter\nmetadata: {name: f, namespace: shop}\n"
        f"spec:\n  configPatches:{patches}\n"
    )


def policy(kind):
    return (
        f"\napiVersion: security.istio.io/v1\nkind: {kind}\nmetadata: {{name: p, namespace: shop}}\n"
        "spec: {jwtRules: [{issuer: a}]}\n"
    )


def namespace(labels):
    return f"\napiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{{labels}}}}}\n"


def unknowns(manifests):
    table = sidecar_table(service("cart", "http:80") + manifests)
    return {unknown.feature: unknown.listeners for unknown in table.unknowns}


@pytest.mark.parametrize(
    ("manifests", "found"),
    [
        pytest.param(policy("AuthorizationPolicy"), {"authorization": INBOUND}, id="who may call is asked inbound"),
        pytest.param(policy("RequestAuthentication"), {"authentication": INBOUND}, id="tokens are read inbound"),
        pytest.param(filters(["SIDECAR_INBOUND"]), {"EnvoyFilter": INBOUND}, id="a filter for one side stays there"),
        pytest.param(filters(["SIDECAR_INBOUND", "SIDECAR_OUTBOUND"]), {"EnvoyFilter": ()}, id="both sides are all"),
        pytest.param(filters(["GATEWAY"]), {}, id="a filter for gateways is none for sidecars"),
        pytest.param(namespace("istio.io/dataplane-mode: ambient"), {"ambient mode": ()}, id="ambient has no sidecar"),
        pytest.param(
            namespace("istio.io/dataplane-mode: ambient, istio-injection: enabled"), {}, id="an injected sidecar stays"
        ),
    ],
)
def test_what_is_not_modelled_is_confined_to_what_it_touches(manifests, found):
    assert unknowns(manifests) == found
