"""Whole numbers with limits, as fields of the API take them."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.problem import Part


def whole(value: int | None, field: str, part: Part, least: int = 0, most: int | None = None) -> int | None:
    """Return ``value``; None for None, and where a problem was told.

    Args:
        field: What it is called in messages.
        part: What problems are told of.
        least, most: The limits, which are valid themselves.
    """
    if value is None:
        return None
    limits = f"from {least} to {most}" if most is not None else f"of at least {least}"
    if isinstance(value, bool) or not isinstance(value, int):
        part.problem(f"{field} is {value!r}", f"Give a whole number {limits}")
        return None
    if value < least or (most is not None and value > most):
        part.problem(f"{field} is {value}", f"Give a whole number {limits}")
        return None
    return value


def port(value: int | None, field: str, part: Part) -> int | None:
    """Return the number of a port; None for None, and where a problem was told."""
    return whole(value, field, part, 1, 65535)


def percent(value: int | None, field: str, part: Part) -> int | None:
    """Return a whole percentage; None for None, and where a problem was told."""
    if isinstance(value, int) and not isinstance(value, bool) and not 0 <= value <= 100:
        part.problem(f"{field} is {value}", "Give a percentage from 0 to 100")
        return None
    return whole(value, field, part, 0, 100)


def one_of(value: str | None, known: tuple[str, ...], field: str, part: Part) -> str | None:
    """Return ``value`` if it is one of ``known``; None for None, and where a problem was told."""
    if value is not None and value not in known:
        part.problem(f"{field} is {value!r}", f"Give one of {', '.join(known)}")
        return None
    return value
