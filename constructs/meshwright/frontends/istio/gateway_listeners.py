"""The listeners of a gateway: one an address and port, with a filter chain for HTTP or for each set of server names.

Source: istiod's gateway listener generation.
"""

from collections.abc import Iterator
from typing import Literal

from meshwright.frontends.istio.clusters import sni_cluster_name
from meshwright.frontends.istio.gateway_routes import GatewayView
from meshwright.frontends.istio.gateways import MergedGateway, MergedServers, Server, ServerPort, claim_hosts
from meshwright.frontends.istio.hosts import is_subset
from meshwright.frontends.istio.objects import entries, section, text, texts
from meshwright.frontends.istio.protocols import is_http
from meshwright.frontends.istio.server_tls import credential, termination
from meshwright.frontends.istio.services import Service
from meshwright.frontends.istio.tcp_routes import l4_match_applies, serves, tcp_route, tcp_rule_for
from meshwright.frontends.istio.virtual_services import VirtualService
from meshwright.traffic import FilterChain, FilterChainMatch, Listener, Origin, TcpRoute, WeightedCluster

ANY_ADDRESS = "0.0.0.0"
_ISTIO_ALPNS = ("istio", "istio-peer-exchange", "istio-http/1.0", "istio-http/1.1", "istio-h2")

TlsHosts = dict[int, dict[str, str]]
"""Server names taken so far, by listener port, each with the address it is taken at."""


def gateway_listeners(merged: MergedGateway, view: GatewayView) -> tuple[Listener, ...]:
    """Return the listeners of a gateway workload; a port with no way through has none."""
    chains: dict[tuple[str, int], list[FilterChain]] = {}
    tls_hosts: TlsHosts = {}
    for port, servers in merged.ports.items():
        found = chains.setdefault((port.bind or ANY_ADDRESS, port.number), [])
        found.extend(_chains(port, servers, view, tls_hosts))
    return tuple(
        Listener(
            name=f"{address}_{number}",
            address=address,
            port=number,
            chains=tuple(found),
            inspects_tls=any(server.tls is not None for server in _servers_of_bytes(merged, address, number)),
        )
        for (address, number), found in chains.items()
        if found
    )


def _servers_of_bytes(merged: MergedGateway, address: str, number: int) -> Iterator[Server]:
    """Iterate over the servers of one listener that are more than plain HTTP."""
    for port, servers in merged.ports.items():
        if port.number == number and (port.bind or ANY_ADDRESS) == address and not is_http(port.protocol):
            yield from servers.servers


def _chains(port: ServerPort, merged: MergedServers, view: GatewayView, tls_hosts: TlsHosts) -> Iterator[FilterChain]:
    if is_http(port.protocol):
        yield FilterChain("", FilterChainMatch(), http=merged.route_name, origin=merged.servers[0].origin)
        return
    for server in merged.servers:
        if server.ends_https:
            yield _terminating(server, http=server.route_name)
        elif server.tls is not None and server.passes_through:
            yield from _passing(server, port.number, view, tls_hosts)
        else:
            route = _tcp_route(server, view)
            if route is None:
                continue
            if server.tls is None:
                yield FilterChain("", FilterChainMatch(), tcp=route, origin=server.origin)
            else:
                yield _terminating(server, tcp=route)


def _terminating(server: Server, *, http: str | None = None, tcp: TcpRoute | None = None) -> FilterChain:
    """Return the chain of a server that ends TLS itself."""
    return _named(
        server.sni_hosts,
        http=http,
        tcp=tcp,
        tls=termination(server.mode),
        credential=credential(section(server.tls)),
        origin=server.origin,
    )


def _named(
    names: tuple[str, ...],
    *,
    http: str | None = None,
    tcp: TcpRoute | None = None,
    tls: Literal["none", "simple", "mutual"] = "none",
    credential: str = "",
    alpns: tuple[str, ...] = (),
    origin: Origin | None = None,
) -> FilterChain:
    """Return a chain for some server names; ``*`` among them stands for all, and asks nothing."""
    server_names = () if "*" in names else tuple(sorted(names))
    match = FilterChainMatch(server_names=server_names, application_protocols=alpns)
    return FilterChain("", match, http=http, tcp=tcp, tls=tls, credential=credential, origin=origin)


def _tcp_route(server: Server, view: GatewayView) -> TcpRoute | None:
    """Return where a server forwards bytes: the first rule of the first VirtualService meant for it."""
    for virtual_service in view.bound_to(server):
        if not serves(server.hosts, virtual_service):
            continue
        position = tcp_rule_for(virtual_service, server.port, server.gateway)
        if position is not None:
            rule = section(virtual_service.tcp[position])
            return _route(rule, virtual_service, server, view, f"spec.tcp[{position}]")
        if _made_of_tls_route(virtual_service) and not server.passes_through:
            for position, rule in enumerate(map(section, virtual_service.tls)):
                for match in map(section, entries(rule.get("match"))):
                    if l4_match_applies(match, virtual_service, server.port, server.gateway):
                        return _route(rule, virtual_service, server, view, f"spec.tls[{position}]")
    return None


def _made_of_tls_route(virtual_service: VirtualService) -> bool:
    parents = text(virtual_service.config.annotations.get("internal.istio.io/parents"))
    return parents.startswith("TLSRoute/")


def _route(rule: object, virtual_service: VirtualService, server: Server, view: GatewayView, field: str) -> TcpRoute:
    return tcp_route(
        entries(section(rule).get("route")),
        virtual_service,
        view.services.get,
        server.port,
        virtual_service.config.origin(field),
    )


def _passing(server: Server, listener_port: int, view: GatewayView, tls_hosts: TlsHosts) -> Iterator[FilterChain]:
    """Yield the chains of a server that forwards TLS unread, one for each rule by server name."""
    if server.mode == "AUTO_PASSTHROUGH":
        yield from _between_networks(server, view)
        return
    taken = tls_hosts.setdefault(listener_port, {})
    for virtual_service in view.bound_to(server):
        if not serves(server.hosts, virtual_service):
            continue
        for position, rule in enumerate(map(section, virtual_service.tls)):
            if not entries(rule.get("route")):
                continue
            for match in map(section, entries(rule.get("match"))):
                names = texts(match.get("sniHosts"))
                if not l4_match_applies(match, virtual_service, server.port, server.gateway):
                    continue
                if claim_hosts(names, server.bind, taken):
                    field = f"spec.tls[{position}]"
                    route = _route(rule, virtual_service, server, view, field)
                    yield _named(names, tcp=route, origin=route.origin)


def _between_networks(server: Server, view: GatewayView) -> Iterator[FilterChain]:
    """Yield a chain for each cluster that another network's proxies may ask for by its name."""
    for service in view.services.values():
        if service.external or not any(is_subset(service.hostname, host) for host in server.sni_hosts):
            continue
        rule = view.rule_for(service)
        for port in service.ports:
            if port.protocol == "UDP":
                continue
            for subset in ("", *(subset.name for subset in (rule.subsets if rule else ()))):
                yield _by_cluster_name(service, port.number, subset, server)


def _by_cluster_name(service: Service, port: int, subset: str, server: Server) -> FilterChain:
    name = sni_cluster_name(port, subset, service.hostname)
    route = TcpRoute((WeightedCluster(name),), server.origin)
    return _named((name,), tcp=route, alpns=_ISTIO_ALPNS, origin=server.origin)
