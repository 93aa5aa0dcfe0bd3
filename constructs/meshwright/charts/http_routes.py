"""The routes of a host: which requests go where."""

from __future__ import annotations

from meshwright.charts.backend import Backend, backend_of
from meshwright.charts.environment import Environment
from meshwright.charts.match import Match
from meshwright.charts.problem import problem
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from typing import TypeAlias

    from meshwright.charts.backend import HasBackend, Target
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.imports.istio.networking import HTTPRoute, HTTPRouteDestination

    Destinations: TypeAlias = Target | dict[Target, int]


class Route:
    """One rule: the requests that one of ``match`` describes, and where they go.

    Args:
        to: A target, or targets with their shares in percent, which sum to 100.
        match: Alternatives; without one the rule takes every request.
        name: Shown in access logs and by ``meshwright explain``.
        timeout: For the whole request, retries included; Istio sets none by default.
    """

    __slots__ = ("match", "name", "timeout", "to")

    def __init__(
        self,
        *,
        to: Destinations,
        match: Match | Sequence[Match] = (),
        name: str = "",
        timeout: timedelta | None = None,
    ) -> None:
        self.to = to
        self.match = (match,) if isinstance(match, Match) else tuple(match)
        self.name = name
        self.timeout = timeout


class HttpRoutes(Construct):
    """The VirtualService of some hosts; the first route that matches a request takes it.

    Args:
        hosts: Public host names, or apps (the host that other workloads of the mesh call them by).
        routes: In the order in which they are tried.
        gateways: The gateways that answer for the hosts. Without one, the routes are for callers inside the mesh.
        mesh: Whether callers inside the mesh use the routes too; by default only when there is no gateway.
        name: Name of the object; the id when left out.

    Attributes:
        virtual_service: The level-1 ``VirtualService``.

    Source: Istio reference, "Virtual Service".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosts: Sequence[str | HasBackend],
        routes: Sequence[Route],
        gateways: Sequence[IngressGateway] = (),
        mesh: bool | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.networking import VirtualService

        environment = Environment.of(self)
        self._check(hosts, routes, gateways, mesh)
        references = [gateway.reference for gateway in gateways]
        if mesh and references:
            references.append("mesh")
        self.virtual_service = VirtualService(
            self,
            "virtual-service",
            metadata={"name": name or id, "namespace": environment.namespace},
            hosts=[host if isinstance(host, str) else host.backend.host for host in hosts],
            gateways=references or None,
            http=[self._rule(route, position, environment) for position, route in enumerate(routes)],
        )

    def _check(
        self,
        hosts: Sequence[str | HasBackend],
        routes: Sequence[Route],
        gateways: Sequence[IngressGateway],
        mesh: bool | None,
    ) -> None:
        if not hosts:
            problem(self, "there is no host", "Name at least one: a public host name or an app")
        if not routes:
            problem(self, "there is no route", "Give at least one Route")
        if mesh is False and not gateways:
            problem(self, "mesh=False without a gateway: no request can come", "Give a gateway, or leave mesh out")
        seen: dict[str, int] = {}
        for position, route in enumerate(routes):
            if route.name and seen.setdefault(route.name, position) != position:
                problem(
                    self,
                    f"routes {seen[route.name]} and {position} are both named {route.name!r}",
                    "Give each route a name of its own",
                )

    def _rule(self, route: Route, position: int, environment: Environment) -> HTTPRoute:
        from meshwright.imports.istio.networking import HTTPRoute

        return HTTPRoute(
            name=route.name or None,
            match=[match.to_istio() for match in route.match] or None,
            route=self._destinations(route, position, environment),
            timeout=None if route.timeout is None else f"{route.timeout.total_seconds():g}s",
        )

    def _destinations(self, route: Route, position: int, environment: Environment) -> list[HTTPRouteDestination]:
        from meshwright.imports.istio.networking import HTTPRouteDestination

        shares: dict[Target, int | None] = {**route.to} if isinstance(route.to, dict) else {route.to: None}
        said = route.name or f"number {position}"
        weights = [weight for weight in shares.values() if weight is not None]
        for share in weights:
            if not 0 <= share <= 100:
                problem(self, f"a weight of route {said} is {share}", "Give percentages from 0 to 100")
        if weights and sum(weights) != 100:
            problem(self, f"the weights of route {said} sum to {sum(weights)}", "Make them sum to 100")
        found: dict[Backend, int | None] = {}
        for target, weight in shares.items():
            backend = backend_of(target, environment.namespace, environment.cluster_domain)
            if backend in found:
                problem(self, f"route {said} names {backend} twice", "Give each target once")
            found[backend] = weight
        return [
            HTTPRouteDestination(destination=backend.destination, weight=weight) for backend, weight in found.items()
        ]
