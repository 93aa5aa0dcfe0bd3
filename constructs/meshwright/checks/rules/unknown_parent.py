"""MW851: a route that attaches to a Gateway, listener or Service that is not there."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.gateway_api import ParentReference, gateways, listeners, parents, routes
from meshwright.checks.inventory import SERVICES, WORKLOADS, Inventory
from meshwright.checks.wording import all_of, one_of
from meshwright.frontends.gateway_api.objects import sections, spec
from meshwright.frontends.gateway_api.references import GATEWAY, SERVICE
from meshwright.frontends.istio.objects import text


def _find(shown: Inventory) -> Iterator[Problem]:
    services = {(each.namespace, each.name) for each in shown.of_kind("Service")}
    for route in routes(shown):
        for reference in parents(route):
            where = reference.namespace, reference.name
            if reference.kind == GATEWAY:
                gateway = gateways(shown).get(where)
                if gateway is None:
                    yield _missing(shown, reference)
                elif not listeners(reference, gateway):
                    yield _no_listener(reference, [*sections(spec(gateway).get("listeners"))])
            elif reference.kind == SERVICE and where not in services:
                known = shown.complete or shown.shows(reference.namespace, SERVICES)
                wrong = f'Service "{reference.name}" does not exist in {reference.namespace}'
                yield _problem(reference, wrong, "Correct the name: the route has no effect.", known)


def _missing(shown: Inventory, reference: ParentReference) -> Problem:
    known = gateways(shown)
    here = [name for namespace, name in known if namespace == reference.namespace]
    elsewhere = [namespace for namespace, name in known if name == reference.name]
    wrong = f'Gateway "{reference.name}" does not exist in {reference.namespace}'
    if elsewhere:
        remedy = f"Write namespace: {one_of(elsewhere)}, where a Gateway has this name."
    elif f"{reference.namespace}/{reference.name}" in shown.gateways:
        remedy = "It is a Gateway of Istio's own kind, to which no route attaches."
    else:
        remedy = f"Name {one_of(here)}." if here else "Define it, or correct the name."
    sure = shown.complete or bool(here or elsewhere) or shown.shows(reference.namespace, (*WORKLOADS, "Gateway"))
    return _problem(reference, wrong, remedy, sure)


def _no_listener(reference: ParentReference, known: list[Mapping[str, Any]]) -> Problem:
    asked = " and ".join(
        part
        for part in (reference.section and f'"{reference.section}"', reference.port and f"port {reference.port}")
        if part
    )
    names = all_of([f"{text(each.get('name'))} on {each.get('port')}" for each in known])
    wrong = f'Gateway "{reference.name}" has no listener {asked} (there are {names})'
    return _problem(reference, wrong, "Name one of them: the route attaches to none.", True)


def _problem(reference: ParentReference, wrong: str, remedy: str, known: bool) -> Problem:
    told = wrong if known else f"{wrong} in these manifests"
    return Problem(reference.route.origin(reference.field), told, remedy, None if known else "unknown")


CHECK = Check("MW851", "unknown-parent", "error", "A route whose parent does not exist.", _find)
