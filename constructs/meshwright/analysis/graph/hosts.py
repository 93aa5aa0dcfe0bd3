"""What one route table does with the requests to each host, as far as somebody wrote a rule for it."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from meshwright.analysis.graph.values import Rule, Target
from meshwright.traffic import (
    FilterChain,
    FilterChainMatch,
    Forward,
    Listener,
    Origin,
    Route,
    RouteTable,
    Unknown,
    VirtualHost,
    WeightedCluster,
)

Locate = Callable[[str], tuple[int, int | None, int]]
"""Tells the service, the version and the port of a cluster's name."""

_DECLARATIONS = ("Service ", "ServiceEntry ")
_ANY = "*"


@dataclass(frozen=True, slots=True)
class Found:
    """A host on one port: ``name`` is the same for all route tables, whatever else they call it."""

    name: str
    domains: tuple[str, ...]
    port: int
    rules: tuple[Rule, ...]
    to_https: bool
    unknowns: tuple[Unknown, ...]


def found_hosts(table: RouteTable, locate: Locate) -> Iterator[tuple[Listener, FilterChain, Found]]:
    """Yield the hosts of each way through the outbound side of a proxy, with that way."""
    configurations = {each.name: each for each in table.route_configurations}
    of_configuration: dict[tuple[str, int], list[Found]] = {}
    for listener in table.listeners:
        unknowns = [each for each in table.unknowns if listener.name in each.listeners]
        for chain in (*listener.chains, *filter(None, [listener.default_chain])):
            if chain.http is not None and chain.http in configurations and not _is_inbound(listener):
                key = chain.http, listener.port
                if key not in of_configuration:
                    hosts = configurations[chain.http].virtual_hosts
                    made = (_http_host(host, listener.port, table, unknowns, locate) for host in hosts)
                    of_configuration[key] = [each for each in made if each is not None]
                yield from ((listener, chain, each) for each in of_configuration[key])
            elif chain.tcp is not None and is_written(chain.tcp.origin):
                yield listener, chain, _connections(chain, listener, unknowns, locate)


def is_written(origin: Origin | None) -> bool:
    """Tell whether somebody wrote a rule: what a Service or a ServiceEntry gets by being there is none."""
    return origin is not None and not origin.resource.startswith(_DECLARATIONS)


def _is_inbound(listener: Listener) -> bool:
    return listener.name == "virtualInbound"


def _http_host(
    host: VirtualHost, port: int, table: RouteTable, of_listener: Iterable[Unknown], locate: Locate
) -> Found | None:
    """Return one virtual host, ``None`` where nobody wrote anything for it."""
    redirected = host.require_tls != "none"
    if not redirected and not any(is_written(route.origin) for route in host.routes):
        return None
    rules = tuple(_rules(host.routes, locate))
    confined = [each for each in table.unknowns if host.name in each.virtual_hosts]
    unknowns = tuple(dict.fromkeys((*of_listener, *confined)))
    return Found(host.name.rpartition(":")[0] or host.name, host.domains, port, rules, redirected, unknowns)


def _rules(routes: Iterable[Route], locate: Locate) -> Iterator[Rule]:
    """Yield the routes, neighbours of one rule that do the same together."""
    for _, together in groupby(routes, key=_doing):
        group = tuple(together)
        action = group[0].action
        targets: tuple[Target, ...] = ()
        if isinstance(action, Forward):
            mirrors = [Target(*locate(each.cluster), each.percent, True) for each in action.mirrors]
            targets = (*_shares(action.clusters, locate), *mirrors)
        yield Rule(group, (), None, targets, group[0].origin)


def _doing(route: Route) -> object:
    return route.origin, route.action, route.header_changes, route.fault, route.cors


def _shares(clusters: tuple[WeightedCluster, ...], locate: Locate) -> Iterator[Target]:
    total = sum(each.weight for each in clusters)
    for each in clusters:
        share = 100 * each.weight / total if total else 100 / len(clusters)
        yield Target(*locate(each.name), share)


def _connections(chain: FilterChain, listener: Listener, unknowns: Iterable[Unknown], locate: Locate) -> Found:
    match = chain.match
    names = match.server_names or match.prefix_ranges or (_ANY,)
    clusters = chain.tcp.clusters if chain.tcp is not None else ()
    origin = chain.tcp.origin if chain.tcp is not None else None
    rule = Rule((), (_without_names(match),), chain.tcp, tuple(_shares(clusters, locate)), origin)
    return Found(" ".join(names), names, listener.port, (rule,), False, tuple(unknowns))


def _without_names(match: FilterChainMatch) -> FilterChainMatch:
    """Return what a rule asks besides the names that the host is told by."""
    ranges = match.prefix_ranges if match.server_names else ()
    return FilterChainMatch((), match.destination_port, ranges, match.source_prefix_ranges)
