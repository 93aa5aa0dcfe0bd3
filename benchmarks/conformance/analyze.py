"""analyze: the objects that `istioctl analyze` has messages about, beside those that our checks name.

Both are asked about one question in each case, with the input taken for the whole cluster. Compared are the objects:
the same ones are named, and where nothing is expected nothing is said. Where they differ, istiod may have settled it.
"""

from collections.abc import Iterator
from typing import Any

from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.settled import verdict
from benchmarks.conformance.verdict import Verdict, each
from meshwright.analysis.finding import Finding
from meshwright.checks import Inventory, check_mesh
from meshwright.checks.rules import CHECKS
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_text

QUESTIONS = {
    "auth.AuthorizationPoliciesAnalyzer": ("MW131", "MW135", "MW502"),
    "authn.BlockedCIDRsAnalyzer": ("MW504",),
    "deployment.MultiServiceAnalyzer": ("MW603",),
    "deprecation.DeprecationAnalyzer": ("MW830",),
    "destinationrule.CaCertificateAnalyzer": ("MW404",),
    "destinationrule.SubsetSelectPodAnalyzer": ("MW134",),
    "gateway.ConflictingGatewayAnalyzer": ("MW401",),
    "gateway.IngressGatewayPortAnalyzer": ("MW107", "MW123"),
    "gateway.SecretAnalyzer": ("MW107", "MW405", "MW407"),
    "k8sgateway.SelectorAnalyzer": (),
    "service.PortNameAnalyzer": ("MW601", "MW606"),
    "serviceentry.Analyzer": ("MW602",),
    "serviceentry.ConflictingServiceEntryProtocolAnalyzer": ("MW604",),
    "sidecar.SelectorAnalyzer": ("MW131", "MW701", "MW705"),
    "virtualservice.ConflictingMeshGatewayHostsAnalyzer": ("MW122",),
    "virtualservice.DestinationHostAnalyzer": ("MW102", "MW103", "MW105", "MW114", "MW203"),
    "virtualservice.DestinationRuleAnalyzer": ("MW104",),
    "virtualservice.GatewayAnalyzer": ("MW101", "MW121"),
    "virtualservice.JWTClaimRouteAnalyzer": ("MW501",),
}
"""Our codes for the messages of each analyzer; none where istiod does what the analyzer says it does not."""


def judge() -> Iterator[Verdict]:
    """Compare each case of the scope ``core``."""
    return each([case for case in load("analyze/cases.json")["cases"] if case["scope"] == "core"], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    codes = QUESTIONS[case["analyzer"]]
    expected = sorted({message["resource"] for message in case["expected"]})
    found = sorted({_name(finding, expected) for finding in findings_of(case) if finding.code in codes})
    return verdict("analyze", case["id"], expected, found)


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
