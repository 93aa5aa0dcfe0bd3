"""Findings in a piece of YAML."""

from meshwright.analysis.finding import Finding
from meshwright.checks import Inventory, check_mesh
from meshwright.checks.rules import CHECKS
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_text


def findings_in(
    text: str, complete: bool = False, options: MeshOptions | None = None, kubernetes: str = ""
) -> list[Finding]:
    """Return what all checks find."""
    return check_mesh(Inventory(compile_mesh(read_text(text), options), complete, kubernetes), CHECKS)


def told(findings: list[Finding]) -> list[Finding]:
    """Return those that are shown to people; without notes on pods that are not hardened, which most examples have."""
    shown = [finding for finding in findings if finding.severity != "unknown"]
    return [finding for finding in shown if (finding.code, finding.severity) != ("MW911", "note")]
