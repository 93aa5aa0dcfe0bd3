"""Which protocol Istio takes a port to speak, from its name, appProtocol, number and transport.

Source: Istio docs, "Protocol Selection". ``UNSUPPORTED`` means that nobody said: the proxy looks at the first bytes.
"""

from collections.abc import Mapping
from typing import Any

from meshwright.frontends.istio.objects import integer

UNSUPPORTED = ""
"""No protocol was declared, the proxy detects HTTP by itself."""

_KNOWN = {
    "tcp": "TCP",
    "udp": "UDP",
    "grpc": "GRPC",
    "grpc-web": "GRPC-Web",
    "http": "HTTP",
    "http_proxy": "HTTP_PROXY",
    "http2": "HTTP2",
    "https": "HTTPS",
    "tls": "TLS",
    "mongo": "Mongo",
    "redis": "Redis",
    "mysql": "MySQL",
}
_KUBERNETES_APP_PROTOCOLS = {"kubernetes.io/h2c": "HTTP2", "kubernetes.io/ws": "HTTP", "kubernetes.io/wss": "HTTPS"}
_SERVER_SPEAKS_FIRST = frozenset({25, 53, 3306, 27017})
_HTTP = frozenset({"HTTP", "HTTP2", "HTTP_PROXY", "GRPC", "GRPC-Web"})
_TLS = frozenset({"HTTPS", "TLS"})
_TCP = frozenset({"TCP", "HTTPS", "TLS", "Mongo", "Redis", "MySQL"})


def parse_protocol(name: object) -> str:
    """Return the protocol that a ``protocol:`` field of Istio's own kinds names, ``UNSUPPORTED`` for other words."""
    return _KNOWN.get(str(name or "").lower(), UNSUPPORTED)


def protocol_of_port(port: Mapping[str, Any]) -> str:
    """Return the protocol of a port of a Kubernetes Service.

    UDP stays UDP. Else ``appProtocol``, and without it the port's name up to its first hyphen, decides. Where neither
    names a protocol, ports on which servers speak first (25, 53, 3306, 27017) are TCP, all others are detected.
    """
    if port.get("protocol") == "UDP":
        return "UDP"
    name = str(port.get("name") or "")
    app_protocol = port.get("appProtocol")
    if app_protocol is not None:
        name = str(app_protocol)
        if name in _KUBERNETES_APP_PROTOCOLS:
            return _KUBERNETES_APP_PROTOCOLS[name]
    name = name.lower()
    if name.startswith("grpc-web"):
        return "GRPC-Web"
    protocol = _KNOWN.get(name.partition("-")[0], UNSUPPORTED)
    if protocol == UNSUPPORTED and integer(port.get("port")) in _SERVER_SPEAKS_FIRST:
        return "TCP"
    return protocol


def is_http(protocol: str) -> bool:
    """Tell whether a port of this protocol gets HTTP routes."""
    return protocol in _HTTP


def is_http_or_sniffed(protocol: str) -> bool:
    """Tell whether a port gets HTTP routes, declared or found out by looking."""
    return protocol in _HTTP or protocol == UNSUPPORTED


def is_tls(protocol: str) -> bool:
    """Tell whether connections begin with a TLS handshake that carries a server name."""
    return protocol in _TLS


def is_tcp(protocol: str) -> bool:
    """Tell whether a port is declared to carry bytes that are no HTTP, TLS included."""
    return protocol in _TCP
