"""How often a failed request is tried again."""

from __future__ import annotations

from meshwright.charts.duration import duration
from meshwright.charts.given import several

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from typing import Literal, TypeAlias

    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import HTTPRetry

    RetryOn: TypeAlias = (
        Literal[
            "5xx",
            "gateway-error",
            "reset",
            "reset-before-request",
            "connect-failure",
            "retriable-4xx",
            "refused-stream",
            "retriable-status-codes",
            "retriable-headers",
            "envoy-ratelimited",
            "http3-post-connect-failure",
            "cancelled",
            "deadline-exceeded",
            "internal",
            "resource-exhausted",
            "unavailable",
        ]
        | int
    )

CONDITIONS = (
    "5xx",
    "gateway-error",
    "reset",
    "reset-before-request",
    "connect-failure",
    "retriable-4xx",
    "refused-stream",
    "retriable-status-codes",
    "retriable-headers",
    "envoy-ratelimited",
    "http3-post-connect-failure",
    "cancelled",
    "deadline-exceeded",
    "internal",
    "resource-exhausted",
    "unavailable",
)


class Retries:
    """Try a failed request again; without it, Istio tries two more times.

    Args:
        attempts: How often at most after the first try; 0 for never.
        per_try_timeout: For each try; the timeout of the route when left out.
        on: What counts as failed: conditions by Envoy's names, or statuses as numbers. Istio's default when left out.
        backoff: Time before the first further try, which then grows.
        remote_localities: Whether further tries may go to other localities.

    Source: Istio reference, "Virtual Service", HTTPRetry; Envoy docs, "Router", x-envoy-retry-on.
    """

    __slots__ = ("attempts", "backoff", "on", "per_try_timeout", "remote_localities")

    def __init__(
        self,
        attempts: int,
        *,
        per_try_timeout: timedelta | None = None,
        on: Sequence[RetryOn] = (),
        backoff: timedelta | None = None,
        remote_localities: bool | None = None,
    ) -> None:
        self.attempts = attempts
        self.per_try_timeout = per_try_timeout
        self.on = on
        self.backoff = backoff
        self.remote_localities = remote_localities

    def to_istio(self, timeout: timedelta | None, part: Part) -> HTTPRetry:
        """Return the level-1 message, and tell what is wrong with it.

        Args:
            timeout: That of the route.
        """
        from meshwright.imports.istio.networking import HTTPRetry

        attempts: int | None = self.attempts
        if isinstance(attempts, bool) or not isinstance(attempts, int) or attempts < 0:
            part.problem(f"retries.attempts is {attempts!r}", "Give a whole number, 0 for no retries")
            attempts = None
        elif attempts == 0 and (self.per_try_timeout is not None or self.on or self.remote_localities is not None):
            part.problem(
                "retries are switched off by attempts=0, but described", "Give attempts, or leave the rest out"
            )
        per_try = duration(self.per_try_timeout, "retries.per_try_timeout", part)
        comparable = isinstance(timeout, type(self.per_try_timeout))  # what is no timedelta was told already
        if per_try is not None and comparable and self.per_try_timeout > timeout:  # type: ignore[operator]
            part.problem(
                f"retries.per_try_timeout {self.per_try_timeout} is longer than the timeout {timeout} of all tries",
                "Make it shorter",
            )
        return HTTPRetry(
            attempts=attempts,
            per_try_timeout=per_try,
            retry_on=self._conditions(part),
            backoff=duration(self.backoff, "retries.backoff", part),
            retry_remote_localities=self.remote_localities,
        )

    def _conditions(self, part: Part) -> str | None:
        said: list[str] = []
        given = several(self.on)
        for condition in given:
            known = condition in CONDITIONS or (isinstance(condition, int) and 100 <= condition <= 599)
            if not known:
                remedy = f"Give a status, or some of {', '.join(CONDITIONS)}"
                part.problem(f"retries.on has {condition!r}, which is no condition", remedy)
            said.append(str(condition))
        return ",".join(said) or None
