"""Put the picture of a mesh together from the route tables of its proxies."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal, Protocol

from meshwright.analysis.graph.hosts import Found, found_hosts, is_written
from meshwright.analysis.graph.services import Services
from meshwright.analysis.graph.values import Door, Entrance, Host, MeshGraph, Rule
from meshwright.traffic import FilterChain, Listener, Origin, Proxy, RouteTable, Unknown

_DoorKey = tuple[int, Literal["HTTP", "TCP"], Literal["none", "simple", "mutual", "passthrough"]]
_NAMING = ("gateway.networking.k8s.io/gateway-name", "istio", "app.kubernetes.io/name", "app")


class Drawable(Protocol):
    """A mesh that gives the route tables of its proxies."""

    def gateways(self) -> Sequence[Proxy]:
        """Return the proxies that Gateways select."""

    def sidecars(self) -> Sequence[Proxy]:
        """Return the proxies beside workloads."""

    def sidecars_by_view(self) -> Mapping[Proxy, Sequence[Proxy]]:
        """Return the sidecars, those with the same outbound traffic under one of them."""

    def arrivals(self, proxy: Proxy) -> RouteTable:
        """Return what a sidecar does with what comes in to its workload."""

    def route_table(self, proxy: Proxy) -> RouteTable:
        """Return what one proxy does."""


def mesh_graph(mesh: Drawable) -> MeshGraph:
    """Draw a mesh: what its gateways and sidecars do, as far as somebody wrote a rule, and all services they know."""
    services = Services()
    gateways = sorted(mesh.gateways(), key=str)
    views = mesh.sidecars_by_view()
    tables = {proxy: mesh.route_table(proxy) for proxy in (*gateways, *views)}
    for table in tables.values():
        services.add(sorted(table.clusters.values(), key=lambda cluster: cluster.hostname))
    for sidecar in mesh.sidecars():
        services.add_inbound(mesh.arrivals(sidecar).listeners)
    entrances: list[Entrance] = []
    hosts: list[Host] = []
    for gateway in gateways:
        drawn = _Entrance("gateway", _gateway_name(gateway), gateway.namespace, (gateway,))
        drawn.add(tables[gateway], services)
        hosts += drawn.hosts(len(entrances))
        entrances.append(drawn.finished())
    inside = _Entrance("mesh", "mesh", "", tuple(views))
    for proxy, members in views.items():
        inside.add(tables[proxy], services, members)
    found = inside.hosts(len(entrances))
    if found or not entrances:
        hosts += found
        entrances.append(inside.finished())
    return MeshGraph(tuple(entrances), tuple(hosts), services.finished())


def _gateway_name(proxy: Proxy) -> str:
    labels = dict(proxy.labels)
    return next((labels[name] for name in _NAMING if labels.get(name)), "gateway")


@dataclass(slots=True)
class _Host:
    """A host in the making: where it is served, and which sidecars do so."""

    found: Found
    doors: dict[int, None] = field(default_factory=dict)
    ports: dict[int, None] = field(default_factory=dict)
    callers: dict[str, None] = field(default_factory=dict)
    views: int = 0


class _Entrance:
    """An entrance in the making. Hosts that several ports or several sidecars treat alike are drawn once."""

    def __init__(self, kind: Literal["gateway", "mesh"], name: str, namespace: str, proxies: tuple[Proxy, ...]) -> None:
        self._kind: Literal["gateway", "mesh"] = kind
        self._name, self._namespace, self._proxies = name, namespace, proxies
        self._doors: dict[_DoorKey, int] = {}
        self._ways: list[list[FilterChain]] = []
        self._hosts: dict[object, _Host] = {}
        self._unknowns: dict[Unknown, None] = {}
        self._views = 0

    def add(self, table: RouteTable, services: Services, members: Iterable[Proxy] = ()) -> None:
        """Take in one route table.

        Args:
            members: For the mesh: the sidecars that it stands for.
        """
        self._views += 1
        callers = dict.fromkeys(proxy.namespace for proxy in members)
        inside = self._kind == "mesh"
        for each in table.unknowns:
            if not each.listeners and not each.virtual_hosts:
                self._unknowns[each] = None
        if not inside:
            for listener in table.listeners:
                for chain in listener.chains:
                    self._door(listener, chain, table)
        seen: set[object] = set()
        for listener, chain, found in found_hosts(table, services.position):
            if inside and not services.knows_port(found.name, found.port):
                continue
            key = found.name, found.domains if not inside else (), found.rules, found.to_https, found.unknowns
            host = self._hosts.setdefault(key, _Host(found))
            host.ports[self._port(listener, table)] = None
            host.callers.update(callers)
            host.views += key not in seen
            seen.add(key)
            if not inside:
                host.doors[self._door(listener, chain, table)] = None

    def hosts(self, position: int) -> list[Host]:
        """Return the hosts of this entrance, which stands at ``position``."""
        made = []
        for host in self._hosts.values():
            found = host.found
            domains = found.domains if self._kind == "gateway" else (found.name,)
            made.append(
                Host(
                    entrance=position,
                    doors=tuple(sorted(host.doors)),
                    domains=domains,
                    ports=tuple(sorted(host.ports)),
                    rules=found.rules,
                    namespaces=tuple(sorted(set(_namespaces(found.rules)))),
                    to_https=found.to_https,
                    callers=() if host.views == self._views else tuple(sorted(host.callers)),
                    unknowns=found.unknowns,
                )
            )
        return sorted(made, key=lambda host: (host.domains, host.ports))

    def finished(self) -> Entrance:
        """Return the entrance."""
        doors = tuple(
            Door(*key, _credentials(ways), _origins(ways)) for key, ways in zip(self._doors, self._ways, strict=True)
        )
        return Entrance(self._kind, self._name, self._namespace, self._proxies, doors, tuple(self._unknowns))

    def _door(self, listener: Listener, chain: FilterChain, table: RouteTable) -> int:
        passes = chain.tls == "none" and bool(chain.match.server_names)
        protocol: Literal["HTTP", "TCP"] = "HTTP" if chain.http is not None else "TCP"
        key: _DoorKey = self._port(listener, table), protocol, "passthrough" if passes else chain.tls
        position = self._doors.setdefault(key, len(self._doors))
        if position == len(self._ways):
            self._ways.append([])
        if chain not in self._ways[position]:
            self._ways[position].append(chain)
        return position

    def _port(self, listener: Listener, table: RouteTable) -> int:
        """Return the port that clients connect to."""
        return next((outside for outside, inside in table.ports.items() if inside == listener.port), listener.port)


def _credentials(ways: Iterable[FilterChain]) -> tuple[str, ...]:
    return tuple(sorted({way.credential for way in ways if way.credential}))


def _origins(ways: Iterable[FilterChain]) -> tuple[Origin, ...]:
    return tuple(dict.fromkeys(way.origin for way in ways if way.origin is not None))


def _namespaces(rules: Iterable[Rule]) -> Iterable[str]:
    for rule in rules:
        if rule.origin is not None and is_written(rule.origin):
            namespace, slash, _ = rule.origin.resource.partition(" ")[2].partition("/")
            if slash:
                yield namespace
