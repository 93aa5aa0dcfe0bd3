"""What routes of TLS and of TCP have in common: they choose by connection, not by request."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.destinations import backends_with_shares
from meshwright.charts.environment import Environment
from meshwright.charts.given import host_names, is_a, listed, only
from meshwright.charts.names import admits, host_problem
from meshwright.charts.problem import Part, problem
from meshwright.charts.route_references import References
from meshwright.charts.written import note_lines
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Generic, TypeVar

    from meshwright.charts.backend import Target
    from meshwright.charts.http_app import HttpApp
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.charts.server import Server
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
        hosts: Sequence[str | Target],
        routes: Sequence[R],
        gateways: Sequence[IngressGateway] = (),
        mesh: bool | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.networking import VirtualService

        self.environment = Environment.of(self)
        self.gateways = only(listed(gateways, "gateways", self), "gateways", ["IngressGateway"], self)
        self.routes = only(listed(routes, "routes", self), "routes", [self._kind], self)
        self.host_names = host_names(self, listed(hosts, "hosts", self))
        self.parts = [Part(self, f"route {position}", route) for position, route in enumerate(self.routes)]
        claim_name(self, "VirtualService", self.environment.namespace, name or id)
        self._check_hosts(mesh)
        if not self.routes:
            problem(self, "there is no route", "Give at least one")
        for route, part in zip(self.routes, self.parts, strict=True):
            port = route.port
            if port is not None and (isinstance(port, bool) or not isinstance(port, int) or not 0 < port < 65536):
                part.problem(f"port is {port!r}", "Give a number from 1 to 65535")
                route.port = None
            if route.source is not None and not is_a(route.source, "HttpApp"):
                part.problem(f"source is {route.source!r}", "Pass an app")
                route.source = None
        self._check_routes()
        references = [gateway.reference for gateway in self.gateways]
        if mesh and references:
            references.append("mesh")
        rules = self._rules()
        self.virtual_service = VirtualService(
            self,
            "virtual-service",
            metadata={"name": name or id, "namespace": self.environment.namespace},
            hosts=self.host_names,
            gateways=references or None,
            **rules,  # type: ignore[arg-type]  # tls or tcp, each with its own messages
        )
        for field in rules:
            note_lines(self.virtual_service, f"spec.{field}", self.routes)
        self.node.add_validation(References(self, self.routes, self.parts))

    def _check_hosts(self, mesh: bool | None) -> None:
        if not self.host_names:
            problem(self, "there is no host", "Name at least one: a host name or an app")
        if mesh is False and not self.gateways:
            problem(self, "mesh=False without a gateway: no connection can come", "Give a gateway, or leave mesh out")
        servers = [server for gateway in self.gateways for server in gateway.servers if self._takes(server)]
        if self.gateways and not servers:
            problem(self, f"no server of its gateways {self._wanted}", self._remedy)
        for host in self.host_names:
            wrong = host_problem(host, self.environment.namespace, self.environment.cluster_domain)
            if wrong is not None:
                problem(self, *wrong)
            elif host == "*" and not self.gateways:
                problem(self, "host '*' cannot be for callers inside the mesh", "Name hosts, or give a gateway")
            elif servers and not mesh and not any(admits(taken, host) for server in servers for taken in server.hosts):
                said = ", ".join(sorted({taken for server in servers for taken in server.hosts}))
                problem(self, f"no server of its gateways is there for host {host!r}", f"They are there for {said}")
        ports = {server.port for server in servers}
        for route, part in zip(self.routes, self.parts, strict=True):
            if route.port is not None and servers and not mesh and route.port not in ports:
                part.problem(f"no server of its gateways has port {route.port}", f"They have {_said(ports)}")

    _kind = _wanted = _remedy = ""

    def _takes(self, server: Server) -> bool:
        raise TypeError("make TcpRoutes or TlsRoutes")

    def _check_routes(self) -> None:
        raise TypeError("make TcpRoutes or TlsRoutes")

    def _rules(self) -> dict[str, object]:
        raise TypeError("make TcpRoutes or TlsRoutes")


def _said(ports: set[int]) -> str:
    return ", ".join(map(str, sorted(ports)))


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
