"""Which workload behind a host takes the next request."""

from __future__ import annotations

from meshwright.charts.duration import duration
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import one_of, percent, whole
from meshwright.charts.overloads import overload
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import timedelta
    from typing import Literal, TypeAlias

    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import (
        ConsistentHashLB,
        HTTPCookie,
        LoadBalancerSettings,
        LocalityLoadBalancerSetting,
        WarmupConfiguration,
    )

    Simple: TypeAlias = Literal["ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "PASSTHROUGH"]

SIMPLE = ("ROUND_ROBIN", "LEAST_REQUEST", "RANDOM", "PASSTHROUGH")


@tells_misfits
class HashCookie:
    """A cookie that keeps a client with one workload.

    Args:
        name: Of the cookie.
        ttl: How long the client keeps it; ``timedelta(0)`` for its session. Envoy makes the cookie where it is missing.
            Left out: only a cookie that is there counts.
        path: Of the cookie.
        attributes: Further attributes, such as ``{"SameSite": "Strict"}``.
    """

    __slots__ = ("attributes", "name", "path", "ttl")

    def __init__(
        self,
        name: str,
        *,
        ttl: timedelta | None = None,
        path: str | None = None,
        attributes: Mapping[str, str] | None = None,
    ) -> None:
        self.name = name
        self.ttl = ttl
        self.path = path
        self.attributes = dict(attributes or {})

    def to_istio(self, part: Part) -> HTTPCookie:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import Attribute, HTTPCookie

        session = self.ttl is not None and not self.ttl
        return HTTPCookie(
            name=self.name,
            path=self.path,
            ttl="0s" if session else duration(self.ttl, "load_balancer.consistent_hash.cookie.ttl", part),
            attributes=[Attribute(name=name, value=value) for name, value in self.attributes.items()] or None,
        )


@tells_misfits
class ConsistentHash:
    """Send alike requests to the same workload, as long as it is there.

    Args:
        header, cookie, query_parameter, source_ip: What makes requests alike; one of them.
        minimum_ring_size: Entries of the ring; more of them spread the load better.
        maglev_table_size: Use Maglev instead of a ring, with a table of this prime size.

    Source: Istio reference, "Destination Rule", LoadBalancerSettings.ConsistentHashLB.
    """

    __slots__ = ("cookie", "header", "maglev_table_size", "minimum_ring_size", "query_parameter", "source_ip")

    @overload
    def __init__(
        self, *, header: str, minimum_ring_size: int | None = None, maglev_table_size: int | None = None
    ) -> None: ...
    @overload
    def __init__(
        self, *, cookie: HashCookie, minimum_ring_size: int | None = None, maglev_table_size: int | None = None
    ) -> None: ...
    @overload
    def __init__(
        self, *, query_parameter: str, minimum_ring_size: int | None = None, maglev_table_size: int | None = None
    ) -> None: ...
    @overload
    def __init__(
        self, *, source_ip: Literal[True], minimum_ring_size: int | None = None, maglev_table_size: int | None = None
    ) -> None: ...
    def __init__(
        self,
        *,
        header: str | None = None,
        cookie: HashCookie | None = None,
        query_parameter: str | None = None,
        source_ip: bool = False,
        minimum_ring_size: int | None = None,
        maglev_table_size: int | None = None,
    ) -> None:
        self.header = header
        self.cookie = cookie
        self.query_parameter = query_parameter
        self.source_ip = source_ip
        self.minimum_ring_size = minimum_ring_size
        self.maglev_table_size = maglev_table_size

    def to_istio(self, part: Part) -> ConsistentHashLB:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import ConsistentHashLB, MagLev, RingHash

        field = "load_balancer.consistent_hash"
        given = [each for each in (self.header, self.cookie, self.query_parameter, self.source_ip or None) if each]
        if len(given) != 1:
            part.problem(
                f"{field} has {len(given)} of header, cookie, query_parameter and source_ip", "Give one of them"
            )
            return ConsistentHashLB()
        ring = whole(self.minimum_ring_size, f"{field}.minimum_ring_size", part, 1)
        table = whole(self.maglev_table_size, f"{field}.maglev_table_size", part, 2, 5_000_010)
        if ring is not None and table is not None:
            part.problem(f"{field} has both minimum_ring_size and maglev_table_size", "Give one of them")
            ring = None
        if table is not None and any(table % number == 0 for number in range(2, int(table**0.5) + 1)):
            part.problem(f"{field}.maglev_table_size is {table}, which is no prime", "Give a prime, such as 65537")
        return ConsistentHashLB(
            http_header_name=self.header,
            http_cookie=None if self.cookie is None else self.cookie.to_istio(part),
            http_query_parameter_name=self.query_parameter,
            use_source_ip=self.source_ip or None,
            ring_hash=None if ring is None else RingHash(minimum_ring_size=ring),
            maglev=None if table is None else MagLev(table_size=table),
        )


@tells_misfits
class Locality:
    """Prefer workloads by where they run.

    Args:
        distribute: From a locality (``region/zone/sub-zone``, ``*`` at its end for all) to the shares of others, in
            percent, which sum to 100.
        failover: From a region to the one that takes over.
        failover_priority: Labels whose values callers and workloads should share, the most important first.
        enabled: False switches off what the mesh does by default.

    Failover only happens where unhealthy workloads are known: give ``outlier_detection``, too.

    Source: Istio reference, "Destination Rule", LocalityLoadBalancerSetting.
    """

    __slots__ = ("distribute", "enabled", "failover", "failover_priority")

    def __init__(
        self,
        *,
        distribute: Mapping[str, Mapping[str, int]] | None = None,
        failover: Mapping[str, str] | None = None,
        failover_priority: Sequence[str] = (),
        enabled: bool | None = None,
    ) -> None:
        self.distribute = {source: dict(shares) for source, shares in (distribute or {}).items()}
        self.failover = dict(failover or {})
        self.failover_priority = tuple(failover_priority)
        self.enabled = enabled

    def to_istio(self, part: Part) -> LocalityLoadBalancerSetting:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import (
            Distribute,
            LocalityLoadBalancerSetting,
            LocalityLoadBalancerSettingFailover,
        )

        if self.distribute and (self.failover or self.failover_priority):
            part.problem("load_balancer.locality has both distribute and failover", "Give one of them")
        for source, shares in self.distribute.items():
            self._check_shares(source, shares, part)
        for source, target in self.failover.items():
            if source == target:
                part.problem(f"load_balancer.locality fails over from {source!r} to itself", "Name another region")
            elif "/" in source + target or "*" in source + target:
                wrong = f"load_balancer.locality.failover has {source!r}: {target!r}"
                part.problem(wrong, "Name regions alone, without zones and *")
        return LocalityLoadBalancerSetting(
            distribute=[Distribute(from_=source, to=shares) for source, shares in self.distribute.items()] or None,
            failover=[
                LocalityLoadBalancerSettingFailover(from_=source, to=target) for source, target in self.failover.items()
            ]
            or None,
            failover_priority=list(self.failover_priority) or None,
            enabled=self.enabled,
        )

    def _check_shares(self, source: str, shares: Mapping[str, int], part: Part) -> None:
        field = f"load_balancer.locality.distribute[{source!r}]"
        good = [percent(share, f"{field}[{target!r}]", part) for target, share in shares.items()]
        known = [share for share in good if share is not None]
        if len(known) == len(good) and sum(known) != 100:
            part.problem(f"the shares of {field} sum to {sum(known)}", "Make them sum to 100")


class Warmup:
    """Give new workloads their share of requests little by little.

    Args:
        duration: Until a new workload gets its full share.
        minimum_percent: What it gets at first, in percent.
        aggression: How the share grows: 1 evenly, more for faster at first.
    """

    __slots__ = ("aggression", "duration", "minimum_percent")

    def __init__(
        self, duration: timedelta, *, minimum_percent: float | None = None, aggression: float | None = None
    ) -> None:
        self.duration = duration
        self.minimum_percent = minimum_percent
        self.aggression = aggression

    def to_istio(self, part: Part) -> WarmupConfiguration | None:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import WarmupConfiguration

        length = duration(self.duration, "load_balancer.warmup.duration", part)
        least, growth = self.minimum_percent, self.aggression
        if least is not None and (not isinstance(least, int | float) or not 0 <= least <= 100):
            part.problem(f"load_balancer.warmup.minimum_percent is {least!r}", "Give a percentage from 0 to 100")
            least = None
        if growth is not None and (not isinstance(growth, int | float) or growth < 1):
            part.problem(f"load_balancer.warmup.aggression is {growth!r}", "Give a number of at least 1")
            growth = None
        if length is None:
            return None
        return WarmupConfiguration(duration=length, minimum_percent=least, aggression=growth)


@tells_misfits
class LoadBalancer(Written):
    """How requests are spread over the workloads of a host.

    Args:
        simple: An algorithm; ``LEAST_REQUEST`` is Istio's default.
        consistent_hash: Instead, by what the request carries.
        locality: Prefer some places.
        warmup: Go easy on new workloads; for ``ROUND_ROBIN`` and ``LEAST_REQUEST``.

    Source: Istio reference, "Destination Rule", LoadBalancerSettings.
    """

    __slots__ = ("consistent_hash", "locality", "simple", "warmup")

    def __init__(
        self,
        simple: Simple | None = None,
        *,
        consistent_hash: ConsistentHash | None = None,
        locality: Locality | None = None,
        warmup: Warmup | None = None,
    ) -> None:
        super().__init__()
        self.simple = simple
        self.consistent_hash = consistent_hash
        self.locality = locality
        self.warmup = warmup

    def to_istio(self, part: Part) -> LoadBalancerSettings:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import LoadBalancerSettings

        simple = one_of(self.simple, SIMPLE, "load_balancer.simple", part)
        if simple is not None and self.consistent_hash is not None:
            part.problem(f"load_balancer is both {simple} and by consistent_hash", "Give one of them")
            simple = None
        if self.warmup is not None and (self.consistent_hash is not None or simple in ("RANDOM", "PASSTHROUGH")):
            said = simple or "consistent_hash"
            part.problem(f"load_balancer.warmup has no effect with {said}", "Use ROUND_ROBIN or LEAST_REQUEST")
        return LoadBalancerSettings(
            simple=simple,  # type: ignore[typeddict-item]  # it is one of SIMPLE
            consistent_hash=None if self.consistent_hash is None else self.consistent_hash.to_istio(part),
            locality_lb_setting=None if self.locality is None else self.locality.to_istio(part),
            warmup=None if self.warmup is None else self.warmup.to_istio(part),
        )
