"""Which listener takes a connection, and which of its filter chains.

Source: Envoy docs, "config.listener.v3.FilterChainMatch": criteria one after the other, the most specific value of
each, and no way back once one is taken.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import partial

from meshwright.analysis.hosts import without_port
from meshwright.traffic import FilterChain, FilterChainMatch, Listener, Request, RouteTable

_ANYWHERE = ("0.0.0.0", "::", "")
_OUTBOUND = "virtualOutbound"

Rank = Callable[[FilterChainMatch], int]
"""0 asks nothing of the criterion, -1 does not hold, more is more specific."""


def listener_of(table: RouteTable, request: Request) -> Listener | None:
    """Return the listener that takes the connection of ``request``.

    A gateway's is found by port, a sidecar's by address and port, else by port alone, else the one that takes all that
    leaves the workload.
    """
    port = table.ports.get(request.port, request.port)
    here = [each for each in table.listeners if each.port == port and not each.udp and _takes_clients(table, each)]
    address = request.address or _address_of(table, here, request.authority)
    for listener in here:
        if address and listener.address == address:
            return listener
    for listener in here:
        if listener.address in _ANYWHERE:
            return listener
    if table.proxy.type == "sidecar":
        return next((each for each in table.listeners if each.name == _OUTBOUND), None)
    return here[0] if here else None


def _takes_clients(table: RouteTable, listener: Listener) -> bool:
    return table.proxy.type == "router" or not listener.name.startswith("virtual")


def _address_of(table: RouteTable, listeners: Iterable[Listener], authority: str) -> str:
    """Return the address of the listener that exists for the service called ``authority``."""
    specific = [each for each in listeners if each.address not in _ANYWHERE]
    if not specific:
        return ""
    host = without_port(authority)
    for name in (host, f"{host}.{table.proxy.namespace}"):
        for listener in specific:
            for destination in _destinations(listener):
                cluster = table.clusters.get(destination)
                if cluster is not None and (cluster.hostname == name or cluster.hostname.startswith(f"{name}.")):
                    return listener.address
    return ""


def _destinations(listener: Listener) -> Iterable[str]:
    chains = listener.chains if listener.default_chain is None else (*listener.chains, listener.default_chain)
    for chain in chains:
        if chain.tcp is not None:
            yield from (each.name for each in chain.tcp.clusters)
        if chain.http is not None and "." in chain.http:
            yield f"outbound|{listener.port}||{chain.http.partition(':')[0]}"


class Chains:
    """The ways through one listener, with those that name the same server found by hash."""

    __slots__ = ("_by_name", "_listener", "_others", "_sole")

    def __init__(self, listener: Listener) -> None:
        chains = listener.chains
        self._listener = listener
        self._sole = chains[0] if len(chains) == 1 and chains[0].match == FilterChainMatch() else None
        self._by_name: dict[str, list[FilterChain]] = {}
        self._others: Sequence[FilterChain] = chains
        if any(each.match.destination_port is not None or each.match.prefix_ranges for each in chains):
            return  # these come before the server name, so a hash of names alone would skip them
        for chain in chains:
            for name in chain.match.server_names:
                self._by_name.setdefault(name.lower(), []).append(chain)
        self._others = [each for each in chains if not each.match.server_names or _has_wildcard(each)]

    def find(self, request: Request, address: str = "") -> FilterChain | None:
        """Return the way that the connection of ``request`` takes."""
        if self._sole is not None:
            return self._sole
        listener = self._listener
        named = self._by_name.get((request.sni or "").lower()) if listener.inspects_tls_on(request.port) else None
        left: Sequence[FilterChain] = named or self._others
        for rank in _criteria(listener, request, address):
            left = _best(left, rank)
        return left[0] if left else listener.default_chain


def _has_wildcard(chain: FilterChain) -> bool:
    return any(name.startswith("*") for name in chain.match.server_names)


def _best(chains: Sequence[FilterChain], rank: Rank) -> list[FilterChain]:
    if len(chains) == 1:
        return list(chains) if rank(chains[0].match) >= 0 else []
    ranked = [(rank(chain.match), chain) for chain in chains]
    best = max((value for value, _ in ranked), default=-1)
    return [chain for value, chain in ranked if value == best] if best >= 0 else []


def _criteria(listener: Listener, request: Request, address: str) -> tuple[Rank, ...]:
    port, reads_tls = request.port, listener.inspects_tls_on(request.port)
    transport = "tls" if request.sni is not None and reads_tls else "raw_buffer"
    if request.sni is not None:
        protocols: tuple[str, ...] = ("h2", "http/1.1") if reads_tls else ()
    else:
        protocols = ("http/1.1",) if listener.inspects_http_on(port) else ()
    return (
        partial(_rank_port, port),
        partial(_rank_address, address or request.address),
        partial(_rank_server_name, (request.sni or "").lower() if reads_tls else ""),
        partial(_rank_transport, transport),
        partial(_rank_protocols, protocols),
        _rank_source,
    )


def _rank_port(port: int, match: FilterChainMatch) -> int:
    return 0 if match.destination_port is None else 1 if match.destination_port == port else -1


def _rank_address(address: str, match: FilterChainMatch) -> int:
    if not match.prefix_ranges:
        return 0
    if not address:
        return -1
    from ipaddress import ip_address, ip_network  # few proxies need it

    networks = [ip_network(each, strict=False) for each in match.prefix_ranges]
    here = ip_address(address)
    return max((1 + each.prefixlen for each in networks if here in each), default=-1)


def _rank_server_name(sni: str, match: FilterChainMatch) -> int:
    if not match.server_names:
        return 0
    best = -1
    for name in match.server_names:
        name = name.lower()
        if name == sni:
            return 10_000
        if name.startswith("*.") and sni.endswith(name[1:]) and len(sni) > len(name) - 1:
            best = max(best, len(name))
    return best


def _rank_transport(transport: str, match: FilterChainMatch) -> int:
    return 0 if not match.transport_protocol else 1 if match.transport_protocol == transport else -1


def _rank_protocols(protocols: tuple[str, ...], match: FilterChainMatch) -> int:
    if not match.application_protocols:
        return 0
    ranks = [len(protocols) - place for place, each in enumerate(protocols) if each in match.application_protocols]
    return max(ranks, default=-1)


def _rank_source(match: FilterChainMatch) -> int:
    return -1 if match.source_prefix_ranges else 0
