"""Findings as Markdown, for a comment on a pull request."""

from collections.abc import Sequence

from meshwright.analysis.finding import Finding
from meshwright.report.findings_text import made_by_text, place_text
from meshwright.report.printable import markdown_text


def findings_markdown(findings: Sequence[Finding], hidden: int = 0) -> str:
    """Return a table of all findings but the unknown ones, which are counted below it."""
    told = [finding for finding in findings if finding.severity != "unknown"]
    lines = ["| place | severity | code | what | remedy |", "| --- | --- | --- | --- | --- |"] if told else []
    for finding in told:
        place = ", ".join(filter(None, (place_text(finding), made_by_text(finding.origin))))
        cells = (place, finding.severity, finding.code, finding.wrong, finding.remedy)
        lines.append(f"| {' | '.join(markdown_text(cell) for cell in cells)} |")
    counted = [f"{len(told)} found" if told else "Nothing found"]
    unknown = len(findings) - len(told)
    if hidden:
        counted.append(f"{hidden} suppressed")
    if unknown:
        counted.append(f"{unknown} could not be checked")
    return "\n".join([*lines, "", ", ".join(counted) + "."]).lstrip("\n") + "\n"
