"""What istiod has against a field."""

from collections.abc import Iterator
from dataclasses import dataclass

Flaw = tuple[str, str]
"""What is wrong with a value, without a full stop, and what to do."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One objection.

    Args:
        path: Of the field, from ``spec`` or ``metadata`` on.
        wrong: What is wrong, with the user's own value, without a full stop.
        remedy: What to do, as sentences.
        warning: istiod takes the object all the same.
        told_by: The code of the check that tells it already, seeing more than one object or more places.
    """

    path: str
    wrong: str
    remedy: str
    warning: bool = False
    told_by: str = ""


Faults = Iterator[Fault]


def at(path: str, flaw: Flaw | None, warning: bool = False) -> Faults:
    """Yield the flaw of a value, if it has one, as the fault of its field."""
    if flaw is not None:
        yield Fault(path, *flaw, warning)
