"""The virtual hosts of a gateway: which VirtualServices meet which server, and how those of one host merge.

Source: istiod's gateway route generation. Per host, rules follow each other by server and by age of their
VirtualServices, and those that take every request come last.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from meshwright.frontends.istio.actions import RouteContext
from meshwright.frontends.istio.destination_rules import DestinationRule, DestinationRules, consistent_hash
from meshwright.frontends.istio.gateways import Server
from meshwright.frontends.istio.hosts import HostIndex, HostSet, specificity
from meshwright.frontends.istio.http_routes import catch_alls_last, routes_of
from meshwright.frontends.istio.mesh_config import MeshConfig
from meshwright.frontends.istio.services import Service, ServiceRegistry
from meshwright.frontends.istio.virtual_services import VirtualService, VirtualServices
from meshwright.traffic import Origin, Proxy, Route, RouteConfiguration, VirtualHost

_FEW = 8
"""Up to so many VirtualServices of one gateway are looked at one by one."""


@dataclass(slots=True, eq=False)
class GatewayView:
    """What one gateway workload sees of the mesh."""

    proxy: Proxy
    mesh: MeshConfig
    registry: ServiceRegistry
    rules: DestinationRules
    virtual_services: VirtualServices
    labels: Mapping[str, str] = field(init=False)
    services: Mapping[str, Service] = field(init=False)
    _bound: dict[str, list[VirtualService]] = field(init=False, default_factory=dict)
    _indices: dict[str, HostIndex] = field(init=False, default_factory=dict)
    _hashes: dict[tuple[str, str, int], Mapping[str, Any] | None] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.labels = dict(self.proxy.labels)
        self.services = self.registry.seen_from(self.proxy.namespace)

    def service_for(self, host: str, namespace: str) -> Service | None:
        """Return the service a VirtualService in ``namespace`` means: its own namespace's first."""
        own = self.registry.by_host.get(host, {}).get(namespace)
        if own is not None and self.registry.is_visible(own, self.proxy.namespace):
            return own
        return self.services.get(host)

    def consistent_hash(self, host: str, subset: str, port: int) -> Mapping[str, Any] | None:
        """Return the consistent-hash settings of a destination."""
        key = host, subset, port
        if key not in self._hashes:
            service = self.services.get(host)
            self._hashes[key] = consistent_hash(self.rule_for(service), subset, port) if service is not None else None
        return self._hashes[key]

    def rule_for(self, service: Service) -> DestinationRule | None:
        """Return the DestinationRule that the workload obeys for a service."""
        return self.rules.find(self.proxy.namespace, self.labels, service)

    def bound_to(self, server: Server) -> Sequence[VirtualService]:
        """Return the VirtualServices that may share a host with a server: exported to it, the oldest first."""
        gateway = server.gateway
        if gateway not in self._bound:
            self._bound[gateway] = self.virtual_services.for_gateway(self.proxy.namespace, gateway)
        bound = self._bound[gateway]
        if len(bound) <= _FEW:
            return bound
        index = self._indices.get(gateway)
        if index is None:
            index = self._indices[gateway] = HostIndex(virtual_service.hosts for virtual_service in bound)
        return [bound[position] for position in index.meeting(host.rpartition("/")[2] for host in server.hosts)]

    def context(self, server: Server, namespace: str) -> RouteContext:
        """Return what translating a VirtualService of ``namespace`` for a server needs to know."""

        def service(host: str) -> Service | None:
            return self.service_for(host, namespace)

        return RouteContext(
            namespace=self.proxy.namespace,
            labels=self.labels,
            gateways=frozenset((server.gateway,)),
            port=server.port,
            tls=server.tls is not None,
            mesh=self.mesh,
            service=service,
            consistent_hash=self.consistent_hash,
        )


@dataclass(slots=True, eq=False)
class _Host:
    """A virtual host in the making."""

    name: str
    domains: list[str]
    routes: list[Route]
    require_tls: bool
    origin: Origin


