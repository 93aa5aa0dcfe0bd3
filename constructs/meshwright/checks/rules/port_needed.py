"""MW105: a route from a gateway names no port, its service has several, and none is the gateway's."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.gateways import servers_of
from meshwright.frontends.istio.objects import MESH
from meshwright.frontends.istio.virtual_services import VirtualService


def _find(shown: Inventory) -> Iterator[Problem]:
    for destination in shown.destinations:
        services = shown.services(destination.host) if not destination.port else []
        if not services or any(len(service.ports) < 2 for service in services):
            continue
        ports = {port.number for service in services for port in service.ports}
        listening = _listening(shown, destination.virtual_service)
        if listening and not ports & listening:
            numbers, gates = all_of(list(map(str, ports))), all_of(list(map(str, listening)))
            has = f'"{destination.host}" has the ports {numbers}'
            wrong = f"{has}; without one in the route, the gateway's own ({gates}) counts"
            yield Problem(destination.origin, wrong, "Name the port: port: {number: …}.")


def _listening(shown: Inventory, service: VirtualService) -> set[int]:
    """Return the ports of the servers of all gateways of a VirtualService; empty when they are not all known."""
    gateways = [shown.gateways.get(name) for name in service.gateways]
    if MESH in service.gateways or None in gateways:
        return set()
    return {server.port for gateway in gateways if gateway is not None for server in servers_of(gateway)}


CHECK = Check(
    "MW105", "port-needed", "error", "A route from a gateway does not say which of several ports it means.", _find
)
