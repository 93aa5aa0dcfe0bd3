"""MW202: rules of two VirtualServices that ask for the same requests at a gateway, where the older object wins."""

from collections.abc import Iterator
from dataclasses import replace

from meshwright.analysis.overlap import Overlap, overlaps
from meshwright.checks.appearances import Appearance, on_gateways
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.traffic import Origin, Request, Route, RouteMatch


def _find(shown: Inventory) -> Iterator[Problem]:
    ages = {config.title: config.created for config in shown.mesh.configs("VirtualService")}
    for appearance in on_gateways(shown):
        if len({route.origin.resource for route in appearance.virtual_host.routes if route.origin is not None}) > 1:
            yield from _at(appearance, ages)


def _at(appearance: Appearance, ages: dict[str, str]) -> Iterator[Problem]:
    for overlap in overlaps(appearance.virtual_host, appearance.entrance):
        winner, loser = overlap.winner.origin, overlap.loser.origin
        if winner is None or loser is None or _do_the_same(overlap.winner, overlap.loser):
            continue
        if winner.resource in ages and loser.resource in ages:
            yield _problem(overlap, winner, loser, ages)


def _do_the_same(one: Route, other: Route) -> bool:
    """Tell whether two routes treat a request alike, so that it does not matter which one wins."""
    bare = replace(one, match=RouteMatch(one.match.path), name="", stat_prefix="", origin=None)
    return bare == replace(other, match=RouteMatch(one.match.path), name="", stat_prefix="", origin=None)


def _problem(overlap: Overlap, winner: Origin, loser: Origin, ages: dict[str, str]) -> Problem:
    if not overlap.certain:
        wrong = f"whether this rule meets {winner.field} of {winner.resource} is not known: {overlap.because}"
        return Problem(loser, wrong, "Simplify their conditions.", "unknown", (winner,))
    by = "is older" if ages[winner.resource] < ages[loser.resource] else "wins as long as it is not younger"
    example = f"such as {request_text(overlap.witness)}" if overlap.witness is not None else overlap.because
    wrong = f"{winner.field} of {winner.resource} asks for the same requests, {example}, and {by}"
    remedy = (
        "Put both rules into one VirtualService in the order you mean, or make their conditions exclude each other."
    )
    return Problem(loser, wrong, remedy, related=(winner,))


def request_text(request: Request) -> str:
    """Return a request as ``meshwright explain`` takes it."""
    headers = "".join(f' -H "{name}: {value}"' for name, value in request.headers)
    return f"{request.method} {request.scheme}://{request.authority}{request.path}{headers}"


CHECK = Check("MW202", "decided-by-age", "warning", "Rules of two VirtualServices between which age decides.", _find)
