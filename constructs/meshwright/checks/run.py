"""Runs checks over a mesh and sorts what they found."""

from collections.abc import Iterable, Iterator, Sequence

from meshwright.analysis.finding import SEVERITIES, Finding, Severity, at_least
from meshwright.checks.check import Check
from meshwright.checks.configuration import Configuration
from meshwright.checks.inventory import Inventory
from meshwright.checks.suppression import suppress, written_suppressions
from meshwright.frontends import Mesh
from meshwright.manifests.garbage import collecting_no_garbage
from meshwright.manifests.resource import Resource
from meshwright.manifests.text import TextPlace
from meshwright.progress import steps


def check_mesh(shown: Inventory, checks: Iterable[Check]) -> list[Finding]:
    """Return what the checks find, each thing once, by file, line and code."""
    return in_order(_found(shown, checks))


def _found(shown: Inventory, checks: Iterable[Check]) -> list[Finding]:
    return list(
        {
            _identity(finding): finding for check in steps(checks, "checking") for finding in _findings(check, shown)
        }.values()
    )


def examine(
    mesh: Mesh, resources: Sequence[Resource], configuration: Configuration, checks: Sequence[Check]
) -> tuple[list[Finding], int]:
    """Check a mesh, and leave out what is suppressed in its manifests or by configuration.

    Args:
        mesh: The mesh.
        resources: What it was compiled from.
        configuration: How to check.
        checks: Those to run.

    Returns:
        The findings by file, line and code, those about suppressions among them; and how many were left out.
    """
    with collecting_no_garbage():
        findings = _found(Inventory(mesh, configuration.complete, configuration.kubernetes), checks)
        suppressions = [*written_suppressions(resources), *configuration.ignored]
        left, hidden = suppress(findings, suppressions, [check.code for check in checks])
        return in_order(left), hidden


def is_failure(finding: Finding, fail_on: str) -> bool:
    """Tell whether a finding is as bad as ``fail_on``, a severity or ``never``, or worse."""
    threshold: Severity | None = next((severity for severity in SEVERITIES if severity == fail_on), None)
    return threshold is not None and at_least(finding.severity, threshold)


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Sort findings by file, line and code.

    Lines are looked up only among findings of one object, and not for what manifests do not show.
    """
    by_object: dict[tuple[str, int], list[Finding]] = {}
    for finding in findings:
        by_object.setdefault(_object(finding), []).append(finding)
    ordered: list[Finding] = []
    for key in sorted(by_object):
        same = by_object[key]
        ordered += same if len(same) == 1 else sorted(same, key=_position)
    return ordered


def _object(finding: Finding) -> tuple[str, int]:
    """Return the file of an object and where it starts there."""
    place = finding.origin.place
    start = place.start if isinstance(place, TextPlace) else finding.line
    return finding.file, start if finding.severity != "unknown" else -1


def _position(finding: Finding) -> tuple[int, str, str, str]:
    line = 0 if finding.severity == "unknown" else finding.line
    return line, finding.code, finding.origin.resource, finding.wrong


def _findings(check: Check, shown: Inventory) -> Iterator[Finding]:
    for problem in check.find(shown):
        severity = problem.severity or check.severity
        yield Finding(check.code, severity, problem.wrong, problem.remedy, problem.origin, problem.related)


def _identity(finding: Finding) -> Sequence[str]:
    return finding.code, finding.origin.resource, finding.origin.field, finding.wrong
