"""MW103: a route leads to a port that its service does not have."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of


def _find(shown: Inventory) -> Iterator[Problem]:
    for destination in shown.destinations:
        services = shown.services(destination.host) if destination.port else []
        ports = {port.number: port.name for service in services for port in service.ports}
        if ports and destination.port not in ports:
            defined = all_of([f"{number} {name}".strip() for number, name in ports.items()])
            wrong = f'"{destination.host}" has no port {destination.port} (defined: {defined})'
            remedy = "Name the port of the Service, not the one of its containers."
            yield Problem(destination.origin, wrong, remedy)


CHECK = Check("MW103", "unknown-port", "error", "A route leads to a port that its service does not have.", _find)
