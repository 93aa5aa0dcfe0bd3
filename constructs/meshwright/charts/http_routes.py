"""The routes of a host: which requests go where."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.delegate import check_delegation
from meshwright.charts.environment import Environment
from meshwright.charts.given import GATEWAYS, host_names, listed, only, only_routes
from meshwright.charts.http_rules import check_routes, istio_rules, parts_of
from meshwright.charts.names import admits, host_problem
from meshwright.charts.problem import problem
from meshwright.charts.route_references import OtherRoutes, References
from meshwright.charts.written import note_lines
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    from meshwright.charts.backend import Target
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
        host_names: The hosts as they are written in the object.
        virtual_service: The level-1 ``VirtualService``.
        http_route: The level-1 ``HTTPRoute``, with ``api="gateway"``.

    Source: Istio reference, "Virtual Service"; Gateway API reference, "HTTPRoute".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosts: Sequence[str | Target],
        routes: Sequence[Route],
        gateways: Sequence[IngressGateway | GatewayApiGateway] = (),
        mesh: bool | None = None,
        name: str | None = None,
        api: Literal["istio", "gateway"] = "istio",
    ) -> None:
        super().__init__(scope, id)
        self.name = name or id
        self.environment = Environment.of(self)
        self.hosts = listed(hosts, "hosts", self)
        self.host_names = host_names(self, self.hosts)
        self.gateways = only(listed(gateways, "gateways", self), "gateways", GATEWAYS, self)
        self.mesh = not self.gateways if mesh is None else mesh
        self.routes = only_routes(self, listed(routes, "routes", self))
        self.api = api
        self._check(mesh)
        references = [gateway.reference for gateway in self.gateways]
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
        self.node.add_validation(References(self, self.routes, self.parts))
        self.node.add_validation(OtherRoutes(self))

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

        made = VirtualService(
            self,
            "virtual-service",
            metadata={"name": self.name, "namespace": self.environment.namespace},
            hosts=self.host_names,
            gateways=references or None,
            http=istio_rules(self.routes, self.parts, self.environment),
        )
        note_lines(made, "spec.http", self.routes)
        return made

    def _check(self, mesh: bool | None) -> None:
        claim_name(
            self, "HTTPRoute" if self.api == "gateway" else "VirtualService", self.environment.namespace, self.name
        )
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
        served = {host for gateway in self.gateways for host in gateway.hosts}
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
            elif self.gateways and not self.mesh and not any(admits(taken, host) for taken in served):
                said = ", ".join(sorted(served)) or "none by HTTP"
                problem(self, f"no gateway listens for host {host!r}", f"They listen for {said}")
