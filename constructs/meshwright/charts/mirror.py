"""Copies of requests, whose answers nobody sees."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.backend import Target


class Mirror:
    """Send a copy of each request to another backend too; what it answers is thrown away.

    Args:
        to: Where the copies go.
        percent: Share of the requests that are copied, 0 to 100, in steps of 0.0001.

    Source: Istio reference, "Virtual Service", HTTPMirrorPolicy.
    """

    __slots__ = ("percent", "to")

    def __init__(self, to: Target, percent: float = 100) -> None:
        self.to = to
        self.percent = percent
