"""MW856: two HTTPRoutes or GRPCRoutes that ask one listener for the same requests: the older one wins."""

import json
from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.gateway_api import gateways, listeners, parents, routes
from meshwright.checks.inventory import Inventory
from meshwright.frontends.gateway_api.objects import sections, spec
from meshwright.frontends.istio.objects import text, texts
from meshwright.manifests.resource import Resource

_Key = tuple[str, str]
_ANY = {"path": {"type": "PathPrefix", "value": "/"}}


def _find(shown: Inventory) -> Iterator[Problem]:
    asked: dict[_Key, dict[str, list[tuple[Resource, str]]]] = {}
    for route in routes(shown):
        if route.kind in ("HTTPRoute", "GRPCRoute"):
            claims = list(_claims(route))
            for place in set(_places(shown, route)):
                for host in texts(spec(route).get("hostnames")) or ("*",):
                    known = asked.setdefault((place, host), {})
                    for match, field in claims:
                        known.setdefault(match, []).append((route, field))
    told: set[tuple[int, str]] = set()
    for (_, host), by_match in asked.items():
        for match, claimants in by_match.items():
            for route, field in claimants if len({id(each) for each, _ in claimants}) > 1 else ():
                if (id(route), field) not in told:
                    told.add((id(route), field))
                    yield _problem(route, field, host, match, [pair for pair in claimants if pair[0] is not route])


def _claims(route: Resource) -> Iterator[tuple[str, str]]:
    """Yield the matches of a route as text, equal for equal ones, each with its field."""
    for place, rule in enumerate(sections(spec(route).get("rules"))):
        for position, match in enumerate(sections(rule.get("matches")) or [_ANY]):
            path = match.get("path") or _ANY["path"] if route.kind == "HTTPRoute" else None
            parts = {**match, "path": path, "headers": _sorted(match.get("headers"))}
            parts["queryParams"] = _sorted(match.get("queryParams"))
            field = f"spec.rules[{place}]" + (f".matches[{position}]" if rule.get("matches") else "")
            yield json.dumps(parts, sort_keys=True, default=str), field


def _sorted(conditions: object) -> list[str]:
    return sorted(json.dumps(each, sort_keys=True, default=str) for each in sections(conditions))


def _places(shown: Inventory, route: Resource) -> Iterator[str]:
    """Yield the listeners and Services that a route is attached to."""
    for reference in parents(route):
        name = f"{reference.kind[1]} {reference.namespace}/{reference.name}"
        gateway = gateways(shown).get((reference.namespace, reference.name))
        if reference.kind[1] != "Gateway" or gateway is None:
            yield f"{name} {reference.section} {reference.port}"
            continue
        for _, listener in listeners(reference, gateway):
            yield f"{name} {text(listener.get('name'))}"


def _problem(route: Resource, field: str, host: str, match: str, others: list[tuple[Resource, str]]) -> Problem:
    names = ", ".join(dict.fromkeys(str(other) for other, _ in others))
    path = json.loads(match).get("path") or {}
    what = f"{path.get('type', 'PathPrefix')} {path.get('value', '/')}" if path else "its calls"
    wrong = f"{names} asks for {what} of {host}, too: of equal matches the older route's wins"
    remedy = "Put the rules into one route, or give each other conditions."
    return Problem(
        route.origin(field), wrong, remedy, related=tuple(other.origin(place) for other, place in others[:3])
    )


CHECK = Check("MW856", "routes-of-one-match", "warning", "Routes for one match, between which age decides.", _find)
