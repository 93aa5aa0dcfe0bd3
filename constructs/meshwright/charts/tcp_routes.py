"""Routes of connections that are no HTTP, by port and caller."""

from __future__ import annotations

from meshwright.charts.connection_routes import ConnectionRoutes, callers, destinations
from meshwright.charts.given import several
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any

    from meshwright.charts.http_app import HttpApp
    from meshwright.charts.problem import Part
    from meshwright.charts.route import Destinations
    from meshwright.charts.server import Server
    from meshwright.imports.istio.networking import L4MatchAttributes, TCPRoute


class TcpRoute(Written):
    """Where connections go.

    Args:
        to: A target, or targets with their shares in percent, which sum to 100.
        port: Only connections to this port, by the number of the gateway's server or of the Service.
        source: Only connections of this app.
        destination_subnets: Only connections to these addresses, as IP or CIDR.

    Source: Istio reference, "Virtual Service", TCPRoute.
    """

    __slots__ = ("destination_subnets", "port", "source", "to")

    def __init__(
        self,
        *,
        to: Destinations,
        port: int | None = None,
        source: HttpApp[Any] | None = None,
        destination_subnets: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.to = to
        self.port = port
        self.source = source
        self.destination_subnets = several(destination_subnets)

    @property
    def takes_all(self) -> bool:
        """Whether it takes every connection."""
        return self.port is None and self.source is None and not self.destination_subnets


class TcpRoutes(ConnectionRoutes[TcpRoute]):
    """The VirtualService of hosts that are called by TCP.

    Args:
        hosts: Apps, or host names; on a gateway ``*`` is usual, since TCP names no host.
        routes: In the order in which they are tried.
        gateways: The gateways that take the connections. Without one, the routes are for callers inside the mesh.
        mesh: Whether callers inside the mesh use the routes too; by default only when there is no gateway.
        name: Name of the object; the id when left out.

    Attributes:
        virtual_service: The level-1 ``VirtualService``.

    Source: Istio reference, "Virtual Service", TCPRoute.
    """

    _kind = "TcpRoute"
    _wanted = "takes TCP"
    _remedy = "Add Server.tcp(…), or Server.tls_terminated(…) for TCP inside of TLS"

    def _takes(self, server: Server) -> bool:
        return server.protocol in ("TCP", "MONGO") or (server.protocol == "TLS" and server.tls is not None)

    def _check_routes(self) -> None:
        for position, part in enumerate(self.parts[1:], 1):
            if any(route.takes_all for route in self.routes[:position]):
                part.problem(
                    "it gets no connection, an earlier route takes them all", "Put it first, or narrow the other"
                )

    def _rules(self) -> dict[str, object]:
        return {"tcp": [self._rule(route, part) for route, part in zip(self.routes, self.parts, strict=True)]}

    def _rule(self, route: TcpRoute, part: Part) -> TCPRoute:
        from meshwright.imports.istio.networking import L4MatchAttributes, TCPRoute

        match: list[L4MatchAttributes] | None = None
        if not route.takes_all:
            labels, namespace = callers(route.source)
            subnets = list(route.destination_subnets) or None
            match = [
                L4MatchAttributes(
                    port=route.port, source_labels=labels, source_namespace=namespace, destination_subnets=subnets
                )
            ]
        return TCPRoute(match=match, route=destinations(route.to, self.environment, part))
