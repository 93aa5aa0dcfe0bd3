"""When a workload that keeps failing gets no requests for a while."""

from __future__ import annotations

from meshwright.charts.duration import duration
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import percent, whole
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta

    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import OutlierDetection as OutlierDetectionMessage


@tells_misfits
class OutlierDetection(Written):
    """Take workloads that fail out of the load balancing for a while.

    Args:
        consecutive_5xx_errors: Answers of 500 and above in a row, and failed connections; 5 by default, 0 for never.
        consecutive_gateway_errors: Only 502, 503, 504 and failed connections; never by default.
        consecutive_local_origin_failures: Failed connections and timeouts alone; with
            ``split_external_local_origin_errors``.
        split_external_local_origin_errors: Count the workload's own errors and failed connections apart.
        interval: How often it is looked at; 10 seconds by default.
        base_ejection_time: How long a workload stays out the first time; each time longer. 30 seconds by default.
        max_ejection_percent: Share of the workloads that may be out at once; 10 by default.
        min_health_percent: Below this share of healthy workloads, all get requests again; 0 by default.
        http_error_codes: Which statuses count as errors.

    Source: Istio reference, "Destination Rule", OutlierDetection.
    """

    __slots__ = (
        "base_ejection_time",
        "consecutive_5xx_errors",
        "consecutive_gateway_errors",
        "consecutive_local_origin_failures",
        "http_error_codes",
        "interval",
        "max_ejection_percent",
        "min_health_percent",
        "split_external_local_origin_errors",
    )

    def __init__(
        self,
        *,
        consecutive_5xx_errors: int | None = None,
        consecutive_gateway_errors: int | None = None,
        consecutive_local_origin_failures: int | None = None,
        split_external_local_origin_errors: bool | None = None,
        interval: timedelta | None = None,
        base_ejection_time: timedelta | None = None,
        max_ejection_percent: int | None = None,
        min_health_percent: int | None = None,
        http_error_codes: Sequence[int] = (),
    ) -> None:
        super().__init__()
        self.consecutive_5xx_errors = consecutive_5xx_errors
        self.consecutive_gateway_errors = consecutive_gateway_errors
        self.consecutive_local_origin_failures = consecutive_local_origin_failures
        self.split_external_local_origin_errors = split_external_local_origin_errors
        self.interval = interval
        self.base_ejection_time = base_ejection_time
        self.max_ejection_percent = max_ejection_percent
        self.min_health_percent = min_health_percent
        self.http_error_codes = tuple(http_error_codes)

    def to_istio(self, part: Part) -> OutlierDetectionMessage:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import OutlierDetection as OutlierDetectionMessage

        if self.consecutive_local_origin_failures and not self.split_external_local_origin_errors:
            part.problem(
                "outlier_detection.consecutive_local_origin_failures does not count by itself",
                "Set split_external_local_origin_errors=True, too",
            )
        for code in self.http_error_codes:
            whole(code, "outlier_detection.http_error_codes", part, 100, 599)
        field = "outlier_detection"
        return OutlierDetectionMessage(
            consecutive5xx_errors=whole(self.consecutive_5xx_errors, f"{field}.consecutive_5xx_errors", part),
            consecutive_gateway_errors=whole(
                self.consecutive_gateway_errors, f"{field}.consecutive_gateway_errors", part
            ),
            consecutive_local_origin_failures=whole(
                self.consecutive_local_origin_failures, f"{field}.consecutive_local_origin_failures", part
            ),
            split_external_local_origin_errors=self.split_external_local_origin_errors,
            interval=duration(self.interval, f"{field}.interval", part),
            base_ejection_time=duration(self.base_ejection_time, f"{field}.base_ejection_time", part),
            max_ejection_percent=percent(self.max_ejection_percent, f"{field}.max_ejection_percent", part),
            min_health_percent=percent(self.min_health_percent, f"{field}.min_health_percent", part),
            outlier_detection_http_error_codes=list(self.http_error_codes) or None,
        )
