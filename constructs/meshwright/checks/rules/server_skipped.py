"""MW401: a server of a Gateway that gateways skip, because an older one has its port or its TLS host."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.gateway import selected_gateways, service_ports
from meshwright.frontends.istio.gateways import MergedGateway, Server, merge_gateways
from meshwright.frontends.istio.objects import NEWEST
from meshwright.traffic import Proxy


def _find(shown: Inventory) -> Iterator[Problem]:
    mesh = shown.mesh
    for proxy in mesh.gateways():
        merged = merge_gateways(selected_gateways(mesh.gateway_configs, proxy, service_ports(mesh, proxy)))
        for server in merged.rejected:
            if server.gateway in shown.gateways:
                winner = _winner(server, merged)
                yield _problem(server, winner, proxy)
                if winner is not None and _may_lose(shown, winner, server):
                    yield _warned(winner, server)


def _winner(server: Server, merged: MergedGateway) -> Server | None:
    """Return the server that a skipped one lost against, ``None`` where it lost for another reason."""
    taken = [other for several in merged.ports.values() for other in several.servers if other.port == server.port]
    hosts = set(server.hosts)
    rivals = [other for other in taken if server.tls is not None and hosts & set(other.hosts)] or taken
    return rivals[0] if rivals else None


def _may_lose(shown: Inventory, winner: Server, loser: Server) -> bool:
    """Tell whether age decides between two Gateways, and the manifests do not say how old they are."""
    rivals = [shown.gateways.get(server.gateway) for server in (winner, loser)]
    return winner.gateway != loser.gateway and all(each is not None and each.created == NEWEST for each in rivals)


def _warned(winner: Server, loser: Server) -> Problem:
    """Tell the winner by name that it wins only as long as it is not created later."""
    wrong = f"Gateway {loser.gateway} asks for {_dispute(loser, winner)}, too: this one wins while it is not younger"
    return Problem(winner.origin, wrong, "Give the hosts to one server, or take another port.", "note", (loser.origin,))


def _problem(server: Server, winner: Server | None, proxy: Proxy) -> Problem:
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
