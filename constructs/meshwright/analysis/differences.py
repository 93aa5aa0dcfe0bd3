"""Which requests are decided otherwise by one list of routes than by another."""

from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from meshwright.analysis.space.conditions import Conditions, Cube, Literals, Model
from meshwright.analysis.space.entrance import Entrance
from meshwright.analysis.space.ordered import OrderedRoutes
from meshwright.analysis.space.search import request_left
from meshwright.analysis.space.witness import Unsendable, request_of
from meshwright.analysis.space.words import Undecided
from meshwright.traffic import PathMatch, Request, Route, RouteMatch, VirtualHost

Same = Callable[[Route | None, Route | None], bool]
"""Tells whether two routes answer alike; ``None`` is that no route takes the request."""

_ANY = RouteMatch(PathMatch("prefix", "/"))


@dataclass(frozen=True, slots=True)
class Part:
    """The requests that one route answered before and one answers after.

    Args:
        before, after: ``None``: none does.
        witness: One of them. ``None``: whether there is one could not be found out, or nobody can choose to send it;
            ``because`` tells why.
        certain: Whether there are such requests.
    """

    before: Route | None
    after: Route | None
    witness: Request | None
    because: str = ""
    certain: bool = True
    _exceptions: "Callable[[], tuple[RouteMatch, ...]]" = field(default=tuple, repr=False, compare=False)

    @property
    def matches(self) -> tuple[RouteMatch, ...]:
        """What all of these requests meet."""
        found = [each.match for each in (self.before, self.after) if each is not None]
        return tuple(dict.fromkeys(found))

    def exceptions(self) -> tuple[RouteMatch, ...]:
        """Return what none of these requests meets: the routes before both that could have taken some of them."""
        return self._exceptions()


@dataclass(frozen=True, slots=True)
class Region:
    """Requests for which the same thing changes; its parts share none."""

    parts: tuple[Part, ...]

    @property
    def before(self) -> Route | None:
        """A route that answered before; those of other parts answer alike."""
        return self.parts[0].before

    @property
    def after(self) -> Route | None:
        """A route that answers after; those of other parts answer alike."""
        return self.parts[0].after

    @property
    def witness(self) -> Request | None:
        """One of the requests."""
        return next((part.witness for part in self.parts if part.witness is not None), None)


def differences(
    before: VirtualHost, after: VirtualHost, same: Same, entrance: Entrance | None = None
) -> Iterator[Region]:
    """Find the regions of requests that ``after`` answers otherwise than ``before``.

    Every request for which the two differ lies in one part of one region, and each part holds such requests.

    Args:
        same: Tells whether two routes answer alike.
        entrance: How requests come there, which is the same for both; if left out, through a gateway to any of the
            domains of ``after``.
    """
    regions: list[list[Part]] = []
    for part in parts_between(before, after, same, entrance):
        for region in regions:
            first = region[0]
            if first.certain == part.certain and same(first.before, part.before) and same(first.after, part.after):
                region.append(part)
                break
        else:
            regions.append([part])
    return (Region(tuple(parts)) for parts in regions)


def parts_between(
    before: VirtualHost, after: VirtualHost, same: Same, entrance: Entrance | None = None
) -> Iterator[Part]:
    """Yield the parts of all regions, in the order of the routes before, then of those after."""
    return _Differences(before.routes, after.routes, same, Conditions(entrance or Entrance(after))).parts()


class _Side:
    """One list of routes, with one more behind the last that takes what no route takes."""

    def __init__(self, conditions: Conditions, routes: Sequence[Route]) -> None:
        self.routes: list[Route | None] = [*routes, None]
        self.ordered = OrderedRoutes(conditions, routes)

    def meeting(self, match: RouteMatch) -> Iterator[int]:
        """Return the positions of routes that may share a path with ``match``."""
        for positions in self.ordered.index.meeting(match.path):
            yield from positions
        yield len(self.routes) - 1

    def match(self, position: int, other: RouteMatch = _ANY) -> RouteMatch:
        """Return what the route at ``position`` asks for; ``other`` where no route takes the request."""
        route = self.routes[position]
        return route.match if route is not None else other


