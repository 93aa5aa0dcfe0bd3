"""How proxies treat a host that requests are sent to: load balancing, limits, ejection, TLS."""

from __future__ import annotations

from meshwright.charts.duration import duration
from meshwright.charts.load_balancer import LoadBalancer
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import one_of, port, whole
from meshwright.charts.problem import Part
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from datetime import timedelta
    from typing import Literal

    from meshwright.charts.client_tls import ClientTls
    from meshwright.charts.connection_pool import ConnectionPool
    from meshwright.charts.load_balancer import Simple
    from meshwright.charts.outlier_detection import OutlierDetection
    from meshwright.imports.istio.networking import PortTrafficPolicy
    from meshwright.imports.istio.networking import RetryBudget as RetryBudgetMessage
    from meshwright.imports.istio.networking import TrafficPolicy as TrafficPolicyMessage


class RetryBudget:
    """How many retries there may be, as a share of the requests under way.

    Args:
        percent: The share, in percent; 20 by default.
        min_retry_concurrency: Retries that are always allowed; 3 by default.
        interval: Count the requests of the last time span instead of those under way.
    """

    __slots__ = ("interval", "min_retry_concurrency", "percent")

    def __init__(
        self,
        percent: float | None = None,
        *,
        min_retry_concurrency: int | None = None,
        interval: timedelta | None = None,
    ) -> None:
        self.percent = percent
        self.min_retry_concurrency = min_retry_concurrency
        self.interval = interval

    def to_istio(self, part: Part) -> RetryBudgetMessage:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import RetryBudget as RetryBudgetMessage

        share = self.percent
        if share is not None and (not isinstance(share, int | float) or not 0 <= share <= 100):
            part.problem(f"retry_budget.percent is {share!r}", "Give a percentage from 0 to 100")
            share = None
        return RetryBudgetMessage(
            percent=share,
            min_retry_concurrency=whole(self.min_retry_concurrency, "retry_budget.min_retry_concurrency", part),
            budget_interval=duration(self.interval, "retry_budget.interval", part),
        )


_KINDS = {
    "load_balancer": "RANDOM or LoadBalancer(…)",
    "connection_pool": "ConnectionPool(…)",
    "outlier_detection": "OutlierDetection(…)",
    "tls": "ClientTls(…)",
}


@tells_misfits
class TrafficPolicy(Written):
    """What holds for the requests to a host, a subset or a port, once the route is chosen.

    Args:
        load_balancer: An algorithm, or a `LoadBalancer`.
        connection_pool: Limits.
        outlier_detection: When a failing workload is left out.
        tls: How proxies encrypt; Istio's own way when left out.
        ports: Other policies for single ports of the host. As in Istio, nothing of the outer policy is passed on to
            them: what is to hold for the port, too, has to be said there again.
        proxy_protocol: Tell the workload the client's address by the PROXY protocol of this version.
        retry_budget: Limit on retries.

    Source: Istio reference, "Destination Rule", TrafficPolicy.
    """

    __slots__ = (
        "connection_pool",
        "load_balancer",
        "outlier_detection",
        "ports",
        "proxy_protocol",
        "retry_budget",
        "tls",
    )

    def __init__(
        self,
        *,
        load_balancer: Simple | LoadBalancer | None = None,
        connection_pool: ConnectionPool | None = None,
        outlier_detection: OutlierDetection | None = None,
        tls: ClientTls | None = None,
        ports: Mapping[int, TrafficPolicy] | None = None,
        proxy_protocol: Literal["V1", "V2"] | None = None,
        retry_budget: RetryBudget | None = None,
    ) -> None:
        super().__init__()
        self.load_balancer = load_balancer
        self.connection_pool = connection_pool
        self.outlier_detection = outlier_detection
        self.tls = tls
        self.ports = dict(ports or {})
        self.proxy_protocol = proxy_protocol
        self.retry_budget = retry_budget

    def to_istio(self, part: Part, known_ports: Iterable[int] | None = None) -> TrafficPolicyMessage:
        """Return the level-1 message, and tell what is wrong with it.

        Args:
            part: What problems are told of.
            known_ports: The ports of the host; None where they are not known.
        """
        from meshwright.imports.istio.networking import ProxyProtocol, TrafficPolicy

        part = Part(part.construct, part.said, self)
        version = one_of(self.proxy_protocol, ("V1", "V2"), "proxy_protocol", part)
        known = None if known_ports is None else sorted(known_ports)
        fields = TrafficPolicy(
            port_level_settings=[each.port_level(number, part, known) for number, each in self.ports.items()] or None,
            retry_budget=None if self.retry_budget is None else self.retry_budget.to_istio(part),
        )
        fields.update(self._common(part))  # type: ignore[typeddict-item]  # the fields that both messages have
        if version is not None:
            fields["proxy_protocol"] = ProxyProtocol(version=version)  # type: ignore[typeddict-item]  # V1 or V2
        return fields

    def port_level(self, number: int, outer: Part, known: list[int] | None) -> PortTrafficPolicy:
        """Return the level-1 message of this policy for one port."""
        from meshwright.imports.istio.networking import PortSelector, PortTrafficPolicy

        part = Part(outer.construct, f"{outer.said} of port {number}", self)
        if port(number, "the port", part) is not None and known is not None and number not in known:
            part.problem(f"the host has no port {number}", f"It has {', '.join(map(str, known))}")
        for field in ("ports", "proxy_protocol", "retry_budget"):
            if getattr(self, field):
                part.problem(f"{field} cannot be said for one port", "Say it in the outer policy")
        fields = PortTrafficPolicy(port=PortSelector(number=number))
        fields.update(self._common(part))  # type: ignore[typeddict-item]  # the fields that both messages have
        return fields

    def _common(self, part: Part) -> dict[str, object]:
        if not any(getattr(self, field) for field in self.__slots__):
            part.problem("the policy says nothing", "Give one of its fields, or leave it out")
        balancer = LoadBalancer(self.load_balancer) if isinstance(self.load_balancer, str) else self.load_balancer
        nested = {
            "load_balancer": balancer,
            "connection_pool": self.connection_pool,
            "outlier_detection": self.outlier_detection,
            "tls": self.tls,
        }
        fields: dict[str, object] = {}
        for field, value in nested.items():
            if value is None or not hasattr(value, "to_istio"):
                if value is not None:
                    part.problem(f"{field} is {value!r}", f"Give a value such as {_KINDS[field]}")
                continue
            inner = part if value is balancer is not self.load_balancer else Part(part.construct, part.said, value)
            fields[field] = value.to_istio(inner)
        return fields
