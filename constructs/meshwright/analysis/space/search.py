"""The search for a request that some conditions take and other routes leave, and the proof that there is none."""

from collections.abc import Callable

from meshwright.analysis.space.conditions import Conditions, Cube, Literals, Model
from meshwright.analysis.space.words import Undecided

MOST_STEPS = 4_000
"""How many parts the search may split requests into before the answer is "unknown"."""

Taken = Callable[[Model], Literals | None]
"""What another route asks for that takes this request; ``None``: no other does."""


def request_left(conditions: Conditions, cube: Cube | None, taken: Taken) -> Model | None:
    """Return a request of ``cube`` that is not ``taken``; ``None``: there is none.

    A request is made that meets the cube; if a route takes it, the cube is split by that route's conditions into
    parts in which it takes none, and each part is searched alike. So only routes that stand in the way cost anything.

    Raises:
        Undecided: Neither was found within the bounds.
    """
    if cube is None:
        return None
    pending = [cube]
    undecided: Undecided | None = None
    for _ in range(MOST_STEPS):
        if not pending:
            if undecided is not None:
                raise undecided
            return None
        here = pending.pop()
        try:
            model = conditions.model(here)
        except Undecided as error:
            undecided = error
            continue
        if model is None:
            continue
        literals = taken(model)
        if literals is None:
            return model
        pending.extend(reversed(_parts(conditions, here, literals)))
    raise Undecided(f"the conditions split these requests into more than {MOST_STEPS:,} parts")


def _parts(conditions: Conditions, cube: Cube, literals: Literals) -> list[Cube]:
    """Return the requests of ``cube`` that fail one of ``literals``, as cubes that share no request."""
    parts = []
    meeting: Cube | None = cube
    for literal in literals:
        if meeting is None:
            break
        failing = conditions.extended(meeting, literal ^ 1)
        if failing is not None and failing is not meeting:
            parts.append(failing)
        meeting = conditions.extended(meeting, literal)
    return parts
