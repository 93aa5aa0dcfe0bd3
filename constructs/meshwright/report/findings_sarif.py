"""Findings as SARIF 2.1.0, which code hosts show on the line of a change. Source: OASIS, "SARIF Version 2.1.0"."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

import meshwright
from meshwright.analysis.finding import Finding
from meshwright.traffic import Origin

_LEVELS = {"error": "error", "warning": "warning", "note": "note", "unknown": "none"}
_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def findings_sarif(findings: Sequence[Finding], titles: Mapping[str, str]) -> str:
    """Return one run; what the manifests do not show is of the kind ``open``.

    Args:
        findings: In the order to be told.
        titles: A sentence for each code.
    """
    codes = sorted({finding.code for finding in findings})
    rules = [{"id": code, "shortDescription": {"text": titles.get(code, code)}} for code in codes]
    driver = {"name": "meshwright", "version": meshwright.__version__, "rules": rules}
    run = {
        "tool": {"driver": driver},
        "results": [_result(finding, codes.index(finding.code)) for finding in findings],
        "columnKind": "unicodeCodePoints",
    }
    return json.dumps({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}, indent=2) + "\n"


def _result(finding: Finding, position: int) -> dict[str, Any]:
    result: dict[str, Any] = {
        "ruleId": finding.code,
        "ruleIndex": position,
        "kind": "open" if finding.severity == "unknown" else "fail",
        "level": _LEVELS[finding.severity],
        "message": {"text": f"{finding.wrong}. {finding.remedy}"},
        "locations": [_location(finding.origin)],
        "partialFingerprints": {"meshwright/v1": _fingerprint(finding)},
    }
    related = [*_made_by(finding.origin), *({**_location(each), "message": _text(each)} for each in finding.related)]
    if related:
        result["relatedLocations"] = [{"id": number, **each} for number, each in enumerate(related)]
    return result


def _text(origin: Origin) -> dict[str, str]:
    return {"text": origin.resource}


def _made_by(origin: Origin) -> Iterator[dict[str, Any]]:
    """Yield the line of Python behind a place."""
    made = origin.made_by
    if made is not None:
        names = [{"fullyQualifiedName": made.path}]
        yield {
            "logicalLocations": names,
            "physicalLocation": _physical(made.file, made.line),
            "message": {"text": f"made by {made.path}"},
        }


def _physical(file: str, line: int) -> dict[str, Any]:
    uri = quote(PurePath(file).as_posix(), safe="/-_.~")
    return {"artifactLocation": {"uri": uri}, "region": {"startLine": max(line, 1)}}


def _location(origin: Origin) -> dict[str, Any]:
    path = f"{origin.resource} {origin.field}".rstrip()
    found: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": path}]}
    place = origin.place
    if place is not None and place.file:
        found["physicalLocation"] = _physical(place.file, place.line_of(origin.field))
    return found


def _fingerprint(finding: Finding) -> str:
    """Return what stays the same when lines move."""
    told = "\0".join((finding.code, finding.origin.resource, finding.origin.field, finding.wrong))
    return hashlib.sha256(told.encode()).hexdigest()[:32]
