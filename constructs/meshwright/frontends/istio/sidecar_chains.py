"""The ways through an outbound listener for bytes: ``tls`` and ``tcp`` rules, or straight to the service.

Source: istiod's outbound TLS and TCP filter chains.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network
from typing import Any, Literal

from meshwright.frontends.istio.hosts import HostMap, is_wildcard, overlaps
from meshwright.frontends.istio.objects import MESH, entries, integer, section, text, texts
from meshwright.frontends.istio.protocols import is_tls
from meshwright.frontends.istio.services import Service, ServicePort
from meshwright.frontends.istio.sidecar_domains import short_names
from meshwright.frontends.istio.sidecar_proxy import WILDCARD_ADDRESS, SidecarProxy
from meshwright.frontends.istio.tcp_routes import tcp_route
from meshwright.frontends.istio.virtual_services import VirtualService, gateway_names
from meshwright.traffic import FilterChain, FilterChainMatch, Origin, TcpRoute, WeightedCluster


@dataclass(slots=True, eq=False)
class ChainDraft:
    """A filter chain before it is known whether it stands alone; ``*`` among ``sni_hosts`` asks nothing."""

    sni_hosts: tuple[str, ...] = ()
    blocks: tuple[str, ...] = ()
    application_protocols: tuple[str, ...] = ()
    transport_protocol: Literal["", "raw_buffer"] = ""
    http: str | None = None
    tcp: TcpRoute | None = None
    origin: Origin | None = None

    @property
    def takes_all(self) -> bool:
        """Whether it has no condition."""
        return (
            (not self.sni_hosts or "*" in self.sni_hosts)
            and not self.application_protocols
            and not self.transport_protocol
            and not self.blocks
        )

    @property
    def conditions(self) -> tuple[object, ...]:
        """What it asks; of two that ask the same only one can stand in a listener."""
        return (
            self.transport_protocol,
            self.application_protocols,
            frozenset(self.sni_hosts) - {"*"},
            frozenset(_ranges(self.blocks)),
        )

    def chain(self) -> FilterChain:
        """Return the filter chain."""
        match = FilterChainMatch(
            server_names=() if "*" in self.sni_hosts else tuple(sorted(self.sni_hosts)),
            prefix_ranges=tuple(_ranges(sorted(self.blocks))),
            application_protocols=self.application_protocols,
            transport_protocol=self.transport_protocol,
        )
        return FilterChain("", match, http=self.http, tcp=self.tcp, origin=self.origin)


def _ranges(blocks: Sequence[str]) -> Iterator[str]:
    """Yield blocks of addresses in one spelling; what is none, or is every address, is no condition."""
    for block in blocks:
        try:
            network = ip_network(block, strict=False)
        except ValueError:
            continue
        if str(network.network_address) != WILDCARD_ADDRESS:
            yield str(network)


class ConnectionRules:
    """The VirtualServices of an egress listener that have rules for connections, found by host."""

    def __init__(self, virtual_services: Iterable[VirtualService]) -> None:
        self._all = [vs for vs in virtual_services if any(map(section, (*vs.tcp, *vs.tls)))]
        self._by_host: HostMap[list[int]] = HostMap()
        for position, virtual_service in enumerate(self._all):
            for host in virtual_service.hosts:
                positions = self._by_host.get(host)
                if positions is None:
                    self._by_host.set(host, [position])
                else:
                    positions.append(position)

    def meeting(self, host: str) -> list[VirtualService]:
        """Return those with a host that overlaps, in order of precedence."""
        if is_wildcard(host):
            return [vs for vs in self._all if any(overlaps(other, host) for other in vs.hosts)]
        found = set(self._by_host.get(host) or ())
        for wildcard in self._by_host.covering(host):
            found.update(self._by_host.get(wildcard) or ())
        return [self._all[position] for position in sorted(found)]


def tcp_chains(
    sidecar: SidecarProxy,
    service: Service,
    port: ServicePort,
    bind: str,
    blocks: tuple[str, ...],
    rules: ConnectionRules,
) -> list[ChainDraft]:
    """Return the ways to a service for connections that are not read as HTTP.

    Args:
        port: The listener's: the service's, or the one that a Sidecar declares.
        bind: The listener's address.
        blocks: CIDR blocks that are the service's addresses.
        rules: The rules for connections that may apply.
    """
    own = rules.meeting(service.hostname)
    if not is_tls(port.protocol):
        return list(_by_tcp_rules(sidecar, service, port, blocks, own))
    found, blocks = _by_tls_rules(sidecar, port, blocks, own)
    return found or [_to_service_by_sni(sidecar, service, port, bind, blocks)]


def _by_tls_rules(
    sidecar: SidecarProxy, port: ServicePort, blocks: tuple[str, ...], virtual_services: Sequence[VirtualService]
) -> tuple[list[ChainDraft], tuple[str, ...]]:
    """Return the chains of ``tls`` rules, and the blocks in effect: a match's subnets hold for those after it too."""
    found: list[ChainDraft] = []
    seen: set[tuple[tuple[str, ...], tuple[str, ...]]] = set()
    for virtual_service in virtual_services:
        for position, rule in enumerate(map(section, virtual_service.tls)):
            destinations = entries(rule.get("route"))
            if not destinations:
                continue
            for match in map(section, entries(rule.get("match"))):
                if not _applies(match, virtual_service, sidecar, port):
                    continue
                sni_hosts, subnets = texts(match.get("sniHosts")), texts(match.get("destinationSubnets"))
                if subnets and port.number:
                    blocks = subnets
                if (sni_hosts, subnets) in seen:
                    continue
                seen.add((sni_hosts, subnets))
                origin = virtual_service.config.origin(f"spec.tls[{position}]")
                route = tcp_route(destinations, virtual_service, sidecar.service, port.number, origin)
                found.append(ChainDraft(sni_hosts=sni_hosts, blocks=blocks, tcp=route, origin=origin))
    return found, blocks


