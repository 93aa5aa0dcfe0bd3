"""What can only be said of routes when the whole app is there: whether what they name exists, and who else names it."""

from __future__ import annotations

from meshwright.charts.environment import Environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from meshwright.charts.backend import Backend
    from meshwright.charts.http_routes import HttpRoutes
    from meshwright.charts.known_objects import KnownObjects
    from meshwright.charts.problem import Part
    from meshwright.charts.route import Route
    from meshwright.charts.tcp_routes import TcpRoute
    from meshwright.charts.tls_routes import TlsRoute
    from meshwright.errors import ConfigurationError
    from meshwright.tree import Construct


class References:
    """The validation at synth of what routes name.

    Args:
        construct: The construct that has the routes.
        routes, parts: They, and what they are called in messages.
    """

    __slots__ = ("_construct", "_parts", "_routes")

    def __init__(
        self, construct: Construct, routes: Sequence[Route | TcpRoute | TlsRoute], parts: Sequence[Part]
    ) -> None:
        self._construct = construct
        self._routes = routes
        self._parts = parts

    def validate(self) -> list[ConfigurationError]:
        """Return what is wrong."""
        from meshwright.charts.known_objects import known_objects

        self._leave_to_others(known_objects(self._construct))
        # what was found before is asked again of the tree as it is now: it may have grown since
        return list(self._problems(known_objects(self._construct))) and list(
            self._problems(known_objects(self._construct, anew=True))
        )

    def _leave_to_others(self, known: KnownObjects) -> None:
        """Have the checks live with Services that the program says others deploy beside its own."""
        domain = Environment.of(self._construct).cluster_domain
        for backend, _, _ in self._backends(elsewhere=True):
            service = backend.service(domain)
            if service is None or not known.complete or (service[1], service[0]) in known.services:
                continue
            if any(space == service[1] for space, _ in known.services):
                self._construct.ignore("MW102", "others deploy what its routes lead to")

    def _problems(self, known: KnownObjects) -> Iterator[ConfigurationError]:
        domain = Environment.of(self._construct).cluster_domain
        for backend, said, at in self._backends():
            wrong = _missing(backend, known, domain)
            if wrong is not None:
                yield self._construct.error(f"{said}: {wrong[0]}", wrong[1], at)

    def _backends(self, *, elsewhere: bool = False) -> Iterator[tuple[Backend, str, str]]:
        from collections.abc import Mapping

        from meshwright.charts.backend import Backend

        for route, part in zip(self._routes, self._parts, strict=True):
            targets = [*route.to] if isinstance(route.to, Mapping) else [route.to]
            for target in [*targets, *(mirror.to for mirror in getattr(route, "mirror", ()))]:
                if isinstance(target, Backend) and target.elsewhere is elsewhere:
                    yield target, part.said, route.written_at


def _missing(backend: Backend, known: KnownObjects, domain: str) -> tuple[str, str] | None:
    host = backend.host
    service = backend.service(domain)
    if service is None:
        name, _, rest = str(host).partition(".")
        if (rest, name) in known.services:
            return f"host {host!r} is no Service for Istio", f"Pass the app itself, or write {host}.svc.{domain}"
        return None
    name, namespace = service
    if (namespace, name) not in known.services:
        own = sorted(other for space, other in known.services if space == namespace)
        if not own or not known.complete:
            return None
        return (
            f"no Service {name!r} is in namespace {namespace!r} (there are {', '.join(own)})",
            "Pass the app itself, or say Backend(…, elsewhere=True) if others deploy it",
        )
    ports = known.ports((namespace, name))
    if ports and backend.port not in ports:
        return f"Service {name!r} has no port {backend.port}", f"It has {', '.join(map(str, sorted(ports)))}"
    if backend.subset and backend.subset not in (subsets := known.subsets(host, domain)):
        has = f"defined are {', '.join(sorted(subsets))}" if subsets else "none is defined"
        return f"Service {name!r} has no subset {backend.subset!r}", f"Name a defined one: {has}"
    return None


class OtherRoutes:
    """The validation at synth of routes beside others of the same host.

    Args:
        routes: The construct that is validated.
    """

    __slots__ = ("_routes",)

    def __init__(self, routes: HttpRoutes) -> None:
        self._routes = routes

    def validate(self) -> list[ConfigurationError]:
        """Return what is wrong."""
        from meshwright.charts.known_objects import known_objects

        known = known_objects(self._routes)
        if not known.knows(self._routes):
            known = known_objects(self._routes, anew=True)
        return list(self._problems(known))

    def _problems(self, known: KnownObjects) -> Iterator[ConfigurationError]:
        own = self._routes
        seen: set[HttpRoutes] = set()
        for host in own.host_names:
            for other in known.routes_of(host):
                if other is own:
                    break
                if other in seen or not _together(own, other):
                    continue
                seen.add(other)
                if own.mesh and other.mesh:
                    yield own.error(
                        f"host {host!r} has routes for the mesh already, {other.node.path} ({other.defined_at}): "
                        "callers would know only one of the two",
                        "Join them in one HttpRoutes, or hand a part over with Route(delegate=…)",
                    )
                elif _gateways(own) & _gateways(other):
                    yield from self._same_matches(other, host)

    def _same_matches(self, other: HttpRoutes, host: str) -> Iterator[ConfigurationError]:
        taken = {match for route in other.routes for match in route.match}
        whole = any(not route.match and route.delegate is None for route in other.routes)
        for route, part in zip(self._routes.routes, self._routes.parts, strict=True):
            twice = [match for match in route.match if match in taken]
            if twice or (whole and not route.match and route.delegate is None):
                said = f"({twice[0]})" if twice else "any request"
                yield self._routes.error(
                    f"{part.said}: {other.node.path} ({other.defined_at}) takes {said} of host {host!r} there, too",
                    "Keep one of the two",
                    route.written_at,
                )


def _together(own: HttpRoutes, other: HttpRoutes) -> bool:
    """Whether both stand in the same namespace of the same cluster and speak the same API."""
    return (
        other.api == own.api
        and other.environment.namespace == own.environment.namespace
        and Environment.key_of(other) == Environment.key_of(own)
    )


def _gateways(routes: HttpRoutes) -> set[str]:
    return {gateway.reference for gateway in routes.gateways}
