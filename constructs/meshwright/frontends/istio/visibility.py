"""What the ``namespace/host`` list of a Sidecar lets in. Source: Istio reference, "Sidecar", IstioEgressListener."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from meshwright.frontends.istio.hosts import is_subset, is_wildcard, overlaps

ALL_NAMESPACES = "*"


@dataclass(slots=True)
class ImportedHosts:
    """The hosts that a Sidecar's egress listener names for one namespace."""

    exact: set[str] = field(default_factory=set)
    wildcards: list[str] = field(default_factory=list)
    excluded: list[str] = field(default_factory=list)

    def excludes(self, host: str) -> bool:
        """Tell whether a ``~`` entry keeps ``host`` out."""
        return any(is_subset(host, excluded) for excluded in self.excluded)

    def import_service(self, host: str) -> bool:
        """Tell whether a service of this hostname is let in: named, or wholly inside a named wildcard."""
        return host in self.exact or any(is_subset(host, wildcard) for wildcard in self.wildcards)

    def import_route_host(self, host: str, narrow: bool) -> bool:
        """Tell whether a host of a VirtualService is let in: any overlap will do.

        Args:
            narrow: Routes that come from Gateway API objects must lie inside, as services do.
        """
        if narrow:
            return self.import_service(host)
        if host in self.exact or any(overlaps(host, wildcard) for wildcard in self.wildcards):
            return True
        return is_wildcard(host) and any(overlaps(host, exact) for exact in self.exact)


def imported_hosts(entries: Iterable[str], namespace: str) -> dict[str, ImportedHosts]:
    """Read a list of ``namespace/host`` entries as a Sidecar in ``namespace`` means them.

    Returns:
        By namespace, ``*`` for all of them; ``.`` is replaced. Entries without exactly one slash count for nothing.
    """
    found: dict[str, ImportedHosts] = {}
    for entry in entries:
        scope, slash, host = entry.partition("/")
        if not slash or "/" in host:
            continue
        excluded = scope.startswith("~")
        if excluded:
            scope = scope[1:] or ALL_NAMESPACES
        hosts = found.setdefault(namespace if scope == "." else scope, ImportedHosts())
        if excluded:
            hosts.excluded.append(host)
        elif is_wildcard(host):
            hosts.wildcards.append(host)
        else:
            hosts.exact.add(host)
    return found


def lets_in(hosts: Mapping[str, ImportedHosts], namespace: str, route_hosts: Iterable[str], narrow: bool) -> bool:
    """Tell whether a VirtualService of ``namespace`` with these hosts passes a Sidecar's list."""
    scopes = [scope for key in (namespace, ALL_NAMESPACES) if (scope := hosts.get(key)) is not None]
    return any(
        scope.import_route_host(host, narrow)
        for host in route_hosts
        if not any(scope.excludes(host) for scope in scopes)
        for scope in scopes
    )
