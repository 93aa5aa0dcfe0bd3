"""MW604: two ServiceEntries give one port of one host different protocols."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.services import Service
from meshwright.traffic import Origin


def _find(shown: Inventory) -> Iterator[Problem]:
    declared: dict[tuple[str, int], list[tuple[Service, str]]] = {}
    for service in shown.mesh.registry.services:
        for port in () if service.kubernetes else service.ports:
            declared.setdefault((service.hostname, port.number), []).append((service, port.protocol))
    for (host, number), several in declared.items():
        if len({protocol for _, protocol in several}) > 1:
            for service, protocol in several:
                yield from _conflicts(shown, service, protocol, (host, number), several)


def _conflicts(
    shown: Inventory, service: Service, protocol: str, place: tuple[str, int], several: list[tuple[Service, str]]
) -> Iterator[Problem]:
    others = [(each, other) for each, other in several if other != protocol and _meet(shown, service, each)]
    if not others:
        return
    host, number = place
    told = ", ".join(f"{other or 'none'} in {each.origin.resource}" for each, other in others)
    wrong = f"port {number} of {host} speaks {protocol or 'none'} here and {told}: proxies take one of them"
    origin = Origin(service.origin.resource, "spec.ports", service.origin.place)
    related = tuple(each.origin for each, _ in others)
    yield Problem(origin, wrong, "Declare one protocol, or export each to other namespaces.", related=related)


def _meet(shown: Inventory, one: Service, other: Service) -> bool:
    """Tell whether some namespace sees both."""
    registry = shown.mesh.registry
    return any(registry.is_visible(one, each) and registry.is_visible(other, each) for each in shown.namespaces)


CHECK = Check(
    "MW604",
    "entry-conflict",
    "warning",
    "ServiceEntries that declare different protocols for one host and port.",
    _find,
)
