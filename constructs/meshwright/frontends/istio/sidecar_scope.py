"""What one sidecar sees: the Sidecar resource that applies to it, and the services and VirtualServices it lets in.

Source: Istio reference, "Sidecar"; istiod's sidecar scope.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from meshwright.frontends.istio.hosts import HostMap
from meshwright.frontends.istio.objects import MESH, Config, entries, integer, port_number, section, text, texts
from meshwright.frontends.istio.protocols import parse_protocol
from meshwright.frontends.istio.services import NEWEST, Service, ServicePort, ServiceRegistry, add_service, sort_key
from meshwright.frontends.istio.virtual_services import VirtualService, VirtualServices
from meshwright.frontends.istio.visibility import ALL_NAMESPACES, ImportedHosts, imported_hosts, lets_in

EVERYTHING = "*/*"
_ANY_PORT = 0


@dataclass(slots=True, eq=False)
class EgressListener:
    """One entry of ``spec.egress``, with what it lets in.

    Args:
        port: The declared port; ``None`` for the entry that takes all other ports.
        bind: Declared address or ``unix://`` path, empty for none.
        bind_to_port: Reached by its own address instead of by redirection (``captureMode: NONE``).
        services: In order of age; several may have one hostname.
        virtual_services: Those bound to the mesh, in order of precedence.
        winners: For each service's hostname, the VirtualService whose host fits it most closely.
    """

    port: ServicePort | None
    bind: str
    bind_to_port: bool
    services: tuple[Service, ...]
    virtual_services: tuple[VirtualService, ...]
    winners: Mapping[str, VirtualService]

    @property
    def match_port(self) -> bool:
        """Whether only services with the declared port are let in; a generic HTTP proxy takes them all."""
        return self.port is not None and needs_port(self.port)


@dataclass(frozen=True, slots=True)
class OutboundPolicy:
    """What happens to hosts that no service declares: ``REGISTRY_ONLY``, ``ALLOW_ANY``, ``ALLOW_ANY_DYNAMIC_DNS``."""

    mode: str
    egress_proxy: Mapping[str, Any] | None = None


@dataclass(slots=True, eq=False)
class SidecarScope:
    """All that one sidecar sees.

    Args:
        namespace: The sidecar's, also when the resource lives in the root namespace.
        services: By hostname, over all egress listeners, and what their VirtualServices lead to.
        config: The Sidecar resource, ``None`` when none applies.
    """

    namespace: str
    config: Config | None
    egress: tuple[EgressListener, ...]
    services: Mapping[str, Service]
    outbound: OutboundPolicy

    def egress_for(self, port: int, bind: str) -> EgressListener | None:
        """Return the egress listener that answers for a route name: by port, by unix path, else the last one."""
        for listener in self.egress:
            declared = listener.port
            if declared is None or (declared.number == port and (port or listener.bind == bind)):
                return listener
        return None


@dataclass(slots=True, eq=False)
class SidecarIndex:
    """The Sidecar resources of a mesh, and the scopes that were asked for."""

    registry: ServiceRegistry
    virtual_services: VirtualServices
    root_namespace: str
    mesh_policy: OutboundPolicy
    configs: Iterable[Config] = ()
    _by_namespace: dict[str, list[Config]] = field(init=False, default_factory=dict)
    _scopes: dict[tuple[str, Config | None], SidecarScope] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        ranked = sorted(self.configs, key=lambda config: (config.created or NEWEST, config.name, config.namespace))
        ranked.sort(key=lambda config: config.spec.get("workloadSelector") is None)
        for config in ranked:
            self._by_namespace.setdefault(config.namespace, []).append(config)

    def config_for(self, namespace: str, labels: Mapping[str, str]) -> Config | None:
        """Return the Sidecar that applies to a workload.

        One of its namespace that selects it comes first, then one without a selector, then the root namespace's.
        """
        for config in self._by_namespace.get(namespace, ()):
            selector = section(section(config.spec.get("workloadSelector")).get("labels"))
            if all(labels.get(key) == value for key, value in selector.items()):
                return config
        for config in self._by_namespace.get(self.root_namespace, ()):
            if config.spec.get("workloadSelector") is None:
                return config
        return None

    def scope_for(self, namespace: str, labels: Mapping[str, str]) -> SidecarScope:
        """Return what a sidecar in ``namespace`` beside a workload with ``labels`` sees."""
        config = self.config_for(namespace, labels)
        scope = self._scopes.get((namespace, config))
        if scope is None:
            scope = self._scopes[namespace, config] = self._scope(namespace, config)
        return scope

    def _scope(self, namespace: str, config: Config | None) -> SidecarScope:
        spec = config.spec if config else {}
        written = [section(entry) for entry in entries(spec.get("egress"))] or [{"hosts": [EVERYTHING]}]
        egress = tuple(self._egress_listener(namespace, entry) for entry in written)
        policy = spec.get("outboundTrafficPolicy")
        return SidecarScope(
            namespace=namespace,
            config=config,
            egress=egress,
            services=self._imported(namespace, egress),
            outbound=self.mesh_policy if policy is None else outbound_policy(section(policy)),
        )

    def _egress_listener(self, namespace: str, entry: Mapping[str, Any]) -> EgressListener:
        bind = text(entry.get("bind"))
        port = _declared_port(entry.get("port"))
        hosts = imported_hosts(texts(entry.get("hosts")), namespace)
        candidates = self.virtual_services.for_gateway(namespace, MESH)
        if not _takes_everything(hosts):
            candidates = [
                vs
                for vs in candidates
                if lets_in(hosts, vs.config.namespace, vs.hosts, narrow=vs.semantics == "gateway")
            ]
        services = tuple(self._select_services(namespace, hosts, port))
        return EgressListener(
            port=port,
            bind=bind,
            bind_to_port=entry.get("captureMode") == "NONE" or bind.startswith("unix://"),
            services=services,
            virtual_services=tuple(candidates),
            winners=_closest(candidates, services),
        )

    def _select_services(
        self, namespace: str, hosts: Mapping[str, ImportedHosts], port: ServicePort | None
    ) -> Iterator[Service]:
        """Yield the services that a list lets in; of one hostname in several namespaces, one namespace's only."""
        imported = list(self._let_in(namespace, hosts, port))
        chosen: dict[str, Service] = {}
        for service in imported:
            present = chosen.get(service.hostname)
            better = present is not None and service.kubernetes and not present.kubernetes
            if present is None or service.namespace == namespace or (better and present.namespace != namespace):
                chosen[service.hostname] = service
        for service in imported:
            if chosen[service.hostname].namespace == service.namespace:
                yield service

    def _let_in(
        self, namespace: str, hosts: Mapping[str, ImportedHosts], port: ServicePort | None
    ) -> Iterator[Service]:
        anywhere = hosts.get(ALL_NAMESPACES)
        everything = _takes_everything(hosts)
        for service in self._candidates(namespace, hosts):
            if everything:
                trimmed: Service | None = service
                if port is not None and needs_port(port):
                    trimmed = _with_ports(service, {port.number})
                if trimmed is not None:
                    yield trimmed
                continue
            own = hosts.get(service.namespace)
            scopes = [scope for scope in (own, anywhere) if scope is not None]
            if any(scope.excludes(service.hostname) for scope in scopes):
                continue
            for scope in scopes:
                if scope.import_service(service.hostname):
                    trimmed = _with_ports(service, {port.number}) if port and needs_port(port) else service
                    if trimmed is not None:
                        yield _with_aliases_of(trimmed, scope)
                        break

    def _candidates(self, namespace: str, hosts: Mapping[str, ImportedHosts]) -> Iterable[Service]:
        """Return the services to look at: by name where all entries are exact, else all that the namespace sees."""
        if ALL_NAMESPACES in hosts or any(scope.wildcards for scope in hosts.values()):
            return self.registry.exported_to(namespace)
        found = [
            service
            for scope, imported in hosts.items()
            for host in imported.exact
            if (service := self.registry.by_host.get(host, {}).get(scope)) is not None
            and self.registry.is_visible(service, namespace)
        ]
        return sorted(found, key=sort_key)

    def _imported(self, namespace: str, egress: Sequence[EgressListener]) -> dict[str, Service]:
        """Collect the services of all listeners and those that their VirtualServices send traffic to."""
        services: dict[str, Service] = {}
        for listener in egress:
            for service in listener.services:
                add_service(services, service)
            for virtual_service in listener.virtual_services:
                for host, ports in destinations(virtual_service, namespace).items():
                    service_found = self._best_visible(host, namespace)
                    if service_found is None:
                        continue
                    if listener.match_port and listener.port:
                        trimmed = _with_ports(service_found, {listener.port.number})
                    else:
                        trimmed = service_found if _ANY_PORT in ports else _with_ports(service_found, ports)
                    if trimmed is not None:
                        add_service(services, trimmed)
        return services

    def _best_visible(self, host: str, namespace: str) -> Service | None:
        """Return the service of a host: the own namespace's, else a visible one of Kubernetes, else the oldest."""
        by_namespace = self.registry.by_host.get(host, {})
        if namespace in by_namespace:
            return by_namespace[namespace]
        visible = [service for service in by_namespace.values() if self.registry.is_visible(service, namespace)]
        return min(visible, key=lambda service: (not service.kubernetes, service.created), default=None)


