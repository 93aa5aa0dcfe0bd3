"""Findings for a terminal: place, what is wrong, what to do, and the line of the source under it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from meshwright.analysis.finding import SEVERITIES, Finding
from meshwright.report.explain_text import origin_text
from meshwright.report.printable import visible_line
from meshwright.traffic import Origin


def findings_text(findings: Sequence[Finding], hidden: int = 0, *, counted: bool = True) -> str:
    """Return all findings but the unknown ones, and if ``counted`` a line that counts everything.

    Args:
        findings: In the order to be told.
        hidden: How many were suppressed or are in the baseline.
    """
    told = [line for finding in findings if finding.severity != "unknown" for line in _lines(finding)]
    lines = [*map(visible_line, told), *(_summary(findings, hidden) if counted else ())]
    return "".join(f"{line}\n" for line in lines)


def place_text(finding: Finding) -> str:
    """Return ``dist/shop.k8s.yaml:41``, or the object where there is no file."""
    return f"{finding.file}:{finding.line}" if finding.file else finding.origin.resource


def message_text(finding: Finding) -> str:
    """Return the field, what is wrong, and what to do, in one line."""
    field = f"{finding.origin.field}: " if finding.origin.field else ""
    return f"{field}{finding.wrong}. {finding.remedy} [{finding.code}]"


def made_by_text(origin: Origin) -> str:
    """Return ``made by demo/web/routes (apps/shop.py:12)``, empty where that is not known."""
    made = origin.made_by
    return f"made by {made.path} ({made.where})" if made is not None else ""


def _lines(finding: Finding) -> Iterator[str]:
    owner = f" {finding.origin.resource}" if finding.file else ""
    yield f"{place_text(finding)}: {finding.severity}:{owner} {message_text(finding)}"
    source = finding.source
    if source.strip():
        number = str(finding.line)
        yield f"  {number} | {source.rstrip()}"
        start = len(source) - len(source.lstrip())
        width = max(len(source.rstrip()) - start, 1)
        yield f"  {' ' * len(number)} | {' ' * start}{'^' * width}"
    made = made_by_text(finding.origin)
    if made:
        yield f"  {made}"
    for origin in finding.related:
        yield f"  see {origin_text(origin)}"
    yield ""


def _summary(findings: Sequence[Finding], hidden: int) -> Iterator[str]:
    counts = Counter(finding.severity for finding in findings)
    told = [_count(counts[severity], severity) for severity in SEVERITIES if severity != "unknown" and counts[severity]]
    if hidden:
        told.append(f"{hidden} suppressed")
    yield ", ".join(told) if told else "nothing found"
    if counts["unknown"]:
        references = _count(counts["unknown"], "reference")
        yield f"{references} out of these manifests could not be checked (--complete: there is nothing else)"


def _count(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
