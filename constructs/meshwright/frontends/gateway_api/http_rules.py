"""Rules of HTTPRoutes and GRPCRoutes to the routes of a VirtualService, each with at most one match."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from meshwright.frontends.gateway_api.backends import Backends, UnusableRoute, total_weight, weighted
from meshwright.frontends.gateway_api.http_filters import Filtered, backend_filters, grpc_filters, http_filters
from meshwright.frontends.gateway_api.http_matches import grpc_match, http_match, precedence
from meshwright.frontends.gateway_api.objects import sections, spec
from meshwright.frontends.istio.durations import parse_duration
from meshwright.frontends.istio.objects import entries, integer, section
from meshwright.manifests.resource import Resource
from meshwright.traffic.origin import Origin

_RETRY_ON = ("connect-failure", "refused-stream", "unavailable", "cancelled")
_USUAL_ATTEMPTS = 2
_FAILURE = {"status": 500}


@dataclass(frozen=True, slots=True)
class Rule:
    """One route of a VirtualService, and by path inside of it where each part was written."""

    route: dict[str, Any]
    origins: Mapping[str, Origin]

    @property
    def precedence(self) -> tuple[bool, int, int, bool, int, int]:
        """Sort key: the most specific match first."""
        return precedence(self.route.get("match", []))

    def on_port(self, port: int) -> "Rule":
        """Return the rule for requests to one port of the service."""
        matches = [{**match, "port": port} for match in self.route.get("match", [])] or [{"port": port}]
        return Rule({**self.route, "match": matches}, self.origins)


def convert_rules(route: Resource, backends: Backends) -> list[Rule]:
    """Convert the rules of an HTTPRoute or a GRPCRoute, a rule with several matches into one for each.

    Returns:
        Nothing at all where istiod refuses one of the rules, as it then drops the whole route.
    """
    convert = _http_rule if route.kind == "HTTPRoute" else _grpc_rule
    converted: list[Rule] = []
    try:
        for index, rule in enumerate(sections(spec(route).get("rules"))):
            matches: Sequence[Mapping[str, Any] | None] = sections(rule.get("matches")) or (None,)
            for position, match in enumerate(matches):
                converted.append(convert(_Place(route, index, position), rule, match, backends))
    except UnusableRoute:
        return []
    return converted


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a rule stands: in which route, at which position, and which of its matches it is for."""

    route: Resource
    rule: int
    match: int

    def origin(self, field: str = "") -> Origin:
        """Return where a field of the rule was written."""
        return self.route.origin(f"spec.rules[{self.rule}]{field}")


def _http_rule(place: _Place, rule: Mapping[str, Any], match: Mapping[str, Any] | None, backends: Backends) -> Rule:
    converted = None if match is None else http_match(match)
    filtered = http_filters(rule.get("filters"), backends)
    filtered.fields.update(_retries_and_timeout(rule))
    return _assemble(place, rule, converted, filtered, backends)


def _grpc_rule(place: _Place, rule: Mapping[str, Any], match: Mapping[str, Any] | None, backends: Backends) -> Rule:
    converted = None if match is None else grpc_match(match)
    return _assemble(place, rule, converted, grpc_filters(rule.get("filters"), backends), backends)


def _assemble(
    place: _Place, rule: Mapping[str, Any], match: dict[str, Any] | None, filtered: Filtered, backends: Backends
) -> Rule:
    route, name = place.route, rule.get("name")
    body: dict[str, Any] = {"name": f"{route.namespace}.{route.name}.{place.rule}" if name is None else str(name)}
    origins = {"": place.origin()}
    if match is not None:
        body["match"] = [match]
        origins["match"] = place.origin(f".matches[{place.match}]")
    for field, position in filtered.positions.items():
        origins[field] = place.origin(f".filters[{position}]")
    for field, source in (("retries", "retry"), ("timeout", "timeouts")):
        if field in filtered.fields:
            origins[field] = place.origin(f".{source}")
    body |= filtered.fields
    references = sections(rule.get("backendRefs"))
    if total_weight(references) == 0 and "redirect" not in body:
        body["directResponse"] = dict(_FAILURE)
        return Rule(body, origins)
    for target, reference, weight in weighted(references):
        destination: dict[str, Any] = {"destination": backends.resolve(reference).destination}
        if weight:
            destination["weight"] = weight
        destination |= backend_filters(reference.get("filters"))
        routes = body.setdefault("route", [])
        origins[f"route[{len(routes)}]"] = place.origin(f".backendRefs[{target}]")
        routes.append(destination)
    return Rule(body, origins)


def _retries_and_timeout(rule: Mapping[str, Any]) -> dict[str, Any]:
    """Convert ``retry`` and ``timeouts``; without retries, the time for one attempt is the time for all."""
    fields: dict[str, Any] = {}
    retry = rule.get("retry")
    if isinstance(retry, dict):
        attempts = retry.get("attempts")
        attempts = _USUAL_ATTEMPTS if attempts is None else integer(attempts)
        fields["retries"] = {"attempts": attempts}
        if attempts:
            codes = (str(integer(code)) for code in entries(retry.get("codes")))
            fields["retries"]["retryOn"] = ",".join((*_RETRY_ON, *codes))
        if retry.get("backoff") is not None:
            fields["retries"]["backoff"] = _duration(parse_duration(retry["backoff"]) or timedelta(0))
    timeouts = section(rule.get("timeouts"))
    request = parse_duration(timeouts.get("request"))
    attempt = parse_duration(timeouts.get("backendRequest"))
    if request:
        fields["timeout"] = _duration(request)
    if attempt and "retries" in fields:
        fields["retries"]["perTryTimeout"] = _duration(attempt)
    elif attempt:
        fields["timeout"] = _duration(attempt)
    return fields


def _duration(value: timedelta) -> str:
    """Write a duration in seconds, with as few digits as it needs."""
    seconds, microseconds = divmod(value // timedelta(microseconds=1), 1_000_000)
    if not microseconds:
        return f"{seconds}s"
    digits = f"{microseconds:06}"
    return f"{seconds}.{digits.removesuffix('000')}s"
