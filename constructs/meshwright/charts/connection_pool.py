"""How many connections and requests a host gets at once, and for how long connections live."""

from __future__ import annotations

from meshwright.charts.duration import duration
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.numbers import one_of, whole
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta
    from typing import Literal

    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import ConnectionPoolSettings, HTTPSettings, TCPSettings
    from meshwright.imports.istio.networking import TcpKeepalive as TcpKeepaliveMessage

H2_UPGRADES = ("DEFAULT", "DO_NOT_UPGRADE", "UPGRADE")


class TcpKeepalive:
    """Probes on connections that carry nothing.

    Args:
        time: Idle time before the first probe.
        interval: Time between probes.
        probes: How many go unanswered before the connection counts as dead.
    """

    __slots__ = ("interval", "probes", "time")

    def __init__(
        self, *, time: timedelta | None = None, interval: timedelta | None = None, probes: int | None = None
    ) -> None:
        self.time = time
        self.interval = interval
        self.probes = probes

    def to_istio(self, part: Part) -> TcpKeepaliveMessage:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import TcpKeepalive as TcpKeepaliveMessage

        return TcpKeepaliveMessage(
            time=duration(self.time, "connection_pool.tcp_keepalive.time", part),
            interval=duration(self.interval, "connection_pool.tcp_keepalive.interval", part),
            probes=whole(self.probes, "connection_pool.tcp_keepalive.probes", part, 1),
        )


@tells_misfits
class ConnectionPool(Written):
    """Limits on what one proxy sends to a host; what is beyond them is answered with 503.

    Args:
        max_connections: Open connections (HTTP/1.1 and TCP).
        connect_timeout: For a new connection; 10 seconds by default.
        tcp_keepalive: Probes on idle connections.
        tcp_idle_timeout: Close TCP connections that carried nothing for this long; one hour by default.
        max_connection_duration: Close connections of this age.
        http1_max_pending_requests: Requests that wait for a connection.
        http2_max_requests: Requests under way, also those of HTTP/1.1.
        max_requests_per_connection: Requests before a connection is closed; 1 switches keep-alive off.
        max_retries: Retries under way.
        idle_timeout: Close HTTP connections without requests for this long; one hour by default.
        h2_upgrade_policy: Whether HTTP/1.1 is sent as HTTP/2.
        use_client_protocol: Speak the HTTP version of the client.
        max_concurrent_streams: Requests at once on one connection of HTTP/2.
        http2_keepalive: Interval of HTTP/2 pings, and how long to wait for the answer.

    Source: Istio reference, "Destination Rule", ConnectionPoolSettings.
    """

    __slots__ = (
        "connect_timeout",
        "h2_upgrade_policy",
        "http1_max_pending_requests",
        "http2_keepalive",
        "http2_max_requests",
        "idle_timeout",
        "max_concurrent_streams",
        "max_connection_duration",
        "max_connections",
        "max_requests_per_connection",
        "max_retries",
        "tcp_idle_timeout",
        "tcp_keepalive",
        "use_client_protocol",
    )

    def __init__(
        self,
        *,
        max_connections: int | None = None,
        connect_timeout: timedelta | None = None,
        tcp_keepalive: TcpKeepalive | None = None,
        tcp_idle_timeout: timedelta | None = None,
        max_connection_duration: timedelta | None = None,
        http1_max_pending_requests: int | None = None,
        http2_max_requests: int | None = None,
        max_requests_per_connection: int | None = None,
        max_retries: int | None = None,
        idle_timeout: timedelta | None = None,
        h2_upgrade_policy: Literal["DEFAULT", "DO_NOT_UPGRADE", "UPGRADE"] | None = None,
        use_client_protocol: bool | None = None,
        max_concurrent_streams: int | None = None,
        http2_keepalive: tuple[timedelta, timedelta] | None = None,
    ) -> None:
        super().__init__()
        self.max_connections = max_connections
        self.connect_timeout = connect_timeout
        self.tcp_keepalive = tcp_keepalive
        self.tcp_idle_timeout = tcp_idle_timeout
        self.max_connection_duration = max_connection_duration
        self.http1_max_pending_requests = http1_max_pending_requests
        self.http2_max_requests = http2_max_requests
        self.max_requests_per_connection = max_requests_per_connection
        self.max_retries = max_retries
        self.idle_timeout = idle_timeout
        self.h2_upgrade_policy = h2_upgrade_policy
        self.use_client_protocol = use_client_protocol
        self.max_concurrent_streams = max_concurrent_streams
        self.http2_keepalive = http2_keepalive

    def to_istio(self, part: Part) -> ConnectionPoolSettings:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import ConnectionPoolSettings

        tcp = {key: value for key, value in self._tcp(part).items() if value is not None}
        http = {key: value for key, value in self._http(part).items() if value is not None}
        if all(getattr(self, field) is None for field in self.__slots__):
            part.problem("connection_pool limits nothing", "Give one of its fields, or leave it out")
        return ConnectionPoolSettings(
            tcp=tcp or None,  # type: ignore[typeddict-item]  # TCPSettings without what was left out
            http=http or None,  # type: ignore[typeddict-item]  # HTTPSettings without what was left out
        )

    def _tcp(self, part: Part) -> TCPSettings:
        from meshwright.imports.istio.networking import TCPSettings

        return TCPSettings(
            max_connections=whole(self.max_connections, "connection_pool.max_connections", part, 1),
            connect_timeout=duration(self.connect_timeout, "connection_pool.connect_timeout", part),
            tcp_keepalive=None if self.tcp_keepalive is None else self.tcp_keepalive.to_istio(part),
            idle_timeout=duration(self.tcp_idle_timeout, "connection_pool.tcp_idle_timeout", part),
            max_connection_duration=duration(
                self.max_connection_duration, "connection_pool.max_connection_duration", part
            ),
        )

    def _http(self, part: Part) -> HTTPSettings:
        from meshwright.imports.istio.networking import ConnectionKeepalive, HTTPSettings

        numbers = {
            field: whole(getattr(self, field), f"connection_pool.{field}", part, least)
            for field, least in (
                ("http1_max_pending_requests", 1),
                ("http2_max_requests", 1),
                ("max_requests_per_connection", 0),
                ("max_retries", 0),
                ("max_concurrent_streams", 1),
            )
        }
        upgrade = one_of(self.h2_upgrade_policy, H2_UPGRADES, "connection_pool.h2_upgrade_policy", part)
        if upgrade == "UPGRADE" and self.use_client_protocol:
            wrong = "connection_pool upgrades to HTTP/2 and yet keeps the client's protocol"
            part.problem(wrong, "Leave out use_client_protocol or h2_upgrade_policy")
        keepalive = None
        if self.http2_keepalive is not None:
            interval, wait = self.http2_keepalive
            keepalive = ConnectionKeepalive(
                interval=duration(interval, "the interval of connection_pool.http2_keepalive", part),
                timeout=duration(wait, "the timeout of connection_pool.http2_keepalive", part),
            )
        return HTTPSettings(
            http1_max_pending_requests=numbers["http1_max_pending_requests"],
            http2_max_requests=numbers["http2_max_requests"],
            max_requests_per_connection=numbers["max_requests_per_connection"],
            max_retries=numbers["max_retries"],
            max_concurrent_streams=numbers["max_concurrent_streams"],
            idle_timeout=duration(self.idle_timeout, "connection_pool.idle_timeout", part),
            h2_upgrade_policy=upgrade,  # type: ignore[typeddict-item]  # it is one of H2_UPGRADES
            use_client_protocol=self.use_client_protocol,
            http2_keep_alive=keepalive,
        )
