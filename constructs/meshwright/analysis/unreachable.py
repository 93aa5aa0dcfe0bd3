"""Routes that never get a request, because the routes before them take all of theirs."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from meshwright.analysis.space.conditions import Conditions, Model
from meshwright.analysis.space.entrance import Entrance
from meshwright.analysis.space.ordered import OrderedRoutes
from meshwright.analysis.space.search import request_left
from meshwright.analysis.space.witness import Unsendable, request_of
from meshwright.analysis.space.words import Undecided
from meshwright.traffic import Request, Route, VirtualHost

_MOST_NAMED = 32
"""Of more routes that take a dead one's requests together, it is not sought out which are needed."""


@dataclass(frozen=True, slots=True)
class Reach:
    """Whether any request reaches one route.

    Args:
        position: Of the route in its virtual host.
        verdict: ``dead``: none does. ``unknown``: that could not be found out, and ``because`` tells why.
        witness: A request that reaches it; ``None`` also where only others than its client can make one so, and
            ``because`` tells who.
        takers: The routes that take all of its requests before it; none where it matches no request at all.
    """

    route: Route
    position: int
    verdict: Literal["reached", "dead", "unknown"]
    witness: Request | None = None
    takers: tuple[Route, ...] = ()
    because: str = ""


def unreachable_routes(virtual_host: VirtualHost, entrance: Entrance | None = None) -> Iterator[Reach]:
    """Find each route that no request reaches, and each of which that could not be found out, in their order."""
    return (each for each in reach(virtual_host, entrance) if each.verdict != "reached")


def reach(virtual_host: VirtualHost, entrance: Entrance | None = None) -> Iterator[Reach]:
    """Tell of each route whether a request reaches it, in their order.

    Left out are requests for the server as a whole (``OPTIONS *``), which no usual rule takes.

    Args:
        entrance: How requests come there; if left out, through a gateway to any of the host's domains.

    Source: Istio reference, "Virtual Service", HTTPRoute (the first match wins).
    """
    conditions = Conditions(entrance or Entrance(virtual_host))
    if conditions.nobody_comes():
        because = "other virtual hosts take every authority of this one"
        return (Reach(route, place, "dead", because=because) for place, route in enumerate(virtual_host.routes))
    routes = OrderedRoutes(conditions, virtual_host.routes)
    return (_reach(conditions, routes, position) for position in range(len(virtual_host.routes)))


def _reach(conditions: Conditions, routes: OrderedRoutes, position: int) -> Reach:
    route = routes.routes[position]
    find = routes.simplest_taker(position)
    met: dict[int, None] = {}

    def taken(model: Model) -> tuple[int, ...] | None:
        taker = find(model)
        if taker is not None:
            met[taker] = None
        return routes.literals_of(taker)

    try:
        model = request_left(conditions, conditions.cube(route.match), taken)
    except Undecided as error:
        return Reach(route, position, "unknown", because=str(error))
    if model is not None:
        try:
            return Reach(route, position, "reached", request_of(conditions, model))
        except Unsendable as error:
            return Reach(route, position, "reached", because=str(error))
    takers = needed(conditions, routes, route, sorted(met))
    return Reach(route, position, "dead", takers=tuple(routes.routes[each] for each in takers))


def needed(conditions: Conditions, routes: OrderedRoutes, route: Route, takers: list[int]) -> list[int]:
    """Return as few of ``takers`` as it takes, in their order, for ``route`` to get nothing."""
    if len(takers) > _MOST_NAMED:
        return takers
    for each in takers:
        if _covers(conditions, routes, route, (each,)):
            return [each]
    for each in reversed(takers):
        fewer = [other for other in takers if other != each]
        if fewer and _covers(conditions, routes, route, fewer):
            takers = fewer
    return takers


def _covers(conditions: Conditions, routes: OrderedRoutes, route: Route, takers: Iterable[int]) -> bool:
    some = OrderedRoutes(conditions, [routes.routes[each] for each in takers])
    find = some.simplest_taker(len(some.routes))
    try:
        return (
            request_left(conditions, conditions.cube(route.match), lambda model: some.literals_of(find(model))) is None
        )
    except Undecided:
        return False
