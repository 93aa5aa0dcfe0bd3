"""Sets of requests as values."""

from dataclasses import dataclass

from meshwright.analysis.space.conditions import Conditions, Literals, Model
from meshwright.analysis.space.entrance import Entrance
from meshwright.analysis.space.search import request_left
from meshwright.analysis.space.witness import request_of
from meshwright.traffic import Request, RouteMatch

Matches = tuple[RouteMatch, ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """The requests that meet all of ``matches`` and of each group in ``without`` not all."""

    matches: Matches
    without: tuple[Matches, ...] = ()


class RequestSpace:
    """All requests that come to one virtual host, and sets of them by what routes ask for."""

    def __init__(self, entrance: Entrance) -> None:
        self.conditions = Conditions(entrance)

    def matching(self, *matches: RouteMatch) -> "Requests":
        """Return the requests that meet all of ``matches``; all there are without any."""
        return Requests(self, (Piece(matches),))


@dataclass(frozen=True, slots=True)
class Requests:
    """A set of requests: those of any of its pieces. What it holds is found out only when somebody asks."""

    space: RequestSpace
    pieces: tuple[Piece, ...]

    def __or__(self, other: "Requests") -> "Requests":
        return Requests(self.space, self.pieces + other.pieces)

    def __and__(self, other: "Requests") -> "Requests":
        both = (
            Piece(one.matches + two.matches, one.without + two.without) for one in self.pieces for two in other.pieces
        )
        return Requests(self.space, tuple(both))

    def __sub__(self, other: "Requests") -> "Requests":
        left = self.pieces
        for taken in other.pieces:
            left = tuple(part for piece in left for part in _minus(piece, taken))
        return Requests(self.space, left)

    def witness(self) -> Request | None:
        """Return a request of this set; ``None``: it is empty.

        Raises:
            Undecided: Neither was found within the bounds.
            Unsendable: There are some, but the one that was found depends on more than its client.
        """
        conditions = self.space.conditions
        models = (_model(conditions, piece) for piece in self.pieces)
        model = next((each for each in models if each is not None), None)
        return None if model is None else request_of(conditions, model)

    def is_empty(self) -> bool:
        """Tell whether no request belongs.

        Raises:
            Undecided: That could not be found out within the bounds.
        """
        return all(_model(self.space.conditions, piece) is None for piece in self.pieces)

    def is_covered_by(self, *others: "Requests") -> bool:
        """Tell whether each request of this set belongs to one of ``others``.

        Raises:
            Undecided: That could not be found out within the bounds.
        """
        left = self
        for other in others:
            left -= other
        return left.is_empty()


def _minus(piece: Piece, taken: Piece) -> list[Piece]:
    outside = Piece(piece.matches, (*piece.without, taken.matches))
    again = (Piece(piece.matches + taken.matches + each, piece.without) for each in taken.without)
    return [outside, *again]


def _model(conditions: Conditions, piece: Piece) -> Model | None:
    others = [(matches, _literals(conditions, matches)) for matches in piece.without]

    def taken(model: Model) -> Literals | None:
        for matches, literals in others:
            if all(conditions.takes(each, model) for each in matches):
                return literals
        return None

    return request_left(conditions, conditions.cube(*piece.matches), taken)


def _literals(conditions: Conditions, matches: Matches) -> Literals:
    return tuple(literal for match in matches for literal in conditions.literals(match))
