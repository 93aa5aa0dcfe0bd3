"""Faults on purpose: delays and aborts, to see what callers make of them."""

from __future__ import annotations

from meshwright.charts.duration import duration
from meshwright.charts.overloads import overload
from meshwright.charts.percent import percentage

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

    from meshwright.charts.environment import Environment
    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import Abort as AbortMessage
    from meshwright.imports.istio.networking import Delay as DelayMessage
    from meshwright.imports.istio.networking import HTTPFaultInjection

GRPC_STATUSES = (
    "OK",
    "CANCELLED",
    "UNKNOWN",
    "INVALID_ARGUMENT",
    "DEADLINE_EXCEEDED",
    "NOT_FOUND",
    "ALREADY_EXISTS",
    "PERMISSION_DENIED",
    "RESOURCE_EXHAUSTED",
    "FAILED_PRECONDITION",
    "ABORTED",
    "OUT_OF_RANGE",
    "UNIMPLEMENTED",
    "INTERNAL",
    "UNAVAILABLE",
    "DATA_LOSS",
    "UNAUTHENTICATED",
)


class Delay:
    """Hold requests back before they are sent on.

    Args:
        fixed: For how long.
        percent: Share of the requests, 0 to 100, in steps of 0.0001.
    """

    __slots__ = ("fixed", "percent")

    def __init__(self, fixed: timedelta, percent: float = 100) -> None:
        self.fixed = fixed
        self.percent = percent

    def to_istio(self, part: Part) -> DelayMessage:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import Delay as DelayMessage

        return DelayMessage(
            fixed_delay=duration(self.fixed, "fault.delay.fixed", part),
            percentage=percentage(self.percent, "fault.delay.percent", part),
        )


class Abort:
    """Answer requests with an error instead of sending them on.

    Args:
        status: HTTP status, 200 to 599.
        grpc_status: Instead, the name of a gRPC status: ``UNAVAILABLE``.
        percent: Share of the requests, 0 to 100, in steps of 0.0001.
    """

    __slots__ = ("grpc_status", "percent", "status")

    @overload
    def __init__(self, status: int, *, percent: float = 100) -> None: ...
    @overload
    def __init__(self, *, grpc_status: str, percent: float = 100) -> None: ...
    def __init__(self, status: int | None = None, *, grpc_status: str | None = None, percent: float = 100) -> None:
        self.status = status
        self.grpc_status = grpc_status
        self.percent = percent

    def to_istio(self, part: Part) -> AbortMessage:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import Abort as AbortMessage

        status, grpc_status = self.status, self.grpc_status
        if (status is None) is (grpc_status is None):
            part.problem("fault.abort has to have one status", "Give status or grpc_status")
            status = grpc_status = None
        if status is not None and (isinstance(status, bool) or not isinstance(status, int) or not 200 <= status <= 599):
            part.problem(f"fault.abort.status is {status!r}", "Give an HTTP status from 200 to 599")
            status = None
        if grpc_status is not None and grpc_status not in GRPC_STATUSES:
            part.problem(f"fault.abort.grpc_status is {grpc_status!r}", f"Give one of {', '.join(GRPC_STATUSES)}")
            grpc_status = None
        return AbortMessage(
            http_status=status,
            grpc_status=grpc_status,
            percentage=percentage(self.percent, "fault.abort.percent", part),
        )


class Fault:
    """What goes wrong on purpose; of both, the delay comes first.

    Source: Istio reference, "Virtual Service", HTTPFaultInjection.
    """

    __slots__ = ("abort", "delay")

    @overload
    def __init__(self, *, delay: Delay, abort: Abort | None = None) -> None: ...
    @overload
    def __init__(self, *, abort: Abort, delay: Delay | None = None) -> None: ...
    def __init__(self, *, delay: Delay | None = None, abort: Abort | None = None) -> None:
        self.delay = delay
        self.abort = abort

    def to_istio(self, part: Part, environment: Environment) -> HTTPFaultInjection:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import HTTPFaultInjection

        if not environment.faults:
            wrong = f"it has a fault, and the environment {environment.name!r} takes none"
            part.problem(
                wrong, "Give fault=None there (environment.faults tells), or let it take them with faults=True"
            )
        if self.delay is None and self.abort is None:
            part.problem("the fault has neither delay nor abort", "Give one of them, or both")
        for field, kind in (("delay", Delay), ("abort", Abort)):
            value = getattr(self, field)
            if value is not None and not isinstance(value, kind):
                part.problem(f"fault.{field} is {value!r}", f"Give {kind.__name__}(…)")
                setattr(self, field, None)
        return HTTPFaultInjection(
            delay=None if self.delay is None else self.delay.to_istio(part),
            abort=None if self.abort is None else self.abort.to_istio(part),
        )
