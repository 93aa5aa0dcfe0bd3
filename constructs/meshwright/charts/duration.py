"""Durations: timedelta for users, the API's text on the wire."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

    from meshwright.charts.problem import Part

_MILLISECOND = 1000  # in microseconds
_UNITS = {"ms": "milliseconds", "s": "seconds", "m": "minutes", "h": "hours"}
_VALID = "its units are weeks, days, hours, minutes, seconds and milliseconds"


def duration(value: timedelta | None, field: str, part: Part) -> str | None:
    """Return the API's text of a duration: ``1.5s``; None for None, and where a problem was told.

    Args:
        field: What it is called in messages.
        part: What problems are told of: no timedelta, shorter than a millisecond, or finer than that.
    """
    whole = milliseconds(value, field, part)
    if whole is None:
        return None
    seconds, rest = divmod(whole, 1000)
    return f"{seconds}.{rest:03}".rstrip("0").rstrip(".") + "s"


def milliseconds(value: timedelta | None, field: str, part: Part) -> int | None:
    """Return a duration in whole milliseconds; None for None, and where a problem was told."""
    if value is None:
        return None
    from datetime import timedelta

    if not isinstance(value, timedelta):
        part.problem(*_no_timedelta(value, field))
        return None
    microseconds = (value.days * 86400 + value.seconds) * 1_000_000 + value.microseconds
    if microseconds < _MILLISECOND:
        part.problem(f"{field} is {value}", "Give at least one millisecond")
        return None
    if microseconds % _MILLISECOND:
        part.problem(f"{field} is {value}, finer than Istio reads", "Give whole milliseconds")
        return None
    return microseconds // _MILLISECOND


def _no_timedelta(value: object, field: str) -> tuple[str, str]:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return f"{field} is {value!r}, no duration", f"Give a timedelta; {_VALID}"
    if not isinstance(value, str):
        return f"{field} is {value!r}, a number without a unit", f"Give timedelta(seconds={value})"
    number = value.strip().rstrip("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZµ").strip()
    unit = value.strip()[len(number) :].strip()
    if unit in _UNITS and number.replace(".", "", 1).isdigit():
        return f"{field} is {value!r}, a text", f"Give timedelta({_UNITS[unit]}={number})"
    if unit:
        return f"{field} is {value!r}, with the unknown time unit {unit!r}", f"Give a timedelta; {_VALID}"
    return f"{field} is {value!r}, a text without a time unit", f"Give a timedelta; {_VALID}"
