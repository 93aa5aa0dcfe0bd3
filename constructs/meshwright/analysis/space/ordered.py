"""Routes in the order in which they are tried, found by the requests that they take."""

from collections.abc import Callable, Iterator, Sequence

from meshwright.analysis.space.conditions import PATH, Conditions, Literals, Model
from meshwright.analysis.space.path_index import PathIndex
from meshwright.traffic import Route


class OrderedRoutes:
    """The routes of one virtual host, or of some of them."""

    def __init__(self, conditions: Conditions, routes: Sequence[Route]) -> None:
        self.routes = routes
        self.literals = [conditions.literals(route.match) for route in routes]
        self.index = PathIndex([route.match.path for route in routes])
        self._conditions = conditions

    def takers(self, model: Model, before: int) -> Iterator[int]:
        """Return, in no order, the positions below ``before`` of the routes that take the request of ``model``."""
        holds, literals = self._conditions.holds, self.literals
        path = model.get(PATH, "/")
        for positions in self.index.candidates(path if isinstance(path, str) else None):
            for position in positions:
                if position >= before:
                    break
                for literal in literals[position]:
                    if not holds(literal, model):
                        break
                else:
                    yield position

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
