"""Routes in the order in which they are tried, found by the requests that they take."""

from collections.abc import Callable, Iterator, Sequence

from meshwright.analysis.space.conditions import PATH, Conditions, Literals, Model
from meshwright.analysis.space.path_index import PathIndex
from meshwright.analysis.space.value_index import WORTHWHILE, ValueIndex, asked_values
from meshwright.traffic import Route


class OrderedRoutes:
    """The routes of one virtual host, or of some of them."""

    def __init__(self, conditions: Conditions, routes: Sequence[Route]) -> None:
        self.routes = routes
        self.literals = [conditions.literals(route.match) for route in routes]
        self.index = PathIndex([route.match.path for route in routes])
        self._conditions = conditions
        self._parted: dict[int, ValueIndex] = {}

    def takers(self, model: Model, before: int) -> Iterator[int]:
        """Return, in no order, the positions below ``before`` of the routes that take the request of ``model``."""
        holds, literals = self._conditions.holds, self.literals
        path = model.get(PATH, "/")
        for positions in self._candidates(path if isinstance(path, str) else None, model):
            for position in positions:
                if position >= before:
                    break
                for literal in literals[position]:
                    if not holds(literal, model):
                        break
                else:
                    yield position

    def _candidates(self, path: str | None, model: Model) -> Iterator[list[int]]:
        for positions in self.index.candidates(path):
            parted = self._parts_of(positions)
            if parted is None:
                yield positions
            else:
                yield from parted.having(self._conditions.value_at(parted.slot, model))

    def meeting(self, position: int) -> Iterator[list[int]]:
        """Return ascending positions of the routes that may share requests with the one at ``position``."""
        for positions in self.index.meeting(self.routes[position].match.path):
            parted = self._parts_of(positions)
            value = None if parted is None else asked_values(self._conditions, self.literals[position]).get(parted.slot)
            if parted is None or value is None or self._conditions.slots[parted.slot].repeats:
                yield positions
            else:
                yield from parted.having(value)

    def _parts_of(self, positions: list[int]) -> ValueIndex | None:
        if len(positions) < WORTHWHILE:
            return None
        parted = self._parted.get(id(positions))
        if parted is None:
            parted = self._parted[id(positions)] = ValueIndex(self._conditions, positions, self.literals)
        return parted if parted.slot >= 0 else None

    def simplest_taker(
        self, before: int, allowed: Callable[[int], bool] | None = None
    ) -> "Callable[[Model], int | None]":
        """Return what finds, for a request, the route below ``before`` that asks for least among those that take it."""

        def find(model: Model) -> int | None:
            best, fewest = None, 1 << 30
            for position in self.takers(model, before):
                size = len(self.literals[position])
                if size < fewest and (allowed is None or allowed(position)):
                    best, fewest = position, size
            return best

        return find

    def literals_of(self, position: int | None) -> Literals | None:
        """Return what the route at ``position`` asks for."""
        return None if position is None else self.literals[position]
