"""Durations as Istio objects write them: ``1.5s``, ``100ms``, ``1h30m``."""

import re
from datetime import timedelta
from functools import lru_cache

_PART = re.compile(r"(\d+\.?\d*|\.\d+)(ns|us|µs|μs|ms|s|m|h)")
_SECONDS = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "μs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}

NO_TIMEOUT = timedelta(0)


@lru_cache(maxsize=4096)
def _parse(text: str) -> timedelta | None:
    unsigned = text.lstrip("+-")
    if unsigned == "0":
        return NO_TIMEOUT
    position, seconds = 0, 0.0
    for part in _PART.finditer(unsigned):
        if part.start() != position:
            return None
        seconds += float(part[1]) * _SECONDS[part[2]]
        position = part.end()
    if not position or position != len(unsigned):
        return None
    try:
        return timedelta(seconds=-seconds if text.startswith("-") else seconds)
    except OverflowError:
        return timedelta.max


def parse_duration(value: object) -> timedelta | None:
    """Return the duration, ``None`` where there is none or where it is not readable."""
    return _parse(value) if isinstance(value, str) else None
