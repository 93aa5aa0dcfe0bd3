"""The outbound listeners of a sidecar.

HTTP ports share ``0.0.0.0:PORT``; other ports listen on the addresses of their services. Where HTTP and bytes meet on
one address the first bytes decide. Source: istiod's outbound listeners, with its rules for conflicts.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from meshwright.frontends.istio.hosts import is_address
from meshwright.frontends.istio.objects import integer
from meshwright.frontends.istio.protocols import UNSUPPORTED, is_http, is_tcp
from meshwright.frontends.istio.services import UNSPECIFIED, Service, ServicePort
from meshwright.frontends.istio.sidecar_chains import ChainDraft, ConnectionRules, tcp_chains
from meshwright.frontends.istio.sidecar_proxy import BLACK_HOLE_CLUSTER, LOCAL_ADDRESS, WILDCARD_ADDRESS, SidecarProxy
from meshwright.frontends.istio.sidecar_routes import ANY_HOST_BY_DNS, HTTP_PROXY
from meshwright.frontends.istio.sidecar_scope import EgressListener
from meshwright.frontends.istio.workloads import Workloads
from meshwright.traffic import FilterChain, FilterChainMatch, Listener, TcpRoute, WeightedCluster

OUTBOUND_PORT = 15001
_PLAIN_HTTP = ("http/1.1", "h2c")
_SERVER_FIRST = frozenset({"Mongo", "MySQL"})


@dataclass(slots=True, eq=False)
class _Entry:
    """A listener in the making; ``protocol`` is what it speaks so far, detected where several met."""

    bind: str
    port: ServicePort
    bind_to_port: bool
    chains: list[ChainDraft]
    protocol: str
    locked: bool = False
    _conditions: set[tuple[object, ...]] = field(default_factory=set)

    def merge(self, chains: Iterable[ChainDraft]) -> None:
        """Add the chains that ask something new."""
        if not self._conditions:
            self._conditions.update(chain.conditions for chain in self.chains)
        for chain in chains:
            if chain.conditions not in self._conditions:
                self._conditions.add(chain.conditions)
                self.chains.append(chain)


@dataclass(slots=True, eq=False)
class OutboundListeners:
    """Makes the outbound listeners of one sidecar."""

    sidecar: SidecarProxy
    workloads: Workloads
    _entries: dict[tuple[str, int], _Entry] = field(init=False, default_factory=dict)

    def listeners(self) -> tuple[Listener, ...]:
        """Return all outbound listeners by name, then the one for a generic proxy, then ``virtualOutbound``."""
        for egress in self.sidecar.scope.egress:
            if egress.port is not None:
                self._declared(egress, egress.port)
            else:
                self._all_ports(egress)
        made = sorted(map(self._finish, self._entries.values()), key=lambda listener: listener.name)
        return (*made, *self._generic_proxy(), *self._virtual_outbound())

    def _declared(self, egress: EgressListener, port: ServicePort) -> None:
        """Add the listener of a port that a Sidecar declares."""
        bind_to_port = egress.bind_to_port or self.sidecar.no_interception
        bind = egress.bind or (LOCAL_ADDRESS if bind_to_port else "")
        if self._is_reserved(bind, port):
            return
        rules = ConnectionRules(egress.virtual_services)
        for service in egress.services:
            self._add(_Wanted(service, port, bind, bind_to_port), rules)

    def _all_ports(self, egress: EgressListener) -> None:
        """Add listeners for all services and ports that no entry before has declared."""
        for entry in self._entries.values():
            entry.locked = True
        bind_to_port = egress.bind_to_port or self.sidecar.no_interception
        bind = egress.bind or (LOCAL_ADDRESS if bind_to_port else "")
        rules = ConnectionRules(egress.virtual_services)
        for service in egress.services:
            for port in service.ports:
                if self._is_reserved(bind, port):
                    continue
                for address in self._binds(service, port, bind):
                    self._add(_Wanted(service, port, address, bind_to_port), rules)

    def _is_reserved(self, bind: str, port: ServicePort) -> bool:
        """Tell whether the proxy itself listens there."""
        if bind != WILDCARD_ADDRESS and (bind or not is_http(port.protocol)):
            return False
        return port.number in self.sidecar.reserved_ports

    def _binds(self, service: Service, port: ServicePort, bind: str) -> Iterator[str]:
        """Yield the addresses to listen on; headless services have one listener for each endpoint."""
        headless = service.resolution == "passthrough" and self.sidecar.address_of(service) == UNSPECIFIED
        if bind or not headless or not (is_tcp(port.protocol) or port.protocol == UNSUPPORTED):
            yield bind
            return
        found = [
            address
            for other in (service, *service.shares)
            if (same := other.port(port.number)) is not None
            for address in self.workloads.addresses(other, same)
        ]
        if not found and not service.kubernetes and service.selector is None:
            yield bind
        own = self.sidecar.addresses[:1]
        yield from (address for address in dict.fromkeys(found) if is_address(address) and address not in own)

    def _add(self, wanted: "_Wanted", rules: ConnectionRules) -> None:
        """Add one service's port to the listener of its address, by istiod's rules for what meets there."""
        service, port, protocol = wanted.service, wanted.port, wanted.port.protocol
        if service.resolution == "alias" or not (is_http(protocol) or is_tcp(protocol) or protocol == UNSUPPORTED):
            return
        wanted = wanted.bound(self.sidecar.address_of(service))
        present = self._entries.get((wanted.bind, port.number))
        if present is not None and present.locked:
            return
        speaks = protocol
        if protocol == "HTTP_PROXY":
            chains = [wanted.http_chain(detect=False)]
            meets = False
        elif is_http(protocol):
            if present is not None and not is_tcp(present.protocol):
                return
            detect = wanted.bind == WILDCARD_ADDRESS
            chains = [wanted.http_chain(detect=detect)]
            speaks = UNSUPPORTED if detect else protocol
            meets = present is not None
        elif is_tcp(protocol):
            chains = tcp_chains(self.sidecar, service, port, wanted.bind, wanted.blocks, rules)
            meets = present is not None
        else:
            if present is not None and not is_http(present.protocol) and not is_tcp(present.protocol):
                return
            chains = tcp_chains(self.sidecar, service, port, wanted.bind, wanted.blocks, rules)
            chains.append(wanted.http_chain(detect=True))
            meets = present is not None and not is_http(present.protocol)
        if present is not None and present.protocol != protocol and {present.protocol, protocol} & _SERVER_FIRST:
            return
        if present is None or not meets:
            self._entries[wanted.bind, port.number] = _Entry(wanted.bind, port, wanted.bind_to_port, chains, speaks)
            return
        present.merge(chains)
        if not (is_tcp(protocol) and is_tcp(present.protocol)):
            present.protocol = UNSUPPORTED

    def _finish(self, entry: _Entry) -> Listener:
        """Turn an entry into a listener; what matches everything becomes the default."""
        chains: list[FilterChain] = []
        default = None
        for draft in entry.chains:
            chain = draft.chain()
            if draft.takes_all:
                default = chain
            else:
                chains.append(chain)
        if default is not None and not chains:
            chains, default = [default], None
        elif default is None:
            default = FilterChain("PassthroughFilterChain", FilterChainMatch(), tcp=_to(self._unknown_hosts()))
        return Listener(
            name=f"{entry.bind}_{entry.port.number}",
            address=entry.bind,
            port=entry.port.number,
            chains=tuple(chains),
            default_chain=default,
            bind_to_port=entry.bind_to_port,
            inspects_tls=any(draft.sni_hosts for draft in entry.chains),
            inspects_http=any(draft.application_protocols for draft in entry.chains),
        )

    def _unknown_hosts(self) -> str:
        return self.sidecar.unknown_hosts_cluster

    def _generic_proxy(self) -> Iterator[Listener]:
        """Yield the listener for clients that use the sidecar as their HTTP proxy, where the mesh asks for it."""
        port = integer(self.sidecar.mesh.raw.get("proxyHttpPort"))
        if port:
            chain = FilterChain("", FilterChainMatch(), http=HTTP_PROXY)
            yield Listener(f"{LOCAL_ADDRESS}_{port}", LOCAL_ADDRESS, port, (chain,))

    def _virtual_outbound(self) -> Iterator[Listener]:
        """Yield the listener that receives redirected connections which no other listener wants."""
        if self.sidecar.no_interception:
            return
        port = integer(self.sidecar.mesh.raw.get("proxyListenPort")) or OUTBOUND_PORT
        loop = FilterChain(
            "virtualOutbound-blackhole", FilterChainMatch(destination_port=port), tcp=_to(BLACK_HOLE_CLUSTER)
        )
        rest = FilterChain("virtualOutbound-catchall-tcp", FilterChainMatch(), tcp=_to(self._unknown_hosts()))
        detect = self.sidecar.scope.outbound.mode == "ALLOW_ANY_DYNAMIC_DNS"
        chains: tuple[FilterChain, ...] = (loop, rest)
        if detect:
            match = FilterChainMatch(application_protocols=_PLAIN_HTTP)
            chains = (loop, FilterChain("virtualOutbound-catchall-tcp-http", match, http=ANY_HOST_BY_DNS), rest)
        yield Listener("virtualOutbound", WILDCARD_ADDRESS, port, chains, inspects_http=detect)


@dataclass(frozen=True, slots=True, eq=False)
class _Wanted:
    """A service's port that wants to be listened for."""

    service: Service
    port: ServicePort
    bind: str
    bind_to_port: bool
    blocks: tuple[str, ...] = ()

    def bound(self, own: str) -> "_Wanted":
        """Return it with an address: HTTP shares one, others take the service's own; a block becomes a condition."""
        if self.bind:
            return self
        address = WILDCARD_ADDRESS if is_http(self.port.protocol) else own
        if "/" in address:
            return replace(self, bind=WILDCARD_ADDRESS, blocks=(address,))
        return replace(self, bind=address)

    def http_chain(self, *, detect: bool) -> ChainDraft:
        """Return the way through for HTTP; ``detect``: only when the first bytes look like it."""
        number = self.port.number
        name = str(number) if number else self.bind
        if number and self.port.protocol == UNSUPPORTED and self.bind != WILDCARD_ADDRESS:
            name = f"{self.service.hostname}:{number}"
        if not detect:
            return ChainDraft(http=name)
        return ChainDraft(http=name, application_protocols=_PLAIN_HTTP, transport_protocol="raw_buffer")


def _to(cluster: str) -> TcpRoute:
    return TcpRoute((WeightedCluster(cluster),))
