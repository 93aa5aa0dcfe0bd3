"""Decisions as JSON-shaped values, and as JSON text."""

import json
from collections.abc import Sequence
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, NamedTuple

from meshwright.analysis.decision import Decision
from meshwright.analysis.reasons import SAME_FOR_ALL_REQUESTS
from meshwright.analysis.wording import proxy_words
from meshwright.traffic import Fault, Origin


def decision_json(decision: Decision) -> dict[str, Any]:
    """Return one decision as ``explain --format json`` prints it; what there is not is ``None``."""
    return {
        **_outcome_json(decision),
        "path": decision.path,
        "authority": decision.authority,
        "location": decision.location,
        **_settings_json(decision),
        "steps": list(decision.steps),
        "because": decision.because,
    }


def _outcome_json(decision: Decision) -> dict[str, Any]:
    return {
        "outcome": decision.outcome,
        "status": decision.status,
        "clusters": [{"name": each.name, "weight": each.weight} for each in decision.clusters],
    }


def _settings_json(decision: Decision) -> dict[str, Any]:
    timeout, retries = decision.timeout, decision.retries
    per_try = retries.per_try_timeout if retries is not None else None
    return {
        "timeout_s": timeout.total_seconds() if timeout is not None else None,
        "retries": retries.attempts if retries is not None else 0,
        "retry_on": retries.retry_on if retries is not None else None,
        "per_try_timeout_s": per_try.total_seconds() if per_try is not None else None,
        "fault": fault_json(decision.fault),
        "mirrors": [{"cluster": each.cluster, "percent": each.percent} for each in decision.mirrors],
        "route": _route_json(decision),
        "proxy": proxy_words(decision.table.proxy),
    }


class _Shared(NamedTuple):
    """The text that decisions share, and what it is known by, which keeps the identities of those parts taken."""

    outcome: str
    settings: str
    because: str | None
    parts: tuple[object, ...]


class AnswerWriter:
    """Writes the answers to many requests as JSON; what does not depend on the request is written once."""

    def __init__(self) -> None:
        self._shared: dict[tuple[object, ...], _Shared] = {}

    def answer(self, decisions: Sequence[Decision]) -> str:
        """Return the first decision as ``decision_json`` tells it; those of further proxies are its ``others``."""
        first, *others = map(self._decision, decisions)
        return f'{first[:-1]}, "others": [{", ".join(others)}]}}' if others else first

    def _decision(self, decision: Decision) -> str:
        outcome, settings, because, _ = self._shared_by(decision)
        location = "null" if decision.location is None else quoted(decision.location)
        sent = f'"path": {quoted(decision.path)}, "authority": {quoted(decision.authority)}, "location": {location}'
        steps = ", ".join(map(quoted, decision.steps))
        because = because or quoted(decision.because)
        return f'{{{outcome}, {sent}, {settings}, "steps": [{steps}], "because": {because}}}'

    def _shared_by(self, decision: Decision) -> _Shared:
        parts = (decision.table, decision.chain, decision.virtual_host, decision.route)
        key = (decision.outcome, decision.reason, decision.status, *map(id, parts))
        shared = self._shared.get(key)
        if shared is None:
            outcome, settings = json.dumps(_outcome_json(decision)), json.dumps(_settings_json(decision))
            because = quoted(decision.because) if decision.reason in SAME_FOR_ALL_REQUESTS else None
            shared = self._shared[key] = _Shared(outcome[1:-1], settings[1:-1], because, parts)
        return shared


def fault_json(fault: Fault | None) -> dict[str, Any] | None:
    """Return the faults of a route; ``None`` where there are none."""
    if fault is None:
        return None
    delay, abort = fault.delay, fault.abort
    return {
        "delay": delay and {"seconds": delay.fixed.total_seconds(), "percent": delay.percent},
        "abort": abort and {"status": abort.http_status, "grpc_status": abort.grpc_status, "percent": abort.percent},
    }


def origin_json(origin: Origin) -> dict[str, Any]:
    """Return where something was written, the line only where there is text behind it."""
    place = origin.place
    return {
        "resource": origin.resource,
        "field": origin.field,
        "file": place.file if place is not None else None,
        "line": place.line_of(origin.field) if place is not None else None,
    }


def _route_json(decision: Decision) -> dict[str, Any] | None:
    origin = winning_origin(decision)
    return {**origin_json(origin), "name": decision.route.name if decision.route else ""} if origin else None


def winning_origin(decision: Decision) -> Origin | None:
    """Return where what decided was written: the rule, else the TCP route, else the virtual host that asks for TLS."""
    if decision.route is not None:
        return decision.route.origin
    if decision.reason == "tcp" and decision.chain is not None and decision.chain.tcp is not None:
        return decision.chain.tcp.origin or decision.chain.origin
    if decision.reason == "requires_tls" and decision.virtual_host is not None:
        return decision.virtual_host.origin
    return None