class _Differences:
    def __init__(self, before: Sequence[Route], after: Sequence[Route], same: Same, conditions: Conditions) -> None:
        self._conditions = conditions
        self._same = same
        self._old, self._new = _Side(conditions, before), _Side(conditions, after)
        self._twins = dict(aligned([route.match for route in before], [route.match for route in after]))
        self._twins[len(before)] = len(after)
        self._twins_back = {new: old for old, new in self._twins.items()}

    def parts(self) -> Iterator[Part]:
        """Return the parts in the order of the routes before, then of those after.

        Two routes that stand in both lists, in one order and asking for the same, share no request that both get, for
        the first of them takes it in either list. So only a route with its own twin can differ, or one without a twin
        with any other.
        """
        partners = self._partners()
        for old in range(len(self._old.routes)):
            twin = self._twins.get(old)
            if twin is not None:
                yield from self._part(old, twin)
                others = partners.get(old, [])
            else:
                others = sorted(set(self._new.meeting(self._old.match(old))))
            for new in others:
                if not self._is_taken_before(old, new):
                    yield from self._part(old, new)

    def _partners(self) -> dict[int, list[int]]:
        """Return for each old route the new ones without a twin that may share a path with it."""
        found: dict[int, list[int]] = {}
        for new in range(len(self._new.routes)):
            if new not in self._twins_back:
                for old in set(self._old.meeting(self._new.match(new))):
                    found.setdefault(old, []).append(new)
        return found

    def _is_taken_before(self, old: int, new: int) -> bool:
        """Tell whether the twin of one takes, in the other's list, all that both ask for."""
        twin, twin_back = self._twins.get(old), self._twins_back.get(new)
        return (twin is not None and twin < new) or (twin_back is not None and twin_back < old)

    def _part(self, old: int, new: int) -> Iterator[Part]:
        before, after = self._old.routes[old], self._new.routes[new]
        if self._same(before, after):
            return
        conditions = self._conditions
        cube = conditions.cube(*{each.match: None for each in (before, after) if each is not None})
        if cube is None:
            return
        one, two = self._old.ordered, self._new.ordered
        find_old, find_new = one.simplest_taker(old), two.simplest_taker(new)

        def taken(model: Model) -> Literals | None:
            found = one.literals_of(find_old(model))
            return found if found is not None else two.literals_of(find_new(model))

        def exceptions() -> tuple[RouteMatch, ...]:
            return self._exceptions(cube, old, new)

        try:
            model = request_left(conditions, cube, taken)
        except Undecided as error:
            yield Part(before, after, None, str(error), False, exceptions)
            return
        if model is None:
            return
        try:
            yield Part(before, after, request_of(conditions, model), _exceptions=exceptions)
        except Unsendable as error:
            yield Part(before, after, None, str(error), _exceptions=exceptions)

    def _exceptions(self, cube: Cube, old: int, new: int) -> tuple[RouteMatch, ...]:
        conditions = self._conditions
        found: dict[RouteMatch, frozenset[int]] = {}
        for side, position, other in ((self._old, old, self._new.match(new)), (self._new, new, self._old.match(old))):
            for each in sorted(set(side.meeting(side.match(position, other)))):
                if each < position and self._touches(cube, side.match(each)):
                    found[side.match(each)] = frozenset(conditions.literals(side.match(each)))
        return tuple(
            match for match, literals in found.items() if not any(other < literals for other in found.values())
        )

    def _touches(self, cube: Cube, match: RouteMatch) -> bool:
        both: Cube | None = cube
        for literal in self._conditions.literals(match):
            both = self._conditions.extended(both, literal) if both is not None else None
        try:
            return both is not None and self._conditions.model(both) is not None
        except Undecided:
            return True


def aligned(before: Sequence[RouteMatch], after: Sequence[RouteMatch]) -> list[tuple[int, int]]:
    """Return positions of equal conditions in both lists, ascending on both sides, as many as there are."""
    places: dict[RouteMatch, list[int]] = {}
    for position in range(len(after) - 1, -1, -1):
        places.setdefault(after[position], []).append(position)
    pairs = [(old, found.pop()) for old, match in enumerate(before) if (found := places.get(match))]
    ends: list[int] = []
    chain: list[int] = []
    previous: list[int] = []
    for place, (_, new) in enumerate(pairs):
        length = bisect_left(ends, new)
        previous.append(chain[length - 1] if length else -1)
        if length == len(ends):
            ends.append(new)
            chain.append(place)
        else:
            ends[length], chain[length] = new, place
    kept = []
    place = chain[-1] if chain else -1
    while place >= 0:
        kept.append(pairs[place])
        place = previous[place]
    return kept[::-1]