def outbound_policy(written: Mapping[str, Any]) -> OutboundPolicy:
    """Read an ``outboundTrafficPolicy``; without a mode it is ``REGISTRY_ONLY``."""
    proxy = section(written.get("egressProxy"))
    return OutboundPolicy(text(written.get("mode")) or "REGISTRY_ONLY", proxy or None)


def needs_port(port: ServicePort) -> bool:
    """Tell whether a declared port confines its listener to services that have this port."""
    return port.number != 0 and port.protocol != "HTTP_PROXY"


def destinations(virtual_service: VirtualService, namespace: str) -> dict[str, set[int]]:
    """Return the hosts that a VirtualService sends traffic to, each with its ports; port 0 stands for none written.

    HTTP rules whose matches all name another ``sourceNamespace`` are left out.
    """
    found: dict[str, set[int]] = {}
    for rule in virtual_service.http:
        if not _reachable_from(entries(rule.spec.get("match")), namespace):
            continue
        targets = [section(route).get("destination") for route in entries(rule.spec.get("route"))]
        targets += [section(mirror).get("destination") for mirror in entries(rule.spec.get("mirrors"))]
        for target in map(section, (*targets, rule.spec.get("mirror"))):
            if target:
                found.setdefault(rule.host(target), set()).add(port_number(target.get("port")))
    for rule_spec in map(section, (*virtual_service.tcp, *virtual_service.tls)):
        for route in entries(rule_spec.get("route")):
            target = section(section(route).get("destination"))
            if target:
                found.setdefault(virtual_service.host(target), set()).add(port_number(target.get("port")))
    return found


