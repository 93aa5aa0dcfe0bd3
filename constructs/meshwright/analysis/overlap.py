"""Routes of different objects that ask for the same requests, and who gets them."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass
from typing import Literal

from meshwright.analysis.space.conditions import Conditions, Literals, Model
from meshwright.analysis.space.entrance import Entrance
from meshwright.analysis.space.ordered import OrderedRoutes
from meshwright.analysis.space.search import request_left
from meshwright.analysis.space.witness import Unsendable, request_of
from meshwright.analysis.space.words import Undecided
from meshwright.traffic import Request, Route, RouteMatch, VirtualHost

DecidedBy = Literal["age", "order", "specificity"]
"""Who of two routes comes first: the older object's, the one written first in their object, or, whatever their age,
the more specific one: of HTTPRoutes by the Gateway API's rules, of VirtualServices the one that does not take all."""

_AGE: tuple[DecidedBy, ...] = ("age",)

_RANKS = {"exact": 3, "prefix": 2, "separated_prefix": 2, "regex": 1}
_GATEWAY_API = ("HTTPRoute", "GRPCRoute")


@dataclass(frozen=True, slots=True)
class Overlap:
    """Two routes that ask for the same requests.

    Args:
        winner: The route that answers them now; ``loser`` would, were its object the older one.
        witness: One of these requests; ``None``: whether there is one could not be found out, or nobody can choose to
            send it, and ``because`` tells why.
        certain: Whether there are such requests.
    """

    winner: Route
    loser: Route
    decided_by: DecidedBy
    witness: Request | None = None
    because: str = ""
    certain: bool = True


def owner_of(route: Route) -> str:
    """Return the object a route was written in, empty where nobody wrote it."""
    return route.origin.resource if route.origin is not None else ""


def overlaps(
    virtual_host: VirtualHost,
    entrance: Entrance | None = None,
    *,
    decided_by: Collection[DecidedBy] = _AGE,
    owner: Callable[[Route], str] = owner_of,
    once: bool = False,
) -> Iterator[Overlap]:
    """Find pairs of routes between which something else than what they ask for decides, by the winner's position.

    A pair is reported for requests that the winner really gets, and that the loser would get if their objects changed
    places; what other routes take either way is no matter of these two. Requests that repeat a header are left out:
    by them alone, routes that ask for different values of a header would overlap.

    Args:
        entrance: How requests come there; if left out, through a gateway to any of the host's domains.
        decided_by: Which pairs are of interest.
        owner: The object whose place decides about a route; those of one delegating VirtualService share it.
        once: Of all pairs in which one object wins over one other, only the first.

    Source: istiod sorts VirtualServices by creation time, then name and namespace, and moves rules that take every
    request behind all others (``pilot/pkg/model/config.go``, ``pilot/pkg/networking/core/route/route.go``).
    """
    conditions = Conditions(entrance or Entrance(virtual_host), repeats=False)
    if conditions.nobody_comes():
        return iter(())
    return _Overlaps(virtual_host, conditions, owner, frozenset(decided_by), once).found()


@dataclass(frozen=True, slots=True)
class _Group:
    """Routes that are compared with each other; none where none of them can overlap."""

    places: list[int]
    routes: OrderedRoutes | None

    def after(self, place: int) -> list[int]:
        """Return the places, behind ``place``, of routes that may share requests with the one there."""
        if self.routes is None:
            return []
        own = bisect_left(self.places, place)
        found = {
            each
            for positions in self.routes.meeting(own)
            if positions and positions[-1] > own
            for each in positions[bisect_right(positions, own) :]
        }
        return [self.places[each] for each in sorted(found)]


