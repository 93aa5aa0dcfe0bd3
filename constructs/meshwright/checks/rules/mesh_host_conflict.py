"""MW122: two VirtualServices for one host in the mesh, of which sidecars obey one."""

from collections.abc import Iterator, Sequence

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import MESH
from meshwright.frontends.istio.virtual_services import NOBODY, PUBLIC, VirtualService


def _find(shown: Inventory) -> Iterator[Problem]:
    by_host: dict[str, list[VirtualService]] = {}
    for service in shown.written_virtual_services:
        if MESH in service.gateways and NOBODY not in service.export_to:
            for host in dict.fromkeys(service.hosts):
                by_host.setdefault(host, []).append(service)
    for host, services in by_host.items():
        if len(services) > 1:
            yield from _of_host(host, services)


def _of_host(host: str, services: Sequence[VirtualService]) -> Iterator[Problem]:
    for service in services:
        others = [other for other in services if other is not service and _meet(service, other)]
        if not others:
            continue
        origin = service.config.origin(f"spec.hosts[{service.hosts.index(host)}]")
        rivals = ", ".join(other.config.title for other in others)
        wrong = f'the host "{host}" belongs to {rivals} too, and a sidecar obeys only one of them'
        remedy = "Put the rules into one VirtualService, or export each to other namespaces."
        by_choice = all(_is_private(one) != _is_private(service) for one in others)
        if by_choice:
            wrong += ": the one that is not exported wins in its namespace"
            remedy = "If that is not what you want, put the rules into one VirtualService."
        else:
            wrong += ": the oldest"
        related = tuple(other.config.origin() for other in others)
        yield Problem(origin, wrong, remedy, "note" if by_choice else None, related)


def _meet(one: VirtualService, other: VirtualService) -> bool:
    """Tell whether some namespace sees both."""
    return PUBLIC in one.export_to or PUBLIC in other.export_to or bool(one.export_to & other.export_to)


def _is_private(service: VirtualService) -> bool:
    """Tell whether its own namespace alone sees it: there it comes before all that others export."""
    return service.export_to == {service.config.namespace}


CHECK = Check(
    "MW122", "mesh-host-conflict", "error", "Two VirtualServices for one host, of which sidecars obey one.", _find
)