def route_configuration(name: str, servers: Sequence[Server], view: GatewayView) -> RouteConfiguration:
    """Return the virtual hosts of all servers that share a route name."""
    hosts: dict[str, _Host] = {}
    known: dict[tuple[str, tuple[str, str]], list[Route]] = {}
    for server in servers:
        _add_server(hosts, server, view, known)
    if not hosts:
        blackhole = VirtualHost(
            domain_name("blackhole", servers[0].port),
            ("*",),
            include_request_attempt_count=False,
            origin=servers[0].origin,
        )
        return RouteConfiguration(name, (blackhole,), ignore_port_in_host_matching=True)
    virtual_hosts = [
        VirtualHost(
            host.name,
            tuple(host.domains),
            tuple(catch_alls_last(host.routes)),
            require_tls="all" if host.require_tls else "none",
            include_request_attempt_count=view.mesh.count_attempts,
            origin=host.origin,
        )
        for host in _collapsed(hosts)
    ]
    virtual_hosts.sort(key=lambda host: host.name)
    return RouteConfiguration(name, tuple(virtual_hosts), ignore_port_in_host_matching=True)


def _add_server(
    hosts: dict[str, _Host],
    server: Server,
    view: GatewayView,
    known: dict[tuple[str, tuple[str, str]], list[Route]],
) -> None:
    """Add the virtual hosts of one server, or its routes to those that an earlier server has made."""
    in_common = _common_hosts(server)
    redirects = server.redirects_to_https
    for virtual_service in view.bound_to(server):
        common = in_common(virtual_service)
        if not common:
            continue
        key = server.gateway, virtual_service.key
        routes = known.get(key)
        if routes is None:
            routes = routes_of(virtual_service, view.context(server, virtual_service.config.namespace))
            if not routes:
                continue
            known[key] = routes
        for domain in map(str.lower, common):
            host = hosts.get(domain)
            if host is None:
                hosts[domain] = _Host(
                    domain_name(domain, server.port),
                    [domain],
                    list(routes),
                    redirects,
                    virtual_service.config.origin(),
                )
            else:
                host.routes.extend(routes)
                host.require_tls = host.require_tls or redirects
    if redirects:
        for domain in map(str.lower, server.hosts):
            host = hosts.get(domain)
            if host is None:
                hosts[domain] = _Host(domain_name(domain, server.port), [domain], [], True, server.origin)
            else:
                host.require_tls = True


def _common_hosts(server: Server) -> Callable[[VirtualService], list[str]]:
    """Return the function that meets a VirtualService's hosts with those the server has for its namespace."""
    sets: dict[str, HostSet] = {}
    scoped = any("/" in host for host in server.hosts)

    def meet(virtual_service: VirtualService) -> list[str]:
        namespace = virtual_service.config.namespace if scoped else ""
        found = sets.get(namespace)
        if found is None:
            found = sets[namespace] = HostSet(hosts_for(server.hosts, namespace))
        return found.intersection(virtual_service.hosts)

    return meet


def hosts_for(hosts: Sequence[str], namespace: str) -> list[str]:
    """Return the hosts that VirtualServices of a namespace may bind to."""
    found: list[str] = []
    for host in hosts:
        scope, slash, name = host.partition("/")
        if not slash:
            found.append(host)
        elif scope in (namespace, "*"):
            found.append(name)
    return found


def _collapsed(hosts: Mapping[str, _Host]) -> list[_Host]:
    """Join hosts whose routes are the very same; the most specific host gives the name."""
    kept: list[_Host] = []
    latest: dict[tuple[int, ...], _Host] = {}
    for domain in sorted(hosts, key=specificity):
        host = hosts[domain]
        identity = tuple(map(id, host.routes))
        present = latest.get(identity)
        if present is not None and present.require_tls == host.require_tls:
            present.domains.extend(host.domains)
        else:
            latest[identity] = host
            kept.append(host)
    return kept


def domain_name(host: str, port: int) -> str:
    """Return ``host:port``, with brackets where the host has colons itself."""
    return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
