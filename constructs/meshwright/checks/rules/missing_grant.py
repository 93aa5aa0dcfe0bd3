"""MW853: a route to a Service, or a listener's certificate, in a namespace that grants it not."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.gateway_api import backends, gateways, grants, parents, routes, target
from meshwright.checks.inventory import Inventory
from meshwright.frontends.gateway_api.objects import GATEWAY_API, sections, spec
from meshwright.frontends.gateway_api.references import GATEWAY, SECRET, SERVICE, GroupKind, Referrer
from meshwright.frontends.istio.objects import section
from meshwright.manifests.resource import Resource


def _find(shown: Inventory) -> Iterator[Problem]:
    for route in routes(shown):
        if any(reference.kind == GATEWAY for reference in parents(route)):
            for field, reference in backends(route):
                kind, namespace, name = target(reference, route.namespace)
                if kind == SERVICE and namespace != route.namespace:
                    yield from _problems(shown, route, field, (kind, namespace, name))
    for gateway in gateways(shown).values():
        for place, listener in enumerate(sections(spec(gateway).get("listeners"))):
            for position, reference in enumerate(sections(section(listener.get("tls")).get("certificateRefs"))):
                kind, namespace, name = target(reference, gateway.namespace, SECRET)
                if kind == SECRET and namespace != gateway.namespace:
                    field = f"spec.listeners[{place}].tls.certificateRefs[{position}]"
                    yield from _problems(shown, gateway, field, (kind, namespace, name))


def _problems(shown: Inventory, owner: Resource, field: str, wanted: tuple[GroupKind, str, str]) -> Iterator[Problem]:
    kind, namespace, name = wanted
    if grants(shown).allow(Referrer((GATEWAY_API, owner.kind), owner.namespace), kind, namespace, name):
        return
    known = shown.complete or namespace in shown.namespaces
    wrong = f"no ReferenceGrant in {namespace} lets {owner.kind}s of {owner.namespace} refer to {kind[1]} {name}"
    remedy = f"Add one to {namespace}: without it the reference leads nowhere." if known else "Nothing here shows it."
    wrong = wrong if known else f"{wrong} in these manifests"
    yield Problem(owner.origin(field), wrong, remedy, None if known else "unknown")


CHECK = Check("MW853", "missing-grant", "error", "A reference into another namespace that nobody granted.", _find)
