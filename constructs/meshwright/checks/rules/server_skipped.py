"""MW401: a server of a Gateway that gateways skip, because an older one has its port or its TLS host."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.gateway import selected_gateways, service_ports
from meshwright.frontends.istio.gateways import MergedGateway, Server, merge_gateways
from meshwright.traffic import Proxy


def _find(shown: Inventory) -> Iterator[Problem]:
    mesh = shown.mesh
    for proxy in mesh.gateways():
        merged = merge_gateways(selected_gateways(mesh.gateway_configs, proxy, service_ports(mesh, proxy)))
        for server in merged.rejected:
            if server.gateway in shown.gateways:
                yield _problem(server, merged, proxy)


def _problem(server: Server, merged: MergedGateway, proxy: Proxy) -> Problem:
    taken = [other for several in merged.ports.values() for other in several.servers if other.port == server.port]
    hosts = set(server.hosts)
    rivals = [other for other in taken if server.tls is not None and hosts & set(other.hosts)] or taken
    winner = rivals[0] if rivals else None
    what = f"port {server.port}" if winner is None else _dispute(server, winner)
    owner = f"Gateway {winner.gateway}" if winner is not None else "another server"
    wrong = f"gateways skip this server: {owner} has {what} already ({proxy.namespace}, the older one wins)"
    remedy = "Give the hosts to one server, or take another port; rename a server whose port name repeats."
    return Problem(server.origin, wrong, remedy, related=() if winner is None else (winner.origin,))


def _dispute(server: Server, winner: Server) -> str:
    shared = set(server.hosts) & set(winner.hosts)
    if server.tls is not None and shared:
        return f"the TLS host {all_of(shared)} on port {server.port}"
    if server.protocol != winner.protocol:
        return f"port {server.port} for {winner.protocol or 'another protocol'}"
    return f"port {server.port}"


CHECK = Check("MW401", "server-skipped", "error", "A Gateway's server that an older one keeps out.", _find)
