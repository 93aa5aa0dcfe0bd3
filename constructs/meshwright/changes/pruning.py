"""What disappears with a change: objects, by share and by worth, and hosts that gateways serve no more."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from meshwright.analysis.hosts import Hosts
from meshwright.frontends import Mesh
from meshwright.manifests import Resource
from meshwright.traffic import DirectResponse, NoAction, Origin, RouteConfiguration, RouteTable, VirtualHost

Worth = Literal["Namespace", "CustomResourceDefinition", "PersistentVolumeClaim", "host"]
"""What takes other things along when it goes: all objects in it, all objects of its kind, data, a host's traffic."""

_WORTHY: dict[tuple[str, str], Worth] = {
    ("", "Namespace"): "Namespace",
    ("apiextensions.k8s.io", "CustomResourceDefinition"): "CustomResourceDefinition",
    ("", "PersistentVolumeClaim"): "PersistentVolumeClaim",
}
_ROUTING = ("networking.istio.io/", "gateway.networking.", "networking.k8s.io/")
_PROBE = "probe--of--a--wildcard"


@dataclass(frozen=True, slots=True)
class Gone:
    """One object, or one host, that is there before and not after.

    Args:
        name: ``Deployment/shop/web``, ``Namespace/shop``, or the host.
        namespace: Of the object, empty for none and for hosts.
        worth: What it takes along; ``None``: nothing but itself.
        origin: Where it was written; of a host, a route that served it.
    """

    name: str
    namespace: str
    worth: Worth | None
    origin: Origin


@dataclass(frozen=True, slots=True)
class Pruning:
    """What a change takes away.

    Args:
        objects: In the order in which they stood.
        hosts: That gateways served before and serve no more.
        total: How many objects there were.
        left: How many there are after the change.
    """

    objects: tuple[Gone, ...]
    hosts: tuple[Gone, ...]
    total: int
    left: int


def pruning(before: Mesh, after: Mesh) -> Pruning:
    """Tell what disappears between two meshes. An object that only changes its API version stays."""
    kept = {_identity(resource) for resource in after.resources}
    objects = tuple(_gone(resource) for resource in before.resources if _identity(resource) not in kept)
    hosts = tuple(_lost_hosts(before, after)) if _routes_differ(before, after) else ()
    return Pruning(objects, hosts, len(before.resources), len(after.resources))


def _identity(resource: Resource) -> tuple[str, str, str, str]:
    group = resource.api_version.rpartition("/")[0]
    return group, resource.kind, resource.namespace, resource.name


def _gone(resource: Resource) -> Gone:
    group, kind, namespace, name = _identity(resource)
    told = "/".join(filter(None, (kind, namespace, name)))
    return Gone(told, namespace, _WORTHY.get((group, kind)), resource.origin())


def _routes_differ(before: Mesh, after: Mesh) -> bool:
    old, new = _routing(before), _routing(after)
    return any(new.get(key) != body for key, body in old.items())


def _routing(mesh: Mesh) -> dict[tuple[str, str, str, str], object]:
    return {
        _identity(resource): resource.body for resource in mesh.resources if resource.api_version.startswith(_ROUTING)
    }


def _lost_hosts(before: Mesh, after: Mesh) -> Iterator[Gone]:
    """Yield the hosts that some gateway served and that none serves any more, each once."""
    tables = [after.route_table(proxy) for proxy in after.gateways()]
    finders = [Hosts(_served(each)) for table in tables for each in table.route_configurations]
    passed_on = {name for table in tables for name, _ in _unread(table)}
    told: set[str] = set()
    for table in map(before.route_table, before.gateways()):
        for host, origin in (*_hosts(table.route_configurations), *_unread(table)):
            probe = host.replace("*", _PROBE)
            if host in told or host in passed_on or any(finder.find(probe) is not None for finder in finders):
                continue
            told.add(host)
            yield Gone(host, "", "host", origin)


def _hosts(configurations: Iterable[RouteConfiguration]) -> Iterator[tuple[str, Origin]]:
    for configuration in configurations:
        for host in _served(configuration).virtual_hosts:
            origin = host.origin or host.routes[0].origin
            for domain in host.domains if origin is not None else ():
                yield domain, origin  # type: ignore[misc]  # it is not None


def _served(configuration: RouteConfiguration) -> RouteConfiguration:
    """Return the virtual hosts that do something with requests."""
    hosts = tuple(host for host in configuration.virtual_hosts if _serves(host))
    return RouteConfiguration(configuration.name, hosts, configuration.ignore_port_in_host_matching)


def _serves(host: VirtualHost) -> bool:
    actions = [route.action for route in host.routes]
    refused = [
        isinstance(each, NoAction) or (isinstance(each, DirectResponse) and each.status == 404) for each in actions
    ]
    return not all(refused)


def _unread(table: RouteTable) -> Iterator[tuple[str, Origin]]:
    """Yield the server names whose connections are passed on without being read."""
    for listener in table.listeners:
        for chain in listener.chains:
            origin = chain.tcp.origin or chain.origin if chain.tcp is not None else None
            for name in chain.match.server_names if origin is not None else ():
                yield name, origin  # type: ignore[misc]  # it is not None
