"""Values as protobuf's JSON writes them. Source: protobuf docs, "ProtoJSON Format"."""

from datetime import timedelta
from math import inf, nextafter
from typing import Any

JSON = dict[str, Any]
TYPE = "type.googleapis.com/"


def duration(value: timedelta) -> str:
    """Return a Duration: ``10s``, ``1.500s``, ``0.000250s`` (0, 3 or 6 digits after the point)."""
    microseconds = round(value / timedelta(microseconds=1))
    sign = "-" if microseconds < 0 else ""
    seconds, rest = divmod(abs(microseconds), 1_000_000)
    if not rest:
        return f"{sign}{seconds}s"
    if rest % 1000:
        return f"{sign}{seconds}.{rest:06d}s"
    return f"{sign}{seconds}.{rest // 1000:03d}s"


def read_duration(text: str) -> timedelta:
    """Return the time that a Duration says, to the microsecond."""
    return timedelta(microseconds=round(float(text.removesuffix("s")) * 1_000_000))


def fraction(percent: float, denominator: int) -> JSON:
    """Return a FractionalPercent; parts that are smaller than one of ``denominator`` are cut off, as istiod does."""
    if denominator == 100:
        return without_defaults({"numerator": int(percent)})
    return without_defaults({"numerator": int(percent * 10_000), "denominator": "MILLION"})


def read_fraction(value: JSON) -> float:
    """Return the percentage that a FractionalPercent says, such that ``fraction`` writes it again as it was."""
    numerator = value.get("numerator", 0)
    parts = {"HUNDRED": 1, "TEN_THOUSAND": 100, "MILLION": 10_000}[value.get("denominator", "HUNDRED")]
    percent = float(numerator) / parts
    return percent if int(percent * parts) == numerator else nextafter(percent, inf)


def without_defaults(message: JSON) -> JSON:
    """Return ``message`` without the fields that hold ``None``, nothing, zero or ``False``."""
    return {key: value for key, value in message.items() if value not in (None, "", 0, [], {})}
