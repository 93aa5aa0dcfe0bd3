"""MW114: a route leads to a service that is not exported to those who take the route."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Destination, Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.hosts import is_wildcard
from meshwright.frontends.istio.objects import MESH
from meshwright.frontends.istio.services import Service
from meshwright.frontends.istio.virtual_services import NOBODY, PUBLIC


def _find(shown: Inventory) -> Iterator[Problem]:
    registry = shown.mesh.registry
    if all("*" in (service.export_to or registry.default_export_to) for service in registry.services):
        return
    for destination in shown.destinations:
        services = _services(shown, destination.host)
        clients = _clients(shown, destination)
        public = not destination.virtual_service.export_to or PUBLIC in destination.virtual_service.export_to
        if public and any(service.namespace == destination.namespace for service in services):
            continue
        if (
            services
            and clients
            and not any(registry.is_visible(service, each) for service in services for each in clients)
        ):
            yield _problem(destination, services, clients)


def _services(shown: Inventory, host: str) -> list[Service]:
    """Return the services of a host, and those whose wildcards cover it."""
    found = list(shown.mesh.registry.by_host.get(host, {}).values())
    if not found:
        hidden: list[Service] = shown.remember(
            "wildcard_services", lambda: [each for each in shown.mesh.registry.services if is_wildcard(each.hostname)]
        )
        found = [service for service in hidden if host.endswith(service.hostname[1:])]
    return found


def _clients(shown: Inventory, destination: Destination) -> set[str]:
    """Return the namespaces of the proxies that take the route; empty where manifests do not tell."""
    service = destination.virtual_service
    found: set[str] = set()
    for name in service.gateways or (MESH,):
        if name == MESH:
            own = not service.export_to or {PUBLIC, destination.namespace} & service.export_to
            found |= {destination.namespace} if own else service.export_to - {NOBODY}
            continue
        gateway = shown.gateways.get(name)
        namespaces = shown.gateway_namespaces(gateway) if gateway is not None else []
        if not namespaces:
            return set()
        found.update(namespaces)
    return found


def _problem(destination: Destination, services: list[Service], clients: set[str]) -> Problem:
    exported = all_of([name for service in services for name in service.export_to])
    wrong = f'"{destination.host}" is exported to {exported} alone, and callers in {all_of(clients)} do not see it'
    remedy = "Export it to them, or route to a host that they see: requests get 503."
    related = tuple(service.origin for service in services[:3])
    return Problem(destination.origin, wrong, remedy, related=related)


CHECK = Check("MW114", "hidden-host", "warning", "A route leads to a host that its callers do not see.", _find)
