"""Connection pools. Source: Istio reference, "Destination Rule", ConnectionPoolSettings."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.values import duration_flaw, readable_flaw
from meshwright.frontends.istio.durations import parse_nanoseconds
from meshwright.frontends.istio.objects import integer, section

_HTTP_COUNTS = (
    "http1MaxPendingRequests",
    "http2MaxRequests",
    "maxRequestsPerConnection",
    "maxRetries",
    "maxConcurrentStreams",
)
_MILLISECOND = 1_000_000


def pool_faults(path: str, pool: Mapping[str, Any]) -> Faults:
    """Find what istiod has against a connection pool."""
    http, tcp = pool.get("http"), pool.get("tcp")
    if not isinstance(http, dict) and not isinstance(tcp, dict):
        yield Fault(path, "the connection pool says nothing", "Give it http or tcp.")
    if isinstance(http, dict):
        yield from _http_faults(f"{path}.http", http)
    if isinstance(tcp, dict):
        yield from _tcp_faults(f"{path}.tcp", tcp)


def _http_faults(path: str, http: Mapping[str, Any]) -> Faults:
    for field in _HTTP_COUNTS:
        yield from _negative(path, http, field)
    yield from at(f"{path}.idleTimeout", duration_flaw(http.get("idleTimeout")))
    if http.get("h2UpgradePolicy") == "UPGRADE" and http.get("useClientProtocol") is True:
        wrong = "useClientProtocol keeps what clients speak, and h2UpgradePolicy changes it"
        yield Fault(f"{path}.useClientProtocol", wrong, "Remove one of the two.")
    keepalive = http.get("http2KeepAlive")
    if isinstance(keepalive, dict):
        for field in ("interval", "timeout"):
            where = f"{path}.http2KeepAlive.{field}"
            if keepalive.get(field) is None:
                yield Fault(where, f"http2KeepAlive has no {field}", "Give interval and timeout.")
            yield from at(where, duration_flaw(keepalive.get(field)))


def _tcp_faults(path: str, tcp: Mapping[str, Any]) -> Faults:
    yield from _negative(path, tcp, "maxConnections")
    for field in ("connectTimeout", "maxConnectionDuration"):
        yield from at(f"{path}.{field}", duration_flaw(tcp.get(field)))
    idle = tcp.get("idleTimeout")
    switched_off = abs(parse_nanoseconds(idle) or 0) < _MILLISECOND
    yield from at(f"{path}.idleTimeout", readable_flaw(idle) if switched_off else duration_flaw(idle))
    keepalive = section(tcp.get("tcpKeepalive"))
    for field in ("time", "interval"):
        yield from at(f"{path}.tcpKeepalive.{field}", duration_flaw(keepalive.get(field)))


def _negative(path: str, settings: Mapping[str, Any], field: str) -> Faults:
    if integer(settings.get(field)) < 0:
        yield Fault(f"{path}.{field}", f"{field} is {settings[field]}", "Give 0 or more.")
