"""analyze: the objects that `istioctl analyze` has messages about, beside those that our checks name.

Both are asked about one question in each case, with the input taken for the whole cluster. Compared are the objects:
the same ones are named, and where nothing is expected nothing is said. A difference that is known has its reason, and
counts as ``unknown``: istiod does not bear the analyzer out, or there is no such check.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.analysis.finding import Finding
from meshwright.checks import Inventory, check_mesh
from meshwright.checks.rules import CHECKS
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_text

QUESTIONS = {
    "auth.AuthorizationPoliciesAnalyzer": ("MW131", "MW502"),
    "destinationrule.CaCertificateAnalyzer": ("MW404",),
    "destinationrule.SubsetSelectPodAnalyzer": ("MW134",),
    "gateway.ConflictingGatewayAnalyzer": ("MW401",),
    "gateway.IngressGatewayPortAnalyzer": ("MW123",),
    "gateway.SecretAnalyzer": ("MW405",),
    "service.PortNameAnalyzer": ("MW601",),
    "serviceentry.Analyzer": ("MW602",),
    "sidecar.SelectorAnalyzer": ("MW131", "MW701"),
    "virtualservice.ConflictingMeshGatewayHostsAnalyzer": ("MW122",),
    "virtualservice.DestinationHostAnalyzer": ("MW102",),
    "virtualservice.DestinationRuleAnalyzer": ("MW104",),
    "virtualservice.GatewayAnalyzer": ("MW101", "MW121"),
    "virtualservice.JWTClaimRouteAnalyzer": ("MW501",),
}
"""Our codes for the messages of each analyzer; one without codes asks what we do not."""

_LOSER_ONLY = "only the server that istiod skips is named, the one that wins works"
_SYSTEM_CA = "istiod verifies servers against the system's certificates where none are named"

REASONS = {
    "conflicting-gateways-detect": _LOSER_ONLY,
    "conflicting-gateways-with-multiple-port-declarations": _LOSER_ONLY,
    "conflicting-gateways-detect-by-sub-selector": _LOSER_ONLY,
    "analyze-conflicting-gateway-with-list-type": _LOSER_ONLY,
    "destinationrule-with-no-cacert-mutual-at-destinationlevel": _SYSTEM_CA,
    "destinationrule-with-no-cacert-mutual-at-portlevel": _SYSTEM_CA,
    "virtual-service-kubernetes-gateways": "no VirtualService binds to a Gateway of the Gateway API by its name",
    "kubernetes-gateway-selector": "istiod obeys selectors at gateways of the Gateway API",
    "deprecation": "no check for deprecated fields yet",
    "external-name-service-type-invalid-port-name": "no check for ports of ExternalName Services yet",
    "route-rule-no-effect-on-ingress": "no check for rules of the mesh that the ingress gateway does not obey yet",
    "gateway-secret-validations": "certificates are not decoded, so one that has expired is not seen",
    "authorizationpolicies": "a policy for a whole namespace that has no workloads yet is not called wrong",
}
"""Why the answers differ."""


def judge() -> Iterator[Verdict]:
    """Compare each case of the scope ``core``."""
    return each([case for case in load("analyze/cases.json")["cases"] if case["scope"] == "core"], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    codes = QUESTIONS.get(case["analyzer"])
    if codes is None:
        return Verdict(case["id"], "unknown", because=REASONS.get(case["id"], "no check asks this question"))
    expected = sorted({message["resource"] for message in case["expected"]})
    found = sorted({_name(finding, expected) for finding in findings_of(case) if finding.code in codes})
    reason = REASONS.get(case["id"])
    return compare(case["id"], expected, found, (reason,) if reason else ())


def findings_of(case: dict[str, Any]) -> list[Finding]:
    """Return what all our checks find in a case that is taken for the whole cluster."""
    written = [text(f"analyze/inputs/{file}") for file in case["files"]]
    resources = read_text("\n---\n".join([text("analyze/default-resources.yaml"), *written]))
    settings = _settings(case.get("mesh_config"))
    return check_mesh(Inventory(compile_mesh(resources, MeshOptions(mesh_config=settings)), complete=True), CHECKS)


def _settings(file: str | None) -> dict[str, Any]:
    """Return the mesh configuration of a case."""
    if file is None:
        return {}
    indented = "".join(f"  {line}\n" for line in text(f"analyze/inputs/{file}").splitlines())
    (resource,) = read_text("apiVersion: v1\nkind: ConfigMap\nmetadata: {name: mesh}\nmesh:\n" + indented)
    found = resource.body["mesh"]
    return found if isinstance(found, dict) else {}


def _name(finding: Finding, expected: list[str]) -> str:
    """Return the object as the cases write it: without a namespace where the file gives none."""
    kind, _, name = finding.origin.resource.partition(" ")
    short = f"{kind} {name.partition('/')[2]}"
    return short if short in expected else finding.origin.resource
