"""The routes of a host: which requests go where."""

from __future__ import annotations

from meshwright.charts.delegate import check_delegation
from meshwright.charts.environment import Environment
from meshwright.charts.http_rules import check_routes, istio_rules, parts_of
from meshwright.charts.names import check_label, host_problem
from meshwright.charts.problem import problem
from meshwright.charts.route_references import References
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from meshwright.charts.backend import HasBackend
    from meshwright.charts.gateway_api import GatewayApiGateway
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.charts.route import Route
    from meshwright.imports.gateway_api import HTTPRoute
    from meshwright.imports.istio.networking import VirtualService
    from meshwright.tree import ApiObject


class HttpRoutes(Construct):
    """The VirtualService of some hosts; the first route that matches a request takes it.

    Args:
        hosts: Public host names, or apps (the host that other workloads of the mesh call them by).
        routes: In the order in which they are tried.
        gateways: The gateways that answer for the hosts, of the same API. Without one, the routes are for callers
            inside the mesh.
        mesh: Whether callers inside the mesh use the routes too; by default only when there is no gateway.
        name: Name of the object; the id when left out.
        api: ``gateway`` for an HTTPRoute of the Gateway API instead, which can say less: a field that it cannot say is
            told as a problem.

    Attributes:
        virtual_service: The level-1 ``VirtualService``.
        http_route: The level-1 ``HTTPRoute``, with ``api="gateway"``.

    Source: Istio reference, "Virtual Service"; Gateway API reference, "HTTPRoute".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosts: Sequence[str | HasBackend],
        routes: Sequence[Route],
        gateways: Sequence[IngressGateway | GatewayApiGateway] = (),
        mesh: bool | None = None,
        name: str | None = None,
        api: Literal["istio", "gateway"] = "istio",
    ) -> None:
        super().__init__(scope, id)
        self.name = name or id
        self.environment = Environment.of(self)
        self.hosts = tuple(hosts)
        self.gateways = tuple(gateways)
        self.mesh = not gateways if mesh is None else mesh
        self.routes = tuple(routes)
        self.api = api
        self._check(mesh)
        references = [gateway.reference for gateway in gateways]
        if self.mesh and references:
            references.append("mesh")
        self.parts = parts_of(self, self.routes)
        check_routes(self.routes, self.parts, references or ("mesh",))
        for route, part in zip(self.routes, self.parts, strict=True):
            check_delegation(route, part)
        if api == "gateway":
            from meshwright.charts.gateway_api_routes import make_http_route

            self._object: ApiObject = make_http_route(self)
        else:
            self._object = self._make_virtual_service(references)
        self.node.add_validation(References(self))

    @property
    def host_names(self) -> list[str]:
        """The hosts as they are written in the object."""
        return [host if isinstance(host, str) else host.backend.host for host in self.hosts]

    @property
    def virtual_service(self) -> VirtualService:
        """The level-1 ``VirtualService``.

        Raises:
            ConfigurationError: There is none with ``api="gateway"``.
        """
        if self.api == "gateway":
            raise self.error('with api="gateway" there is no VirtualService', "Take http_route")
        return self._object  # type: ignore[return-value]  # made so above

    @property
    def http_route(self) -> HTTPRoute:
        """The level-1 ``HTTPRoute`` of the Gateway API.

        Raises:
            ConfigurationError: There is none without ``api="gateway"``.
        """
        if self.api != "gateway":
            raise self.error('there is an HTTPRoute only with api="gateway"', "Take virtual_service")
        return self._object  # type: ignore[return-value]  # made so above

    def _make_virtual_service(self, references: list[str]) -> VirtualService:
        from meshwright.imports.istio.networking import VirtualService

        return VirtualService(
            self,
            "virtual-service",
            metadata={"name": self.name, "namespace": self.environment.namespace},
            hosts=[host for host in self.host_names if isinstance(host, str)],
            gateways=references or None,
            http=istio_rules(self.routes, self.parts, self.environment),
        )

    def _check(self, mesh: bool | None) -> None:
        check_label(self, self.name)
        if self.api not in ("istio", "gateway"):
            problem(self, f"api is {self.api!r}", "Give istio or gateway")
        if not self.hosts:
            problem(self, "there is no host", "Name at least one: a public host name or an app")
        if not self.routes:
            problem(self, "there is no route", "Give at least one Route")
        if mesh is False and not self.gateways:
            problem(self, "mesh=False without a gateway: no request can come", "Give a gateway, or leave mesh out")
        for gateway in self.gateways:
            if self.api == "istio" and getattr(gateway, "api", "istio") == "gateway":
                remedy = "Take an IngressGateway, or api='gateway' here, too"
                problem(
                    self,
                    f"gateway {gateway.name!r} is one of the Gateway API, which no VirtualService can name",
                    remedy,
                )
        names = self.host_names
        for position, host in enumerate(names):
            if host in names[:position]:
                problem(self, f"host {host!r} stands there twice", "Name it once")
                continue
            wrong = host_problem(host, self.environment.namespace, self.environment.cluster_domain)
            if wrong is not None:
                problem(self, *wrong)
            elif host == "*" and self.mesh:
                problem(self, "host '*' cannot be for callers inside the mesh", "Name hosts, or give a gateway")
            elif self.gateways and not self.mesh and not any(_admits(gateway, host) for gateway in self.gateways):
                said = ", ".join(sorted({taken for gateway in self.gateways for taken in gateway.hosts}))
                problem(self, f"no gateway listens for host {host!r}", f"They listen for {said}")


def _admits(gateway: IngressGateway | GatewayApiGateway, host: str) -> bool:
    return any(_overlap(taken.rpartition("/")[2].lower(), host.lower()) for taken in gateway.hosts)


def _overlap(taken: str, host: str) -> bool:
    if taken == host or "*" in (taken, host):
        return True
    for wide, narrow in ((taken, host), (host, taken)):
        if wide.startswith("*.") and narrow.removeprefix("*").endswith(wide[1:]) and narrow != wide[1:]:
            return True
    return False
