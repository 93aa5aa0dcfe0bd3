"""The Gateway of the Kubernetes Gateway API, as a twin of Istio's own."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshwright.imports.gateway_api import Gateway, Listener
    from meshwright.tree import Construct

GATEWAY_CLASS = "istio"


def make_gateway(
    construct: Construct,
    *,
    name: str,
    namespace: str,
    servers: Sequence[tuple[str, int, str, str]],
    class_name: str = GATEWAY_CLASS,
    labels: Mapping[str, str] | None = None,
) -> Gateway:
    """Return a Gateway in ``construct``, open for routes of every namespace.

    Args:
        servers: Of each listener the protocol (HTTP, HTTPS, TLS, TCP), the port, the host (``*`` for every
            one), and the Secret with its certificate, empty for none; TLS without one is passed through.
        labels: For the objects that Istio makes of it.
    """
    from meshwright.imports.gateway_api import Gateway, GatewayInfrastructure

    listeners: list[Listener] = []
    for position, (protocol, port, host, credential) in enumerate(servers):
        listeners.append(_listener(f"{protocol.lower()}-{port}-{position}", protocol, port, host, credential))
    return Gateway(
        construct,
        "gateway",
        metadata={"name": name, "namespace": namespace},
        gateway_class_name=class_name,
        listeners=listeners,
        infrastructure=GatewayInfrastructure(labels=labels) if labels else None,
    )


def _listener(name: str, protocol: str, port: int, host: str, credential: str) -> Listener:
    from meshwright.imports.gateway_api import (
        AllowedRoutes,
        Listener,
        ListenerTLSConfig,
        RouteNamespaces,
        SecretObjectReference,
    )

    tls = None
    if credential:
        tls = ListenerTLSConfig(mode="Terminate", certificate_refs=[SecretObjectReference(name=credential)])
    elif protocol == "TLS":
        tls = ListenerTLSConfig(mode="Passthrough")
    return Listener(
        name=name,
        protocol=protocol,
        port=port,
        hostname=None if host == "*" else host,
        tls=tls,
        allowed_routes=AllowedRoutes(namespaces=RouteNamespaces(from_="All")),
    )
