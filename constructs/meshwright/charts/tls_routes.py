"""Routes of TLS connections that are passed through, by the name that the client asks for (SNI)."""

from __future__ import annotations

from meshwright.charts.connection_routes import ConnectionRoutes, callers, destinations
from meshwright.charts.given import several
from meshwright.charts.names import is_host
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from meshwright.charts.http_app import HttpApp
    from meshwright.charts.problem import Part
    from meshwright.charts.route import Destinations
    from meshwright.charts.server import Server
    from meshwright.imports.istio.networking import TLSRoute


class TlsRoute(Written):
    """Where TLS connections go, which stay encrypted.

    Args:
        to: A target, or targets with their shares in percent, which sum to 100.
        sni_hosts: Names that the client asks for, inside the hosts of the routes; all of these when left out.
        port: Only connections to this port.
        source: Only connections of this app.

    Source: Istio reference, "Virtual Service", TLSRoute.
    """

    __slots__ = ("port", "sni_hosts", "source", "to")

    def __init__(
        self,
        *,
        to: Destinations,
        sni_hosts: Sequence[str] = (),
        port: int | None = None,
        source: HttpApp[Any] | None = None,
    ) -> None:
        super().__init__()
        self.to = to
        self.sni_hosts = several(sni_hosts)
        self.port = port
        self.source = source


class TlsRoutes(ConnectionRoutes[TlsRoute]):
    """The VirtualService of hosts that are called by TLS which nobody opens on the way.

    Args:
        hosts: Host names, or apps.
        routes: In the order in which they are tried.
        gateways: The gateways with a server that passes TLS through. Without one, the routes are for callers inside the
            mesh.
        mesh: Whether callers inside the mesh use the routes too; by default only when there is no gateway.
        name: Name of the object; the id when left out.

    Attributes:
        virtual_service: The level-1 ``VirtualService``.

    Source: Istio reference, "Virtual Service", TLSRoute.
    """

    _kind = "TlsRoute"
    _wanted = "passes TLS through"
    _remedy = "Add Server.tls_passthrough(…); what a server decrypts is taken by HttpRoutes or TcpRoutes"

    def _takes(self, server: Server) -> bool:
        return server.protocol == "TLS" and server.tls is None

    def _check_routes(self) -> None:
        taken: dict[tuple[str, int | None, object], str] = {}
        for route, part in zip(self.routes, self.parts, strict=True):
            for name in route.sni_hosts or self.host_names:
                if not is_host(name):
                    part.problem(f"sni_hosts has {name!r}, which is no host name", "Give DNS labels joined by dots")
                elif not any(_inside(name, host) for host in self.host_names):
                    said = ", ".join(map(str, self.host_names))
                    part.problem(f"sni_hosts has {name!r}, which lies in none of the hosts", f"Hosts are {said}")
                before = taken.setdefault((str(name), route.port, route.source), part.said)
                if before != part.said:
                    part.problem(f"{before} takes {name!r} first", "Name it in one route")

    def _rules(self) -> dict[str, object]:
        return {"tls": [self._rule(route, part) for route, part in zip(self.routes, self.parts, strict=True)]}

    def _rule(self, route: TlsRoute, part: Part) -> TLSRoute:
        from meshwright.imports.istio.networking import TLSMatchAttributes, TLSRoute

        labels, namespace = callers(route.source)
        match = TLSMatchAttributes(
            sni_hosts=[str(name) for name in route.sni_hosts or self.host_names],
            port=route.port,
            source_labels=labels,
            source_namespace=namespace,
        )
        return TLSRoute(match=[match], route=destinations(route.to, self.environment, part))


def _inside(name: str, host: str) -> bool:
    return host in ("*", name) or (host.startswith("*.") and name.removeprefix("*").endswith(host[1:]))