class _Overlaps:
    def __init__(
        self,
        virtual_host: VirtualHost,
        conditions: Conditions,
        owner: Callable[[Route], str],
        wanted: frozenset[DecidedBy],
        once: bool,
    ) -> None:
        self.conditions = conditions
        self._wanted = wanted
        self._age_alone = wanted == {"age"}
        self._once = once
        self._told: set[tuple[int, int]] = set()
        self.routes = OrderedRoutes(conditions, virtual_host.routes)
        numbers: dict[str, int] = {}
        self._owners = [numbers.setdefault(owner(route), len(numbers)) for route in virtual_host.routes]
        self._order = [_order(route) for route in virtual_host.routes]
        self._alive: dict[int, bool] = {}

    def found(self) -> Iterator[Overlap]:
        """Return the pairs of interest by the winner's position, then the loser's.

        If that is age alone, only routes of one rank are compared: between others age decides nothing.
        """
        groups = self._groups()
        for winner in range(len(self._order)):
            group = groups[self._order[winner] if self._age_alone else ()]
            for loser in group.after(winner):
                decided = self._decided_by(winner, loser)
                pair = self._owners[winner], self._owners[loser]
                if decided not in self._wanted or pair in self._told:
                    continue
                if not self._gets_any(winner):
                    break
                overlap = self._pair(winner, loser, decided)
                if overlap is not None:
                    if self._once:
                        self._told.add(pair)
                    yield overlap

    def _groups(self) -> dict[tuple[int, ...], _Group]:
        places: dict[tuple[int, ...], list[int]] = {}
        for place, order in enumerate(self._order):
            places.setdefault(order if self._age_alone else (), []).append(place)
        return {
            order: _Group(found, self._among(found) if self._may_overlap(found) else None)
            for order, found in places.items()
        }

    def _may_overlap(self, places: list[int]) -> bool:
        return "order" in self._wanted or len({self._owners[place] for place in places}) > 1

    def _among(self, places: list[int]) -> OrderedRoutes:
        return OrderedRoutes(self.conditions, [self.routes.routes[place] for place in places])

    def _decided_by(self, winner: int, loser: int) -> DecidedBy:
        if self._owners[winner] == self._owners[loser]:
            return "order"
        return "age" if self._order[winner] == self._order[loser] else "specificity"

    def _pair(self, winner: int, loser: int, decided: DecidedBy) -> Overlap | None:
        one, two = self.routes.routes[winner], self.routes.routes[loser]
        cube = self.conditions.cube(one.match, two.match)
        if cube is None or not self._gets_any(winner):
            return None
        try:
            model = request_left(self.conditions, cube, self._others(winner, loser))
        except Undecided as error:
            return Overlap(one, two, decided, because=str(error), certain=False)
        if model is None:
            return None
        try:
            return Overlap(one, two, decided, request_of(self.conditions, model))
        except Unsendable as error:
            return Overlap(one, two, decided, because=str(error))

    def _others(self, winner: int, loser: int) -> Callable[[Model], Literals | None]:
        """Return what finds the routes that take a request either way: it is theirs, not the two's."""
        owners, owner = self._owners, self._owners[loser]
        between = owners[winner] != owner
        last = loser if between else winner
        find = self.routes.simplest_taker(last, lambda each: each < winner or owners[each] == owner)
        return lambda model: self.routes.literals_of(find(model))

    def _gets_any(self, position: int) -> bool:
        found = self._alive.get(position)
        if found is None:
            find = self.routes.simplest_taker(position)
            cube = self.conditions.cube(self.routes.routes[position].match)
            try:
                left = request_left(self.conditions, cube, lambda model: self.routes.literals_of(find(model)))
            except Undecided:
                left = {}
            found = self._alive[position] = left is not None
        return found


def _order(route: Route) -> tuple[int, ...]:
    """Return what comes before age when istiod sorts the routes of several objects."""
    match = route.match
    path = match.path
    if owner_of(route).startswith(_GATEWAY_API):
        return (
            -_RANKS.get(path.kind, 0),
            -len(path.value.encode()),
            not any(header.name == ":method" for header in match.headers),
            -sum(not header.name.startswith(":") for header in match.headers),
            -len(match.query),
        )
    return (_takes_all(match),)


def _takes_all(match: RouteMatch) -> bool:
    """Tell whether istiod sees by its spelling that a route takes every request."""
    everything = {("prefix", "/"), ("separated_prefix", "/"), ("regex", ".*")}
    return (match.path.kind, match.path.value) in everything and not (match.headers or match.query or match.claims)
