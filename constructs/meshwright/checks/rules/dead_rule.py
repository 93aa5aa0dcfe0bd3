"""MW201: an HTTP rule that no request reaches, because rules before it take all of its requests."""

from collections.abc import Container, Iterator

from meshwright.analysis.unreachable import Reach
from meshwright.checks.appearances import in_mesh, on_gateways, reached
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.matches import is_catch_all, route_match
from meshwright.frontends.istio.objects import entries, section
from meshwright.frontends.istio.virtual_services import HTTPRoute, VirtualService

_CONFINING = ("gateways", "port", "sourceLabels", "sourceNamespace")
_REMEDY = "Move it up, narrow what takes its requests, or remove it."


def _find(shown: Inventory) -> Iterator[Problem]:
    verdicts: dict[tuple[str, str], list[Reach]] = {}
    for appearance in (*on_gateways(shown), *in_mesh(shown)):
        for each in reached(shown, appearance):
            origin = each.route.origin
            if origin is not None and origin.resource.startswith("VirtualService "):
                verdicts.setdefault((origin.resource, origin.field), []).append(each)
    for found in verdicts.values():
        if all(each.verdict == "dead" for each in found):
            yield from _dead(found)
        elif all(each.verdict != "reached" for each in found):
            origin = found[0].route.origin
            because = next(each.because for each in found if each.verdict == "unknown")
            assert origin is not None
            wrong = f"whether a request reaches this rule could not be found out: {because}"
            yield Problem(origin, wrong, "Simplify the conditions before it.", "unknown")
    for service in shown.written_virtual_services:
        yield from _left_out(service, verdicts)


def _dead(found: list[Reach]) -> Iterator[Problem]:
    """Tell of a rule that is dead wherever it appears, unless another object has a part in it: then age decides."""
    origin = found[0].route.origin
    assert origin is not None
    takers = {
        taker.origin.field: taker.origin
        for each in found
        for taker in each.takers
        if taker.origin is not None and taker.origin != origin
    }
    if any(taker.resource != origin.resource for taker in takers.values()):
        return
    if not takers:
        yield Problem(origin, "no request can fulfil the conditions of this rule", "Correct its conditions.")
        return
    names = " and ".join(takers)
    wrong = f"no request reaches this rule: {names} before it {'takes' if len(takers) == 1 else 'take'} all of them"
    yield Problem(origin, wrong, _REMEDY, related=tuple(takers.values()))


def _left_out(service: VirtualService, seen: Container[tuple[str, str]]) -> Iterator[Problem]:
    """Tell of the rules behind one that takes every request: istiod does not even send them."""
    unseen = [
        place
        for place, rule in enumerate(service.http)
        if rule.config is service.config and (service.config.title, rule.field) not in seen
    ]
    if not unseen:
        return
    first = next((place for place, rule in enumerate(service.http) if _takes_all(rule)), len(service.http))
    for place in unseen:
        if place > first and service.http[first].config is service.config:
            taker = service.http[first].origin
            wrong = f"no request reaches this rule: {taker.field} before it takes all of them"
            yield Problem(service.http[place].origin, wrong, _REMEDY, related=(taker,))


def _takes_all(rule: HTTPRoute) -> bool:
    matches = [section(match) for match in entries(rule.spec.get("match"))]
    return not matches or any(
        is_catch_all(route_match(match)) and not any(match.get(field) for field in _CONFINING) for match in matches
    )


CHECK = Check("MW201", "dead-rule", "error", "An HTTP rule that no request reaches.", _find)