def _by_tcp_rules(
    sidecar: SidecarProxy,
    service: Service,
    port: ServicePort,
    blocks: tuple[str, ...],
    virtual_services: Sequence[VirtualService],
) -> Iterator[ChainDraft]:
    """Yield the chains of ``tcp`` rules up to the first without a condition on addresses, else the service's own."""
    covered = False
    for virtual_service in virtual_services:
        for position, rule in enumerate(map(section, virtual_service.tcp)):
            destinations = entries(rule.get("route"))
            if not destinations:
                continue
            origin = virtual_service.config.origin(f"spec.tcp[{position}]")
            route = tcp_route(destinations, virtual_service, sidecar.service, port.number, origin)
            matches = [section(match) for match in entries(rule.get("match"))]
            applying = [match for match in matches if _applies(match, virtual_service, sidecar, port)]
            subnets = [texts(match.get("destinationSubnets")) for match in applying]
            if not matches or any(not some or not port.number for some in subnets):
                yield ChainDraft(blocks=blocks, tcp=route, origin=origin)
                return
            together = tuple(subnet for some in subnets for subnet in some)
            if together:
                yield ChainDraft(blocks=together, tcp=route, origin=origin)
                covered = covered or sorted(together) == sorted(blocks)
    if not covered:
        yield ChainDraft(blocks=blocks, tcp=_to_service(service, port), origin=service.origin)


def _to_service(service: Service, port: ServicePort) -> TcpRoute:
    """Return the way to a service without rules; its only port counts more than the listener's."""
    number = service.ports[0].number if len(service.ports) == 1 else port.number
    return TcpRoute((WeightedCluster(f"outbound|{number}||{service.hostname}"),), service.origin)


def _to_service_by_sni(
    sidecar: SidecarProxy, service: Service, port: ServicePort, bind: str, blocks: tuple[str, ...]
) -> ChainDraft:
    """Return the way to a TLS service; where its address does not tell it from others, the server name must."""
    address = sidecar.address_of(service)
    shared = address == WILDCARD_ADDRESS == bind
    names: tuple[str, ...] = ()
    if blocks or "/" in address or shared or (is_wildcard(service.hostname) and service.resolution == "dynamic_dns"):
        names = (service.hostname,)
        for _, alias in service.aliases:
            names += (alias, *short_names(alias, 0, sidecar.namespace, sidecar.cluster_domain))
    return ChainDraft(sni_hosts=names, blocks=blocks, tcp=_to_service(service, port), origin=service.origin)


def _applies(
    match: Mapping[str, Any], virtual_service: VirtualService, sidecar: SidecarProxy, port: ServicePort
) -> bool:
    """Tell whether a ``tcp`` or ``tls`` match is meant for this sidecar and port."""
    gateways = gateway_names(match.get("gateways"), virtual_service.config)
    wanted_port = integer(match.get("port"))
    namespace = text(match.get("sourceNamespace"))
    labels = section(match.get("sourceLabels"))
    return (
        (not gateways or MESH in gateways)
        and (not wanted_port or wanted_port == port.number)
        and (not namespace or namespace == sidecar.namespace)
        and all(sidecar.labels.get(key) == value for key, value in labels.items())
    )
