"""How the kubelet finds out whether a container works."""

from __future__ import annotations

from meshwright.charts.duration import milliseconds
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import port, whole
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

    from meshwright.charts.problem import Part
    from meshwright.imports.kubernetes.core import Probe as ProbeMessage


@tells_misfits
class Probe(Written):
    """A GET request of the kubelet; a status from 200 to 399 is good. Istio lets it through whatever the policies.

    Args:
        path: Of the request.
        port: That of the app when left out.
        initial_delay: Before the first; none by default.
        period: Between two; 10 seconds by default.
        timeout: For the answer; one second by default.
        failure_threshold: How many have to fail in a row; 3 by default.

    Source: Kubernetes docs, "Configure Liveness, Readiness and Startup Probes".
    """

    __slots__ = ("failure_threshold", "initial_delay", "path", "period", "port", "timeout")

    def __init__(
        self,
        path: str,
        *,
        port: int | None = None,
        initial_delay: timedelta | None = None,
        period: timedelta | None = None,
        timeout: timedelta | None = None,
        failure_threshold: int | None = None,
    ) -> None:
        super().__init__()
        self.path = path
        self.port = port
        self.initial_delay = initial_delay
        self.period = period
        self.timeout = timeout
        self.failure_threshold = failure_threshold

    def to_kubernetes(self, part: Part, port_name: str) -> ProbeMessage:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.kubernetes.core import HTTPGetAction
        from meshwright.imports.kubernetes.core import Probe as ProbeMessage

        if not self.path.startswith("/"):
            part.problem(f"path is {self.path!r}", "Start it with /")
        return ProbeMessage(
            http_get=HTTPGetAction(path=self.path, port=port(self.port, "port", part) or port_name, scheme="HTTP"),
            initial_delay_seconds=_seconds(self.initial_delay, "initial_delay", part),
            period_seconds=_seconds(self.period, "period", part) or 10,
            timeout_seconds=_seconds(self.timeout, "timeout", part) or 1,
            failure_threshold=whole(self.failure_threshold, "failure_threshold", part, 1) or 3,
            success_threshold=1,
        )


def _seconds(value: timedelta | None, field: str, part: Part) -> int | None:
    found = milliseconds(value, field, part)
    if found is not None and found % 1000:
        part.problem(f"{field} is {value}, finer than Kubernetes reads", "Give whole seconds")
        return None
    return None if found is None else found // 1000
