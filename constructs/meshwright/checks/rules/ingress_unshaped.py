"""MW203: a route from a gateway to a host whose rules in the mesh the gateway does not obey."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import MESH, entries, section
from meshwright.frontends.istio.virtual_services import VirtualService


def _find(shown: Inventory) -> Iterator[Problem]:
    shaped: dict[str, VirtualService] = {}
    for service in shown.written_virtual_services:
        if MESH in service.gateways:
            for host in service.hosts:
                if host in {each for each, subset in _leads_to(service) if subset}:
                    shaped.setdefault(host, service)
    for destination in shown.destinations if shaped else ():
        service = destination.virtual_service
        rules = shaped.get(destination.host)
        if rules is None or destination.subset or not service.gateways or MESH in service.gateways:
            continue
        wrong = (
            f"{rules.config.title} chooses a subset of {destination.host} for callers in the mesh, not for this route"
        )
        remedy = "Name the subset here, too, if requests from the gateway shall go there."
        yield Problem(destination.origin, wrong, remedy, related=(rules.config.origin("spec.http"),))


def _leads_to(service: VirtualService) -> Iterator[tuple[str, object]]:
    """Yield host and subset of each destination of the HTTP rules."""
    for rule in service.http:
        for item in map(section, entries(rule.spec.get("route"))):
            target = section(item.get("destination"))
            yield rule.host(target), target.get("subset")


CHECK = Check("MW203", "ingress-unshaped", "note", "A route from a gateway that rules of the mesh do not shape.", _find)
