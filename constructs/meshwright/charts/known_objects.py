"""What one tree holds that routes can name: Services, subsets, other routes."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from meshwright.charts.http_routes import HttpRoutes
    from meshwright.tree import ApiObject, Construct

_KEY = "meshwright:known-objects"


class KnownObjects:
    """The Services, subsets and routes of a tree.

    Args:
        root: Its root.

    Attributes:
        services: The Services by namespace and name.
        complete: Whether the tree holds no genuine cdk8s constructs, whose objects are not known before they cross.
    """

    def __init__(self, root: Construct) -> None:
        from meshwright.charts.http_routes import HttpRoutes
        from meshwright.tree import ApiObject
        from meshwright.tree.construct import walk

        self.services: dict[tuple[str, str], list[ApiObject]] = {}
        self.complete = True
        self._rules: list[ApiObject] = []
        self._routes: dict[str, list[HttpRoutes]] = {}
        for construct in walk(root):
            self.complete = self.complete and construct._twin is None
            if isinstance(construct, HttpRoutes):
                for host in dict.fromkeys(construct.host_names):
                    self._routes.setdefault(host, []).append(construct)
            elif isinstance(construct, ApiObject):
                if construct.kind == "Service" and construct.api_version == "v1":
                    self.services.setdefault((_namespace(construct), construct.name), []).append(construct)
                elif construct.kind == "DestinationRule":
                    self._rules.append(construct)
        self._ports: dict[tuple[str, str], set[int]] = {}
        self._subsets: dict[str, set[str]] | None = None

    def knows(self, routes: HttpRoutes) -> bool:
        """Whether routes were there when the tree was looked at."""
        return all(routes in self._routes.get(host, ()) for host in routes.host_names)

    def routes_of(self, host: str) -> list[HttpRoutes]:
        """The routes of a host, in the order in which they were made."""
        return self._routes.get(host, [])

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
            for rule in self._rules:
                spec = rule.to_json().get("spec") or {}
                own = str(spec.get("host", ""))
                full = own if "." in own else f"{own}.{_namespace(rule)}.svc.{cluster_domain}"
                names = {subset.get("name", "") for subset in spec.get("subsets") or ()}
                self._subsets.setdefault(full, set()).update(names)
        return self._subsets.get(host, set())


def known_objects(construct: Construct, *, anew: bool = False) -> KnownObjects:
    """Return what the tree of ``construct`` holds, as it was when this was first asked, or as it is now."""
    root: Any = construct
    while root._scope is not None:
        root = root._scope
    for entry in root.node.metadata:
        if entry.type == _KEY:
            kept: list[KnownObjects] = entry.data
            break
    else:
        kept = []
        root.node.add_metadata(_KEY, kept)
    if anew or not kept:
        kept[:] = [KnownObjects(root)]
    return kept[0]


def _namespace(construct: ApiObject) -> str:
    return str(construct._metadata.get("namespace") or "default")
