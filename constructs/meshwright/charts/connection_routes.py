"""What routes of TLS and of TCP have in common: they choose by connection, not by request."""

from __future__ import annotations

from meshwright.charts.destinations import backends_with_shares
from meshwright.charts.environment import Environment
from meshwright.charts.names import check_label, host_problem
from meshwright.charts.problem import Part, problem
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Generic, TypeVar

    from meshwright.charts.backend import HasBackend
    from meshwright.charts.http_app import HttpApp
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.charts.tcp_routes import TcpRoute
    from meshwright.charts.tls_routes import TlsRoute
    from meshwright.imports.istio.networking import RouteDestination

    R = TypeVar("R", bound=TcpRoute | TlsRoute)

    class _Base(Construct, Generic[R]):
        """A construct of routes of one kind."""
else:

    class _Base(Construct):
        """A construct, which takes the kind of its routes for nothing at run time."""

        def __class_getitem__(cls, kind):
            return cls

    R = None


class ConnectionRoutes(_Base[R]):
    """The base of ``TcpRoutes`` and ``TlsRoutes``."""

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosts: Sequence[str | HasBackend],
        routes: Sequence[R],
        gateways: Sequence[IngressGateway] = (),
        mesh: bool | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.networking import VirtualService

        self.environment = Environment.of(self)
        self.hosts = tuple(hosts)
        self.routes = tuple(routes)
        self.host_names = [host if isinstance(host, str) else host.backend.host for host in hosts]
        self.parts = [Part(self, f"route {position}", route) for position, route in enumerate(self.routes)]
        check_label(self, name or id)
        self._check_hosts(bool(gateways))
        if not routes:
            problem(self, "there is no route", "Give at least one")
        for route, part in zip(self.routes, self.parts, strict=True):
            port = route.port
            if port is not None and (isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65536):
                part.problem(f"port is {port!r}", "Give a number from 1 to 65535")
                route.port = None
        self._check_routes()
        references = [gateway.reference for gateway in gateways]
        if mesh and references:
            references.append("mesh")
        if mesh is False and not references:
            problem(self, "mesh=False without a gateway: no connection can come", "Give a gateway, or leave mesh out")
        self.virtual_service = VirtualService(
            self,
            "virtual-service",
            metadata={"name": name or id, "namespace": self.environment.namespace},
            hosts=[host for host in self.host_names if isinstance(host, str)],
            gateways=references or None,
            **self._rules(),  # type: ignore[arg-type]  # tls or tcp, each with its own messages
        )

    def _check_hosts(self, outside: bool) -> None:
        if not self.hosts:
            problem(self, "there is no host", "Name at least one: a host name or an app")
        for host in self.host_names:
            wrong = host_problem(host, self.environment.namespace, self.environment.cluster_domain)
            if wrong is not None:
                problem(self, *wrong)
            elif host == "*" and not outside:
                problem(self, "host '*' cannot be for callers inside the mesh", "Name hosts, or give a gateway")

    def _check_routes(self) -> None:
        raise TypeError("make TcpRoutes or TlsRoutes")

    def _rules(self) -> dict[str, object]:
        raise TypeError("make TcpRoutes or TlsRoutes")


def callers(app: HttpApp[Any] | None) -> tuple[dict[str, str] | None, str | None]:
    """Return labels and namespace of the workloads of an app; None for every caller."""
    return (None, None) if app is None else ({"app": app.name}, Environment.of(app).namespace)


def destinations(to: object, environment: Environment, part: Part) -> list[RouteDestination]:
    """Return the level-1 messages of where connections go."""
    from meshwright.imports.istio.networking import RouteDestination

    return [
        RouteDestination(destination=backend.destination, weight=weight)
        for backend, weight in backends_with_shares(to, environment, part).items()
    ]
