"""MW115: a VirtualService that is not exported to the namespace of the gateway's pods."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import MESH
from meshwright.frontends.istio.virtual_services import PUBLIC


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.written_virtual_services:
        if PUBLIC in service.export_to:
            continue
        for position, name in enumerate(service.gateways):
            gateway = shown.gateways.get(name) if name != MESH else None
            namespaces = shown.gateway_namespaces(gateway) if gateway is not None else []
            if namespaces and service.export_to.isdisjoint(namespaces):
                wrong = f'the pods of Gateway "{name}" are in {all_of(namespaces)}, to which this is not exported'
                remedy = f"Add {all_of(namespaces)} to exportTo: the gateway has none of these rules."
                yield Problem(service.config.origin(f"spec.gateways[{position}]"), wrong, remedy)


CHECK = Check("MW115", "hidden-virtual-service", "error", "A VirtualService that its gateway does not see.", _find)