def _reachable_from(matches: Sequence[Any], namespace: str) -> bool:
    """Tell whether a rule's ``sourceNamespace`` conditions let a namespace through; the last ones written decide."""
    reachable = True
    for match in matches:
        source = text(section(match).get("sourceNamespace"))
        if source == namespace:
            return True
        if source:
            reachable = False
    return reachable


def _declared_port(value: object) -> ServicePort | None:
    if not isinstance(value, dict):
        return None
    return ServicePort(integer(value.get("number")), text(value.get("name")), parse_protocol(value.get("protocol")))


def _takes_everything(hosts: Mapping[str, ImportedHosts]) -> bool:
    """Tell whether a list lets all services and VirtualServices in, so that looking at each is needless."""
    anywhere = hosts.get(ALL_NAMESPACES)
    return (
        anywhere is not None and "*" in anywhere.wildcards and not any(scope.excluded for scope in hosts.values())
    ) and len(hosts) == 1


def _with_ports(service: Service, numbers: set[int]) -> Service | None:
    """Return the service with only these ports, ``None`` when it has none of them."""
    ports = tuple(port for port in service.ports if port.number in numbers)
    if len(ports) == len(service.ports):
        return service
    return replace(service, ports=ports) if ports else None


def _with_aliases_of(service: Service, scope: ImportedHosts) -> Service:
    kept = tuple(alias for alias in service.aliases if scope.import_service(alias[1]))
    return service if len(kept) == len(service.aliases) else replace(service, aliases=kept)


def _closest(virtual_services: Iterable[VirtualService], services: Iterable[Service]) -> dict[str, VirtualService]:
    """Find for each service the VirtualService whose host is its own, or the closest wildcard; the first of equals."""
    by_host: HostMap[VirtualService] = HostMap()
    for virtual_service in virtual_services:
        for host in virtual_service.hosts:
            if by_host.get(host) is None:
                by_host.set(host, virtual_service)
    found: dict[str, VirtualService] = {}
    for service in services:
        winner = by_host.best(service.hostname)
        if winner is not None:
            found[service.hostname] = winner
    return found
