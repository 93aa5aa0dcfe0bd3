"""MW852: a route whose parent exists, and no listener of it takes the route."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.gateway_api import ParentReference, gateways, listeners, objects, parents, routes
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.gateway_api.gateways import route_kinds
from meshwright.frontends.gateway_api.objects import spec
from meshwright.frontends.gateway_api.references import GATEWAY
from meshwright.frontends.istio.hosts import overlaps
from meshwright.frontends.istio.objects import section, text, texts
from meshwright.manifests.resource import Resource


def _find(shown: Inventory) -> Iterator[Problem]:
    for route in routes(shown):
        for reference in parents(route):
            gateway = gateways(shown).get((reference.namespace, reference.name))
            if reference.kind != GATEWAY or gateway is None:
                continue
            meant = [listener for _, listener in listeners(reference, gateway)]
            refusals = [_refusal(shown, route, gateway, listener) for listener in meant]
            if refusals and all(refusals):
                yield _problem(reference, gateway, [each for each in refusals if each])


def _problem(reference: ParentReference, gateway: Resource, refusals: list[tuple[str, str]]) -> Problem:
    whys = all_of([why for why, _ in refusals])
    wrong = f'Gateway "{gateway.namespace}/{gateway.name}" does not take this route: {whys}'
    origin = reference.route.origin(reference.field)
    return Problem(origin, wrong, refusals[0][1], related=(gateway.origin("spec.listeners"),))


def _refusal(
    shown: Inventory, route: Resource, gateway: Resource, listener: Mapping[str, Any]
) -> tuple[str, str] | None:
    """Tell why a listener does not take a route, and what to do; ``None`` where it does, or may."""
    name = text(listener.get("name"))
    kinds = route_kinds(listener)
    if route.kind not in kinds:
        return f"{name} is for {all_of(list(kinds))}", "Attach it to a listener of its protocol."
    if not _admits(shown, listener, gateway.namespace, route.namespace):
        remedy = f"Let allowedRoutes.namespaces of the listener take routes from {route.namespace}."
        return f"{name} takes no routes from {route.namespace}", remedy
    hosts, served = texts(spec(route).get("hostnames")), text(listener.get("hostname"))
    if hosts and served and not any(overlaps(host, served) for host in hosts):
        return f"{name} is for {served}", f"Correct hostnames ({all_of(hosts)}), or the listener's hostname."
    return None


def _admits(shown: Inventory, listener: Mapping[str, Any], own: str, namespace: str) -> bool:
    allowed = section(section(listener.get("allowedRoutes")).get("namespaces"))
    match allowed.get("from"):
        case None | "Same":
            return namespace == own
        case "Selector":
            declared = any(each.name == namespace for each in shown.of_kind("Namespace"))
            return not declared or namespace in objects(shown).selected_namespaces(section(allowed.get("selector")))
        case "None":
            return False
    return True


CHECK = Check("MW852", "route-not-allowed", "error", "A route that its Gateway does not take.", _find)
