"""Which hosts have other ports, subsets or workloads after a change: what needs no question costs none."""

from collections.abc import Collection, Iterable, Iterator

from meshwright.frontends import Mesh
from meshwright.frontends.istio.hosts import resolve_host
from meshwright.frontends.istio.objects import text

_MESH_WIDE = frozenset({"EndpointSlice", "ReferenceGrant", "Sidecar"})
"""A change of one of these may show or take away destinations of any name."""

_DEFINING = _MESH_WIDE | {"DestinationRule", "Endpoints", "Service", "ServiceEntry"}


class Touched:
    """Some hosts.

    Args:
        hosts: Names and wildcards.
        everywhere: They stand for all hosts.
        repopulated: Hosts of both sides have other workloads behind them.
    """

    __slots__ = ("_exact", "_suffixes", "everywhere", "repopulated")

    def __init__(self, hosts: Iterable[str], everywhere: bool, repopulated: bool) -> None:
        names = set(hosts)
        self.everywhere = everywhere or "*" in names
        self.repopulated = repopulated
        self._exact = frozenset(name for name in names if not name.startswith("*"))
        self._suffixes = tuple(name[1:] for name in names if name.startswith("*"))

    def __bool__(self) -> bool:
        return self.everywhere or bool(self._exact) or bool(self._suffixes)

    def __contains__(self, host: str) -> bool:
        return self.everywhere or host in self._exact or (bool(self._suffixes) and host.endswith(self._suffixes))


def touched_hosts(before: Mesh, after: Mesh) -> Touched:
    """Return the hosts whose destinations may differ between two meshes."""
    old, new = _states(before), _states(after)
    changed = [
        (key, kind)
        for mine, others in ((old, new), (new, old))
        for key, (kind, state) in mine.items()
        if key not in others or others[key][1] != state
    ]
    titles = {key for key, _ in changed}
    kinds = {kind for _, kind in changed}
    if not titles:
        return Touched((), False, False)
    behind = [set(_in_front_of(titles, mesh)) for mesh in (before, after)]
    names = {name for mesh in (before, after) for name in _hosts_of_rules(titles, mesh)}
    known = [mesh.registry.by_host for mesh in (before, after)]
    repopulated = any(host in known[0] and host in known[1] for host in behind[0] | behind[1])
    return Touched(names | behind[0] | behind[1], bool(kinds & _MESH_WIDE), repopulated)


def _states(mesh: Mesh) -> dict[str, tuple[str, object]]:
    """Return, for each object that defines destinations, its kind and what it says of them."""
    states: dict[str, tuple[str, object]] = {
        str(resource): (resource.kind, resource.body) for resource in mesh.resources if resource.kind in _DEFINING
    }
    for workloads in mesh.workloads.by_namespace.values():
        states.update((each.origin.resource, ("", (each.labels, each.address))) for each in workloads)
    return states


def _hosts_of_rules(titles: Collection[str], mesh: Mesh) -> Iterator[str]:
    for config in mesh.configs("DestinationRule"):
        if config.title in titles:
            yield resolve_host(text(config.spec.get("host")), config.namespace, config.domain)


def _in_front_of(titles: Collection[str], mesh: Mesh) -> Iterator[str]:
    """Yield the hosts of changed Services, and of Services before changed workloads."""
    changed = {
        namespace: [each for each in workloads if each.origin.resource in titles]
        for namespace, workloads in mesh.workloads.by_namespace.items()
    }
    for service in mesh.registry.services:
        selector = service.selector
        if (
            service.origin.resource in titles
            or (selector is not None and any(each.has(selector) for each in changed.get(service.namespace, ())))
            or f"Endpoints {service.namespace}/{service.name}" in titles
        ):
            yield service.hostname
