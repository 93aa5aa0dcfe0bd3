"""What can only be said of routes when the whole app is there: whether what they name exists, and who else names it."""

from __future__ import annotations

from meshwright.charts.environment import Environment

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any
    from weakref import ref

    from meshwright.charts.backend import Backend
    from meshwright.charts.http_routes import HttpRoutes
    from meshwright.errors import ConfigurationError
    from meshwright.tree import ApiObject, Construct


class _Known:
    """The Services, subsets and routes of one tree."""

    def __init__(self, root: Construct) -> None:
        from meshwright.charts.http_routes import HttpRoutes
        from meshwright.tree import ApiObject
        from meshwright.tree.construct import walk

        self.services: dict[tuple[str, str], list[ApiObject]] = {}
        self.rules: list[ApiObject] = []
        self.routes: list[HttpRoutes] = []
        self.complete = True
        for construct in walk(root):
            self.complete = self.complete and construct._twin is None
            if isinstance(construct, HttpRoutes):
                self.routes.append(construct)
            elif isinstance(construct, ApiObject):
                if construct.kind == "Service" and construct.api_version == "v1":
                    self.services.setdefault((_namespace(construct), construct.name), []).append(construct)
                elif construct.kind == "DestinationRule":
                    self.rules.append(construct)
        self._ports: dict[tuple[str, str], set[int]] = {}
        self._subsets: dict[str, set[str]] | None = None

    def ports(self, service: tuple[str, str]) -> set[int]:
        """The port numbers of a Service, in whichever environment."""
        if service not in self._ports:
            specs = [made.to_json().get("spec") or {} for made in self.services[service]]
            self._ports[service] = {
                port["port"] for spec in specs for port in spec.get("ports") or () if "port" in port
            }
        return self._ports[service]

    def subsets(self, host: str, cluster_domain: str) -> set[str]:
        """The names of the subsets of a host, whoever defines them."""
        if self._subsets is None:
            self._subsets = {}
            for rule in self.rules:
                spec = rule.to_json().get("spec") or {}
                own = str(spec.get("host", ""))
                full = own if "." in own else f"{own}.{_namespace(rule)}.svc.{cluster_domain}"
                names = {subset.get("name", "") for subset in spec.get("subsets") or ()}
                self._subsets.setdefault(full, set()).update(names)
        return self._subsets.get(host, set())


_latest: tuple[ref[Construct], _Known] | None = None


def _known(root: Construct, *, anew: bool = False) -> _Known:
    global _latest
    if anew or _latest is None or _latest[0]() is not root:
        from weakref import ref

        _latest = (ref(root), _Known(root))
    return _latest[1]


def _namespace(construct: ApiObject) -> str:
    return str(construct._metadata.get("namespace") or "default")


class References:
    """The validation of routes at synth.

    Args:
        routes: The construct that is validated.
    """

    __slots__ = ("_routes",)

    def __init__(self, routes: HttpRoutes) -> None:
        self._routes = routes

    def validate(self) -> list[ConfigurationError]:
        """Return what is wrong."""
        root: Any = self._routes
        while root._scope is not None:
            root = root._scope
        # what was found before is asked again of the tree as it is now: it may have grown since
        return list(self._problems(_known(root))) and list(self._problems(_known(root, anew=True)))

    def _problems(self, known: _Known) -> Iterator[ConfigurationError]:
        for backend, said, at in self._backends():
            wrong = self._missing(backend, known)
            if wrong is not None:
                yield self._routes.error(f"{said}: {wrong[0]}", wrong[1], at)
        yield from self._same_hosts(known)

    def _backends(self) -> Iterator[tuple[Backend, str, str]]:
        from collections.abc import Mapping

        from meshwright.charts.backend import Backend

        for route, part in zip(self._routes.routes, self._routes.parts, strict=True):
            targets = [*route.to] if isinstance(route.to, Mapping) else [route.to]
            for target in [*targets, *(mirror.to for mirror in route.mirror)]:
                if isinstance(target, Backend) and not target.elsewhere:
                    yield target, part.said, route.written_at

    def _missing(self, backend: Backend, known: _Known) -> tuple[str, str] | None:
        domain = self._routes.environment.cluster_domain
        host = backend.host
        name, _, rest = host.partition(".")
        namespace = rest.removesuffix(f".svc.{domain}")
        if namespace == rest:
            meant = (rest, name)
            if meant in known.services:
                return f"host {host!r} is no Service for Istio", f"Pass the app itself, or write {host}.svc.{domain}"
            return None
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

    def _same_hosts(self, known: _Known) -> Iterator[ConfigurationError]:
        own = self._routes
        for other in known.routes:
            if other is own:
                return
            if Environment.key_of(other) is not Environment.key_of(own) or other.api != own.api:
                continue
            if other.environment.namespace != own.environment.namespace:
                continue
            shared = [host for host in own.host_names if host in other.host_names]
            if not shared:
                continue
            if own.mesh and other.mesh:
                yield own.error(
                    f"host {shared[0]!r} has routes for the mesh already, {other.node.path} ({other.defined_at}): "
                    "callers would know only one of the two",
                    "Join them in one HttpRoutes, or hand a part over with Route(delegate=…)",
                )
            elif {gateway.reference for gateway in own.gateways} & {gateway.reference for gateway in other.gateways}:
                yield from self._same_matches(other, shared[0])

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
