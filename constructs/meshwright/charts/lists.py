"""Lists and values that users give: not a text where a list belongs, nor anything else where a value of ours does."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TypeVar

    from meshwright.charts.problem import Part
    from meshwright.tree import Construct

    T = TypeVar("T")


def as_given(values: Iterable[T]) -> tuple[T, ...]:
    """Return ``values`` as a tuple; one text, which is no list, stays whole, for `check_lists` to find."""
    return values if isinstance(values, str) else tuple(values)  # type: ignore[return-value]


def check_lists(value: object, part: Part, *fields: str) -> None:
    """Tell of each of the named fields that is one text instead of a list, and make it a list."""
    for field in fields:
        given = getattr(value, field)
        if isinstance(given, str):
            part.problem(f"{field} is {given!r}, no list", f"Put it into a list: {field}=[{given!r}]")
            setattr(value, field, (given,))


def only(kind: type[T], given: Iterable[object], field: str, construct: Construct) -> tuple[T, ...]:
    """Return those of ``given`` that are of ``kind``, and tell what else there is."""
    from meshwright.charts.given import listed

    found = [of_kind(kind, each, field, construct) for each in listed(given, field, construct)]
    return tuple(each for each in found if each is not None)


def of_kind(kind: type[T], value: object, field: str, construct: Construct) -> T | None:
    """Return ``value`` if it is of ``kind``; None where a problem was told."""
    if isinstance(value, kind):
        return value
    from meshwright.charts.problem import problem

    said = repr(value) if isinstance(value, str | int | float | dict | None) else f"of type {type(value).__name__}"
    article = "an" if kind.__name__[0] in "AEIOU" else "a"
    problem(construct, f"{field} is {said}", f"Give {article} {kind.__name__}")
    return None
