"""The services of the picture: what the clusters of all route tables say of them, and how their workloads lock."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Literal

from meshwright.analysis.graph.values import Lock, Service, Version
from meshwright.traffic import Cluster, Listener, Origin

Kind = Literal["service", "entry", "missing", "special"]


@dataclass(slots=True)
class _Draft:
    """A service in the making; versions in the order in which they are met."""

    kind: Kind
    host: str
    cluster: Cluster | None = None
    ports: dict[int, None] = field(default_factory=dict)
    versions: dict[str, Cluster | None] = field(default_factory=dict)


class Services:
    """Collects services while hosts are read; positions are final from the start."""

    def __init__(self) -> None:
        self._drafts: dict[str, _Draft] = {}
        self._positions: dict[str, int] = {}
        self._locks: dict[str, set[Lock]] = {}

    def add(self, clusters: Iterable[Cluster]) -> None:
        """Take in the clusters of one route table."""
        for cluster in clusters:
            if cluster.hostname and cluster.name.startswith("outbound|"):
                draft = self._draft("entry" if _is_entry(cluster.origin) else "service", cluster.hostname)
                draft.ports[cluster.port] = None
                if cluster.subset:
                    if draft.versions.get(cluster.subset) is None:
                        draft.versions[cluster.subset] = cluster
                elif draft.cluster is None:
                    draft.cluster = cluster

    def add_inbound(self, listeners: Iterable[Listener]) -> None:
        """Take in how connections come in to one workload."""
        mutual: dict[tuple[str, int | None], set[bool]] = {}
        for listener in listeners:
            for chain in listener.chains:
                if chain.origin is not None:
                    place = chain.origin.resource, chain.match.destination_port
                    mutual.setdefault(place, set()).add(chain.tls == "mutual")
        for (resource, _), kinds in mutual.items():
            lock: Lock = "permissive" if len(kinds) > 1 else "strict" if True in kinds else "plain"
            self._locks.setdefault(resource, set()).add(lock)

    def knows_port(self, host: str, port: int) -> bool:
        """Tell whether ``host`` may serve a port: it does, or nothing is known of it."""
        draft = self._drafts.get(host)
        return draft is None or port in draft.ports

    def position(self, cluster: str) -> tuple[int, int | None, int]:
        """Return where a cluster's service and version stand, and its port; what is not there yet is added."""
        direction, _, rest = cluster.partition("|")
        parts = rest.split("|")
        if direction != "outbound" or len(parts) != 3 or not parts[0].isdecimal():
            self._draft("special", cluster)
            return self._positions[cluster], None, 0
        port, subset, host = parts
        draft = self._draft("missing", host)
        if not subset:
            return self._positions[host], None, int(port)
        draft.versions.setdefault(subset, None)
        return self._positions[host], list(draft.versions).index(subset), int(port)

    def finished(self) -> tuple[Service, ...]:
        """Return all services by position."""
        return tuple(map(self._finish, self._drafts.values()))

    def _draft(self, kind: Kind, host: str) -> _Draft:
        draft = self._drafts.get(host)
        if draft is None:
            self._positions[host] = len(self._drafts)
            draft = self._drafts[host] = _Draft(kind, host)
        elif draft.kind == "missing":
            draft.kind = kind
        return draft

    def _finish(self, draft: _Draft) -> Service:
        cluster = draft.cluster
        origin = cluster.origin if cluster is not None else None
        namespace, name = _named(origin)
        if draft.kind != "service":
            name = draft.host
        return Service(
            kind=draft.kind,
            host=draft.host,
            name=name or draft.host,
            namespace=namespace,
            ports=tuple(sorted(draft.ports)),
            versions=tuple(_version(name, each) for name, each in draft.versions.items()),
            endpoints=cluster.endpoints if cluster is not None else None,
            lock=self._lock(origin),
            tls=cluster.tls if cluster is not None else "",
            origin=origin,
        )

    def _lock(self, origin: Origin | None) -> Lock:
        found = self._locks.get(origin.resource, set()) if origin is not None else set()
        return next(iter(found)) if len(found) == 1 else "mixed" if found else "unknown"


def _version(name: str, cluster: Cluster | None) -> Version:
    if cluster is None:
        return Version(name, (), None, False, None)
    return Version(name, cluster.labels, cluster.endpoints, True, cluster.subset_origin)


def _is_entry(origin: Origin | None) -> bool:
    return origin is not None and origin.resource.startswith("ServiceEntry ")


def _named(origin: Origin | None) -> tuple[str, str]:
    """Return namespace and name of the object behind an origin."""
    if origin is None:
        return "", ""
    namespace, slash, name = origin.resource.partition(" ")[2].partition("/")
    return (namespace, name) if slash else ("", namespace)
