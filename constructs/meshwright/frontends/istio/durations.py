"""Durations as Istio objects write them: ``1.5s``, ``100ms``, ``1h30m``. Source: Go's ``time.ParseDuration``."""

import re
from datetime import timedelta
from functools import lru_cache

_PART = re.compile(r"(\d+)(?:\.(\d*))?(ns|us|µs|μs|ms|s|m|h)|\.(\d+)(ns|us|µs|μs|ms|s|m|h)", re.ASCII)
_NANOSECONDS = {
    "ns": 1,
    "us": 1000,
    "µs": 1000,
    "μs": 1000,
    "ms": 1_000_000,
    "s": 1_000_000_000,
    "m": 60_000_000_000,
    "h": 3_600_000_000_000,
}
_LONGEST = 2**63 - 1
_MOST_CHARACTERS = 200

NO_TIMEOUT = timedelta(0)


@lru_cache(maxsize=4096)
def _parse(text: str) -> int | None:
    negative = text.startswith("-")
    unsigned = text[1:] if text.startswith(("+", "-")) else text
    if unsigned == "0":
        return 0
    if len(unsigned) > _MOST_CHARACTERS:
        return None
    position, nanoseconds = 0, 0
    for part in _PART.finditer(unsigned):
        if part.start() != position:
            return None
        digits, unit = part[2] or part[4] or "", _NANOSECONDS[part[3] or part[5]]
        nanoseconds += int(part[1] or 0) * unit + int(digits or 0) * unit // 10 ** len(digits)
        position = part.end()
    if not position or position != len(unsigned) or nanoseconds > _LONGEST:
        return None
    return -nanoseconds if negative else nanoseconds


def parse_nanoseconds(value: object) -> int | None:
    """Return the exact duration, ``None`` where there is none or where it is not readable."""
    return _parse(value) if isinstance(value, str) else None


def parse_duration(value: object) -> timedelta | None:
    """Return the duration, ``None`` where there is none or where it is not readable.

    What is below a microsecond is cut off: Envoy itself waits in whole milliseconds.
    """
    nanoseconds = parse_nanoseconds(value)
    if nanoseconds is None:
        return None
    microseconds = timedelta(microseconds=abs(nanoseconds) // 1000)
    return -microseconds if nanoseconds < 0 else microseconds
