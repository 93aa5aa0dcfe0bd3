"""A difference of traffic as JSON; docs/diff.md describes each field."""

import json
from typing import Any

from meshwright.analysis.traffic_diff.change import (
    KINDS,
    Answer,
    Aspect,
    Change,
    DiffReport,
    Entrance,
    ObjectChange,
    Region,
    Witness,
)
from meshwright.analysis.traffic_diff.regions import match_words
from meshwright.report.explain_json import decision_json, origin_json
from meshwright.report.witness import request_json
from meshwright.traffic import Origin, RouteMatch, StringMatch, Unknown

VERSION = 1


def diff_json(report: DiffReport) -> str:
    """Return the report as text."""
    return json.dumps(report_json(report), indent=2, ensure_ascii=False) + "\n"


def report_json(report: DiffReport) -> dict[str, Any]:
    """Return the report as JSON-shaped values."""
    traffic = report.traffic
    return {
        "version": VERSION,
        "before": report.before,
        "after": report.after,
        "summary": {
            **{kind: len(traffic.of_kind(kind)) for kind in KINDS},
            "files": report.files,
            "lines": report.lines,
            "gateways": traffic.gateways,
            "sidecars": traffic.sidecars,
            "hosts": traffic.hosts,
        },
        "changes": [_change(each) for each in traffic.changes],
        "unknown_alike": [_unknown(each) for each in traffic.unknown_alike],
        "rollout": list(report.rollout),
        "objects": [_object(each) for each in report.objects],
    }


def _change(change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "certain": change.certain,
        "because": change.because,
        "aspects": [_aspect(each) for each in change.aspects],
        "regions": [_region(each) for each in change.regions],
    }


def _aspect(aspect: Aspect) -> dict[str, str]:
    return {"name": aspect.name, "before": aspect.before, "after": aspect.after}


def _region(region: Region) -> dict[str, Any]:
    return {
        "words": region.words,
        "entrances": [_entrance(each) for each in region.entrances],
        "matches": [_match(each) for each in region.matches],
        "exceptions": [_match(each) for each in region.exceptions],
        "before": _answer(region.before),
        "after": _answer(region.after),
        "witness": None if region.witness is None else _witness(region.witness),
        "because": region.because,
    }


def _entrance(entrance: Entrance) -> dict[str, Any]:
    return {
        "way": entrance.way,
        "proxies": [str(each) for each in entrance.proxies or (entrance.proxy,)],
        "everyone": entrance.everyone,
        "scheme": entrance.scheme,
        "hosts": list(entrance.hosts),
        "service": entrance.service or None,
        "port": entrance.port or None,
        "address": entrance.address or None,
    }


def _match(match: RouteMatch) -> dict[str, Any]:
    path = match.path
    return {
        "words": match_words(match),
        "path": {"kind": path.kind, "value": path.value, "ignore_case": path.ignore_case},
        "headers": [
            {
                "name": each.name,
                "value": _string(each.value),
                "present": each.present,
                "invert": each.invert,
                "missing_is_empty": each.missing_is_empty,
            }
            for each in match.headers
        ],
        "query": [{"name": each.name, "value": _string(each.value)} for each in match.query],
        "claims": [
            {"path": list(each.path), "value": _string(each.value), "invert": each.invert} for each in match.claims
        ],
    }


def _string(match: StringMatch | None) -> dict[str, Any] | None:
    if match is None:
        return None
    return {"kind": match.kind, "value": match.value, "ignore_case": match.ignore_case}


def _answer(answer: Answer) -> dict[str, Any]:
    return {
        "words": answer.words,
        "answered": answer.answered,
        "destinations": [
            {
                "host": each.host,
                "port": each.port or None,
                "subset": each.subset or None,
                "share": each.share,
                "state": each.state or None,
                "cluster": each.cluster,
            }
            for each in answer.destinations
        ],
        "origins": [_origin(each) for each in answer.origins],
    }


def _origin(origin: Origin) -> dict[str, Any]:
    made = origin.made_by
    told = None if made is None else {"construct": made.path, "file": made.file, "line": made.line}
    return {**origin_json(origin), "made_by": told}


def _witness(witness: Witness) -> dict[str, Any]:
    return {
        "proxy": str(witness.proxy),
        **request_json(witness.request),
        "before": decision_json(witness.before),
        "after": decision_json(witness.after),
    }


def _unknown(unknown: Unknown) -> dict[str, Any]:
    return {
        "feature": unknown.feature,
        "because": unknown.because,
        "origin": None if unknown.origin is None else _origin(unknown.origin),
    }


def _object(change: ObjectChange) -> dict[str, Any]:
    return {
        "what": change.what,
        "resource": change.resource,
        "aspects": [_aspect(each) for each in change.aspects],
        "origin": None if change.origin is None else _origin(change.origin),
    }
