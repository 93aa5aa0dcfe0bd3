"""MW133: a Service's target port by a name that no container of its workloads has."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of


def _find(shown: Inventory) -> Iterator[Problem]:
    workloads = shown.mesh.workloads
    for service in shown.mesh.registry.services:
        selected = (
            workloads.select(service.namespace, service.selector) if service.kubernetes and service.selector else []
        )
        for position, port in enumerate(service.ports) if selected else ():
            target = port.target_port
            if not isinstance(target, str) or target.isdigit() or any(target in each.ports for each in selected):
                continue
            names = all_of([name for each in selected for name in each.ports])
            origin = type(service.origin)(
                service.origin.resource, f"spec.ports[{position}].targetPort", service.origin.place
            )
            wrong = f'no container behind the Service names a port "{target}" (named: {names})'
            yield Problem(origin, wrong, "Name the container's port so, or give its number.")


CHECK = Check("MW133", "target-port", "error", "A Service's target port that no container names.", _find)
