"""Findings as JSON, the unknown ones included."""

import json
from collections.abc import Sequence
from typing import Any

from meshwright.analysis.finding import Finding
from meshwright.traffic import Origin


def findings_json(findings: Sequence[Finding], hidden: int = 0) -> str:
    """Return ``{findings: [{code, severity, wrong, remedy, resource, field, file, line, related}], suppressed}``.

    What was synthesised on this machine has ``made_by: {construct, file, line}`` of the program, too.
    """
    return json.dumps({"findings": [_finding(each) for each in findings], "suppressed": hidden}, indent=2) + "\n"


def _finding(finding: Finding) -> dict[str, Any]:
    told = {"code": finding.code, "severity": finding.severity, "wrong": finding.wrong, "remedy": finding.remedy}
    return {**told, **_place(finding.origin), "related": [_place(origin) for origin in finding.related]}


def _place(origin: Origin) -> dict[str, Any]:
    place = origin.place
    there: dict[str, Any] = {"resource": origin.resource, "field": origin.field}
    if place is not None and place.file:
        there |= {"file": place.file, "line": place.line_of(origin.field)}
    made = origin.made_by
    if made is not None:
        there["made_by"] = {"construct": made.path, "file": made.file, "line": made.line}
    return there
