"""Shares of requests, in percent."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import Percent

_STEP = 10_000  # of a percent: what Envoy can tell apart


def percentage(value: float, field: str, part: Part) -> Percent | None:
    """Return the level-1 message of a share of requests; None where a problem was told.

    Args:
        value: 0 to 100, in steps of 0.0001.
        field: What it is called in messages.
        part: What problems are told of.
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        part.problem(f"{field} is {value!r}", "Give a number from 0 to 100")
        return None
    if not 0 <= value <= 100:
        part.problem(f"{field} is {value}", "Give a percentage from 0 to 100")
        return None
    if abs(value * _STEP - round(value * _STEP)) > 1e-6:
        part.problem(f"{field} is {value}, finer than a proxy counts", "Give steps of 0.0001 percent")
        return None
    from meshwright.imports.istio.networking import Percent

    return Percent(value=value)
