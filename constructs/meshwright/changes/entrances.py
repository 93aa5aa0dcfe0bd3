"""The same way into two route tables: virtual hosts before and after that answer the same authorities."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from meshwright.analysis.hosts import Hosts
from meshwright.analysis.space.entrance import Entrance
from meshwright.traffic import FilterChain, Listener, RouteConfiguration, RouteTable, TcpRoute, VirtualHost

_INBOUND = "inbound|"
_PROBE = "probe--of--a--wildcard"
"""Stands for the star of a wildcard; no certificate and no manifest names it."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two virtual hosts that requests for the same authorities reach, and how they do after the change."""

    before: VirtualHost
    after: VirtualHost
    entrance: Entrance


def pairs(before: RouteTable, after: RouteTable) -> Iterator[Pair]:
    """Yield the virtual hosts that answer the same authorities in both tables of one proxy."""
    for old, new in _configurations(before, after):
        yield from _hosts(old, new, after)


def byte_pairs(before: RouteTable, after: RouteTable) -> Iterator[tuple[TcpRoute, TcpRoute, Listener]]:
    """Yield where connections that are passed on unread go, in both tables of one proxy."""
    known = {listener.name: listener for listener in before.listeners}
    for new in after.listeners:
        old = known.get(new.name)
        if old is None:
            continue
        ways = {chain.match: chain.tcp for chain in old.chains if chain.tcp is not None}
        for chain in new.chains:
            if chain.tcp is not None and chain.match in ways:
                yield ways[chain.match], chain.tcp, new
        if old.default_chain is not None and new.default_chain is not None:
            one, two = old.default_chain.tcp, new.default_chain.tcp
            if one is not None and two is not None:
                yield one, two, new


def _configurations(before: RouteTable, after: RouteTable) -> Iterator[tuple[RouteConfiguration, RouteConfiguration]]:
    """Yield route configurations of one name; one whose name is new, with those behind the same door before."""
    known = {each.name: each for each in before.route_configurations}
    doors: dict[str, set[object]] | None = None
    for new in after.route_configurations:
        if new.name.startswith(_INBOUND):
            continue
        if new.name in known:
            yield known[new.name], new
            continue
        if doors is None:
            doors = _doors(before)
        wanted = _doors(after).get(new.name, set())
        yield from ((old, new) for name, old in known.items() if wanted & doors.get(name, set()))


def _doors(table: RouteTable) -> dict[str, set[object]]:
    """Return by route configuration what a client can tell of the ways that lead to it: port, TLS, server name."""
    found: dict[str, set[object]] = {}
    for listener in table.listeners:
        for chain in _chains(listener):
            names = chain.match.server_names or ("",)
            found.setdefault(chain.http or "", set()).update(
                (listener.port, chain.tls != "none", name) for name in names
            )
    return found


def _chains(listener: Listener) -> list[FilterChain]:
    return [*listener.chains, *filter(None, [listener.default_chain])]


def _hosts(old: RouteConfiguration, new: RouteConfiguration, table: RouteTable) -> Iterator[Pair]:
    met: dict[tuple[int, int], tuple[VirtualHost, VirtualHost, dict[str, None]]] = {}
    finder = Hosts(old)
    for after in new.virtual_hosts:
        for domain in after.domains:
            found = finder.find(_authority(domain))
            if found is not None:
                met.setdefault((id(found[0]), id(after)), (found[0], after, {}))[2][domain] = None
    finder = Hosts(new)
    seen = {domain for host in new.virtual_hosts for domain in host.domains}
    for before in old.virtual_hosts:
        for domain in before.domains:
            found = finder.find(_authority(domain)) if domain not in seen else None
            if found is not None:
                met.setdefault((id(before), id(found[0])), (before, found[0], {}))[2][domain] = None
    for before, after, domains in met.values():
        yield Pair(before, after, _entrance(old, new, table, after, tuple(domains)))


def _authority(domain: str) -> str:
    return domain.replace("*", _PROBE)


def _entrance(
    old: RouteConfiguration, new: RouteConfiguration, table: RouteTable, host: VirtualHost, domains: tuple[str, ...]
) -> Entrance:
    """Return how requests for ``domains`` come; those that other hosts of either side take do not."""
    way = Entrance.of(table, new, host)
    shared = replace(host, domains=domains)
    if not any("*" in domain for domain in domains):
        return replace(way, virtual_host=shared, configuration=None)
    taken = dict.fromkeys(domain for each in (old, new) for other in each.virtual_hosts for domain in other.domains)
    others = tuple(domain for domain in taken if domain not in domains)
    beside = VirtualHost("others", others)
    return replace(way, virtual_host=shared, configuration=replace(new, virtual_hosts=(shared, beside)))
