"""MW854: a route of the Gateway API to a Service that is not there, or to a port that it has not."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.gateway_api import backends, routes, target
from meshwright.checks.inventory import SERVICES, Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.gateway_api.objects import sections, spec
from meshwright.frontends.gateway_api.references import SERVICE
from meshwright.frontends.istio.objects import integer
from meshwright.manifests.resource import Resource


def _find(shown: Inventory) -> Iterator[Problem]:
    services = {(each.namespace, each.name): each for each in shown.of_kind("Service") if each.api_version == "v1"}
    for route in routes(shown):
        for field, reference in backends(route):
            kind, namespace, name = target(reference, route.namespace)
            if kind != SERVICE or not name:
                continue
            service = services.get((namespace, name))
            if service is None:
                yield _missing(shown, route, field, namespace, name)
            elif reference.get("port") is None:
                ports = all_of([str(port.get("port")) for port in sections(spec(service).get("ports"))])
                wrong = f'the backend "{name}" has no port, which a Service needs'
                yield Problem(route.origin(field), wrong, f"Name one (there are {ports}).")
            else:
                yield from _port(route, field, service, integer(reference["port"]))


def _missing(shown: Inventory, route: Resource, field: str, namespace: str, name: str) -> Problem:
    known = shown.complete or shown.shows(namespace, SERVICES)
    wrong = f'Service "{name}" does not exist in {namespace}' + ("" if known else " in these manifests")
    remedy = "Correct the name: requests get 500." if known else "Nothing here shows it."
    return Problem(route.origin(f"{field}.name"), wrong, remedy, None if known else "unknown")


def _port(route: Resource, field: str, service: Resource, number: int) -> Iterator[Problem]:
    ports = [integer(port.get("port")) for port in sections(spec(service).get("ports"))]
    if ports and number not in ports:
        wrong = f'Service "{service.name}" has no port {number} (there are {all_of(list(map(str, ports)))})'
        remedy = "Name the port of the Service, not the one of its containers."
        yield Problem(route.origin(f"{field}.port"), wrong, remedy, related=(service.origin("spec.ports"),))


CHECK = Check("MW854", "unknown-backend", "error", "A route to a Service, or a port of it, that does not exist.", _find)
