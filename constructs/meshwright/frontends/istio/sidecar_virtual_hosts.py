"""The virtual hosts of one outbound port: services, and the VirtualServices that shape them.

Source: istiod's outbound route configuration. There is no merging between VirtualServices: the first that claims a
host keeps it.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from meshwright.frontends.istio.actions import RouteContext, hash_policy
from meshwright.frontends.istio.hosts import is_wildcard, overlaps
from meshwright.frontends.istio.http_routes import default_route, routes_of
from meshwright.frontends.istio.objects import MESH
from meshwright.frontends.istio.protocols import is_http_or_sniffed
from meshwright.frontends.istio.services import Service
from meshwright.frontends.istio.sidecar_domains import bracketed, host_and_port, service_domains
from meshwright.frontends.istio.sidecar_proxy import SidecarProxy
from meshwright.frontends.istio.sidecar_scope import EgressListener
from meshwright.frontends.istio.virtual_services import VirtualService
from meshwright.traffic import Origin, Route, VirtualHost

ANY_PORT = 0
_HTTP_PORT = 80
_LAST = "\U0010ffff"


@dataclass(slots=True, eq=False)
class _Claim:
    """Routes, and the hosts and services of one port that they are for."""

    port: int
    services: Sequence[Service]
    hosts: Sequence[str]
    routes: tuple[Route, ...]
    origin: Origin | None


class _ServicesByHost:
    """The services of one port by lower-case host, also found by the wildcards that meet them."""

    def __init__(self, services: dict[str, Service]) -> None:
        self.services = services
        self._wildcards = [host for host in services if is_wildcard(host)]
        self._reversed = sorted(host[::-1] for host in services if not is_wildcard(host))

    def meeting(self, wildcard: str) -> Iterator[str]:
        """Iterate over the hosts that a wildcard and a service have in common, in alphabetical order of their ends."""
        suffix = wildcard[1:][::-1]
        end = bisect_right(self._reversed, suffix + _LAST)
        for backwards in self._reversed[bisect_left(self._reversed, suffix) : end]:
            yield backwards[::-1]
        yield from (host for host in self._wildcards if overlaps(host, wildcard))

    def meets(self, host: str) -> bool:
        """Tell whether a host of a VirtualService has anything in common with a service."""
        if host in self.services:
            return True
        if is_wildcard(host):
            return any(True for _ in self.meeting(host))
        return any(overlaps(host, wildcard) for wildcard in self._wildcards)


@dataclass(slots=True, eq=False)
class OutboundVirtualHosts:
    """The virtual hosts of one egress listener, port by port."""

    sidecar: SidecarProxy
    egress: EgressListener
    _by_port: dict[int, dict[str, Service]] = field(init=False, default_factory=dict)
    _made: dict[int, tuple[VirtualHost, ...]] = field(init=False, default_factory=dict)
    _by_domain: dict[int, dict[str, VirtualHost]] = field(init=False, default_factory=dict)
    _exact_hosts: dict[str, list[int]] = field(init=False, default_factory=dict)
    _wildcard_hosts: dict[str, list[int]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        for service in self.egress.services:
            host = service.hostname.lower()
            self._by_port.setdefault(ANY_PORT, {})[service.hostname] = service
            for port in service.ports:
                only = service
                if len(service.ports) > 1 or host != service.hostname:
                    only = replace(service, hostname=host, ports=(port,))
                self._by_port.setdefault(port.number, {})[host] = only
        for position, virtual_service in enumerate(self.egress.virtual_services):
            for written in virtual_service.hosts:
                host = written.lower()
                index = self._wildcard_hosts if is_wildcard(host) else self._exact_hosts
                index.setdefault(host, []).append(position)

    def of_port(self, port: int) -> tuple[VirtualHost, ...]:
        """Return the virtual hosts of one port, sorted by name; ``ANY_PORT`` for a generic proxy of all ports."""
        made = self._made.get(port)
        if made is None:
            made = self._made[port] = tuple(sorted(self._build(port), key=lambda host: host.name))
        return made

    def with_domain(self, port: int, *domains: str) -> list[VirtualHost]:
        """Return the virtual hosts of one port that have one of these domains, by name."""
        index = self._by_domain.get(port)
        if index is None:
            index = self._by_domain[port] = {domain: host for host in self.of_port(port) for domain in host.domains}
        found = {host.name: host for domain in domains if (host := index.get(domain)) is not None}
        return [found[name] for name in sorted(found)]

    def _build(self, port: int) -> list[VirtualHost]:
        services = _ServicesByHost(self._by_port.get(port, {}))
        claims = [
            claim
            for virtual_service in self._selected(services, port)
            for claim in self._claims_of(virtual_service, services, port)
        ]
        claims += self._unclaimed(services.services, claims)
        hosts = _virtual_hosts(claims, self.sidecar, port)
        return hosts if port != ANY_PORT else _of_all_ports(hosts)

    def _selected(self, services: _ServicesByHost, port: int) -> Sequence[VirtualService]:
        """Return the VirtualServices with a host that is a service here; on port 80 all of them."""
        virtual_services = self.egress.virtual_services
        if port == _HTTP_PORT:
            return virtual_services
        selected = {position for host in services.services for position in self._exact_hosts.get(host, ())}
        for host, positions in self._wildcard_hosts.items():
            if services.meets(host):
                selected.update(positions)
        if any(is_wildcard(host) for host in services.services):
            for host, positions in self._exact_hosts.items():
                if services.meets(host):
                    selected.update(positions)
        return [virtual_services[position] for position in sorted(selected)]

    def _claims_of(self, virtual_service: VirtualService, services: _ServicesByHost, port: int) -> list[_Claim]:
        """Return the claims of a VirtualService, one a port; none where its rules are for other workloads."""
        context = RouteContext(
            namespace=self.sidecar.namespace,
            labels=self.sidecar.labels,
            gateways=frozenset({MESH}),
            port=port,
            tls=False,
            mesh=self.sidecar.mesh,
            service=services.services.get,
            consistent_hash=self.sidecar.consistent_hash,
        )
        routes = tuple(routes_of(virtual_service, context))
        if not routes:
            return []
        hosts, claimed = self._split_hosts(virtual_service, services)
        if virtual_service.semantics == "gateway" and not self._may_route(virtual_service, claimed):
            return []
        by_port: dict[int, list[Service]] = {}
        for service in claimed:
            for service_port in service.ports:
                if is_http_or_sniffed(service_port.protocol):
                    by_port.setdefault(service_port.number, []).append(service)
        if not by_port and port == _HTTP_PORT:
            by_port[_HTTP_PORT] = []
        origin = virtual_service.config.origin("spec.hosts")
        return [_Claim(number, claimed, hosts, routes, origin) for number, claimed in by_port.items()]

    def _may_route(self, virtual_service: VirtualService, claimed: Sequence[Service]) -> bool:
        """Tell whether routes of the Gateway API live beside the client or beside a service they are for."""
        namespace = virtual_service.config.namespace
        return bool(claimed) and (
            self.sidecar.namespace == namespace or any(service.namespace == namespace for service in claimed)
        )

    def _split_hosts(
        self, virtual_service: VirtualService, services: _ServicesByHost
    ) -> tuple[list[str], list[Service]]:
        """Split the hosts of a VirtualService into plain names and services; wildcards take those they fit best."""
        plain: list[str] = []
        claimed: list[Service] = []
        lowered = [host.lower() for host in virtual_service.hosts]
        for host in lowered:
            if not is_wildcard(host):
                service = services.services.get(host)
                if service is None:
                    plain.append(host)
                else:
                    claimed.append(service)
        for wildcard in filter(is_wildcard, lowered):
            if virtual_service.semantics == "gateway":
                plain.append(wildcard)
                continue
            met = list(services.meeting(wildcard))
            if not met:
                plain.append(wildcard)
            claimed += [services.services[host] for host in met if self.egress.winners.get(host) is virtual_service]
        return plain, claimed

    def _unclaimed(self, services: Mapping[str, Service], claims: Sequence[_Claim]) -> Iterator[_Claim]:
        """Yield the default routes of services that no VirtualService claims."""
        taken = {service.hostname for claim in claims for service in claim.services}
        for host in sorted(services):
            service = services[host]
            if service.hostname in taken or service.resolution == "alias":
                continue
            for port in service.ports:
                if is_http_or_sniffed(port.protocol):
                    hashed = self.sidecar.consistent_hash(service.hostname, "", port.number)
                    policy = hash_policy(hashed) if hashed else None
                    cluster = f"outbound|{port.number}||{service.hostname}"
                    route = default_route(cluster, self.sidecar.mesh, service.origin, (policy,) if policy else ())
                    yield _Claim(port.number, (service,), (), (route,), None)


def _virtual_hosts(claims: Sequence[_Claim], sidecar: SidecarProxy, listener_port: int) -> list[VirtualHost]:
    """Turn claims into virtual hosts: of equal names and equal domains the first stays."""
    names: set[str] = set()
    domains_taken: set[str] = set()
    full_names = {
        name
        for claim in claims
        for service in claim.services
        for name in (service.hostname, host_and_port(service.hostname, claim.port))
    }
    found: list[VirtualHost] = []
    for claim in claims:
        targets: list[tuple[str, Service | None]] = [(host, None) for host in claim.hosts]
        targets += [(service.hostname, service) for service in claim.services]
        for host, service in targets:
            name = host_and_port(host, claim.port)
            if name in names:
                continue
            names.add(name)
            if service is None:
                domains, spellings = [bracketed(host)], set[str]()
            else:
                shown_port = claim.port if listener_port == ANY_PORT else ANY_PORT
                domains, spellings = service_domains(service, shown_port, sidecar)
            kept: list[str] = []
            for domain in domains:
                key = domain.lower()
                if key in domains_taken or (domain in spellings and domain in full_names):
                    continue
                kept.append(domain)
                domains_taken.add(key)
            if kept and (claim.port == listener_port or listener_port == ANY_PORT):
                found.append(
                    VirtualHost(
                        name=name,
                        domains=tuple(kept),
                        routes=claim.routes,
                        include_request_attempt_count=sidecar.mesh.count_attempts,
                        origin=claim.origin or (service.origin if service else None),
                    )
                )
    return found


def _of_all_ports(hosts: Sequence[VirtualHost]) -> list[VirtualHost]:
    """Keep, of virtual hosts for ports other than 80, the domains with a port only."""
    found = []
    for host in hosts:
        if host.name.endswith(f":{_HTTP_PORT}"):
            found.append(host)
            continue
        domains = tuple(domain for domain in host.domains if ":" in domain)
        if domains:
            found.append(replace(host, domains=domains))
    return found
