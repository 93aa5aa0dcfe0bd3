"""Policies by identity, and whether clients have one."""

import pytest

from meshwright.frontends import MeshOptions
from tests.checks.findings import findings_in, told

POLICY = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: cart-callers, namespace: shop}
spec:
  rules:
  - from:
    - source: {principals: [cluster.local/ns/front/sa/web]}
"""
RULE = """---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: rule, namespace: %s}
spec: {host: "%s", trafficPolicy: {tls: {mode: %s}}}
"""


@pytest.mark.parametrize(
    ("rules", "automatic", "is_told"),
    [
        pytest.param("", True, False, id="mutual TLS is automatic"),
        pytest.param("", False, True, id="nothing asks for mutual TLS"),
        pytest.param(RULE % ("shop", "*.local", "ISTIO_MUTUAL"), False, False, id="a DestinationRule asks for it"),
        pytest.param(RULE % ("shop", "*.local", "DISABLE"), True, True, id="the service's namespace switches it off"),
        pytest.param(RULE % ("istio-system", "*.local", "DISABLE"), True, True, id="the mesh switches it off"),
        pytest.param(
            RULE % ("front", "*.local", "DISABLE"), True, False, id="one namespace of clients switches it off"
        ),
        pytest.param(
            RULE % ("istio-system", "*.local", "DISABLE") + RULE % ("shop", "*.shop.svc.cluster.local", "ISTIO_MUTUAL"),
            True,
            False,
            id="the service's namespace wins over the mesh",
        ),
    ],
)
def test_clients_that_send_plain_text_have_no_identity(rules, automatic, is_told):
    options = MeshOptions(mesh_config={"enableAutoMtls": automatic})
    found = [each for each in told(findings_in(POLICY + rules, options=options)) if each.code == "MW503"]
    assert [each.severity for each in found] == (["warning"] if is_told else [])


def test_a_server_that_loses_by_age_is_told_on_both_sides_while_no_age_is_known():
    gateway = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: %s, namespace: shop%s}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 443, name: https, protocol: HTTPS}
    hosts: [shop.example.com]
    tls: {mode: PASSTHROUGH}
"""
    young = gateway % ("a", "") + "---" + gateway % ("b", "")
    aged = gateway % ("a", ", creationTimestamp: 2024-01-02T00:00:00Z") + "---" + gateway % ("b", "")
    assert [(each.severity, each.origin.resource) for each in told(findings_in(young)) if each.code == "MW401"] == [
        ("note", "Gateway shop/a"),
        ("error", "Gateway shop/b"),
    ]
    assert [each.severity for each in told(findings_in(aged)) if each.code == "MW401"] == ["error"]
