"""MW138: a target port by number that the containers behind a Service, which declare others, do not declare."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.pods import containers, pod_of
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import entries, integer, section
from meshwright.frontends.istio.workloads import Workload
from meshwright.manifests.resource import Resource
from meshwright.traffic import Origin

_PROXY = "istio-proxy"


def _find(shown: Inventory) -> Iterator[Problem]:
    by_title: dict[str, Resource] = shown.remember(
        "by_title", lambda: {str(each): each for each in shown.mesh.resources}
    )
    for service in shown.mesh.registry.services:
        if not service.kubernetes or not service.selector:
            continue
        selected = shown.mesh.workloads.select(service.namespace, service.selector)
        declared = [_declared(by_title, workload) for workload in selected]
        for position, port in enumerate(service.ports) if declared and all(declared) else ():
            target = port.number if port.target_port is None else port.target_port
            if isinstance(target, int) and not any(target in numbers for numbers in declared):
                known = all_of([str(number) for numbers in declared for number in numbers])
                wrong = f"no container behind it declares port {target} (declared: {known})"
                origin = Origin(service.origin.resource, f"spec.ports[{position}].targetPort", service.origin.place)
                yield Problem(origin, wrong, "Name the port on which the app listens, or declare it.")


def _declared(by_title: dict[str, Resource], workload: Workload) -> set[int]:
    """Return the ports of a workload's containers; none where a proxy brings its own, or nothing is declared."""
    resource = by_title.get(workload.origin.resource)
    if resource is None:
        return set()
    found = [container for _, container in containers(*pod_of(resource))]
    if any(container.get("name") == _PROXY for container in found):
        return set()
    return {integer(section(port).get("containerPort")) for each in found for port in entries(each.get("ports"))}


CHECK = Check("MW138", "undeclared-port", "note", "A Service's target port that no container declares.", _find)
