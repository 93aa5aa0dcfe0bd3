"""Values as protobuf's JSON writes them. Source: protobuf docs, "ProtoJSON Format"."""

from datetime import timedelta
from math import inf, nextafter
from typing import Any

JSON = dict[str, Any]
TYPE = "type.googleapis.com/"


def duration(value: timedelta) -> str:
    """Return a Duration: ``10s``, ``1.500s``, ``0.000250s`` (0, 3 or 6 digits after the point)."""
    return exact_duration(value // timedelta(microseconds=1) * 1000)


def exact_duration(nanoseconds: int) -> str:
    """Return a Duration of 0, 3, 6 or 9 digits after the point."""
    sign = "-" if nanoseconds < 0 else ""
    seconds, rest = divmod(abs(nanoseconds), 1_000_000_000)
    digits = f"{rest:09d}"
    while digits.endswith("000"):
        digits = digits[:-3]
    return f"{sign}{seconds}.{digits}s" if digits else f"{sign}{seconds}s"


def read_duration(text: str) -> timedelta:
    """Return the time that a Duration says; what is below a microsecond is cut off."""
    nanoseconds = read_exact_duration(text)
    microseconds = timedelta(microseconds=abs(nanoseconds) // 1000)
    return -microseconds if nanoseconds < 0 else microseconds


def read_exact_duration(text: str) -> int:
    """Return the nanoseconds that a Duration says."""
    seconds, _, digits = text.removesuffix("s").removeprefix("-").partition(".")
    nanoseconds = int(seconds) * 1_000_000_000 + int(digits.ljust(9, "0"))
    return -nanoseconds if text.startswith("-") else nanoseconds


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
