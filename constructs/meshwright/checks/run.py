"""Runs checks over a mesh and sorts what they found."""

from collections.abc import Iterable, Iterator, Sequence

from meshwright.analysis.finding import Finding
from meshwright.checks.check import Check
from meshwright.checks.inventory import Inventory
from meshwright.progress import steps


def check_mesh(shown: Inventory, checks: Iterable[Check]) -> list[Finding]:
    """Return what the checks find, each thing once, by file, line and code."""
    found = {_identity(finding): finding for check in steps(checks, "checking") for finding in _findings(check, shown)}
    return in_order(found.values())


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by file, line and code; lines are not looked up for what manifests do not show."""
    return sorted(findings, key=_position)


def _position(finding: Finding) -> tuple[str, int, str, str, str]:
    line = 0 if finding.severity == "unknown" else finding.line
    return finding.file, line, finding.code, finding.origin.resource, finding.wrong


def _findings(check: Check, shown: Inventory) -> Iterator[Finding]:
    for problem in check.find(shown):
        severity = problem.severity or check.severity
        yield Finding(check.code, severity, problem.wrong, problem.remedy, problem.origin, problem.related)


def _identity(finding: Finding) -> Sequence[str]:
    return finding.code, finding.origin.resource, finding.origin.field, finding.wrong
