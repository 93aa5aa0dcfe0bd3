"""MW132: a Service whose selector fits no workload of its namespace."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import labels_text, one_of
from meshwright.frontends.istio.services import Service


def _find(shown: Inventory) -> Iterator[Problem]:
    workloads = shown.mesh.workloads
    made = {(gateway.namespace, host) for gateway in shown.mesh.deployed_gateways for host in gateway.services}
    for service in shown.mesh.registry.services:
        if not service.kubernetes or not service.selector or (service.namespace, service.hostname) in made:
            continue
        if not workloads.select(service.namespace, service.selector) and shown.shows_workloads(service.namespace):
            yield _problem(shown, service)


def _problem(shown: Inventory, service: Service) -> Problem:
    selector = service.selector or ()
    here = shown.mesh.workloads.by_namespace.get(service.namespace, [])
    offers = [labels_text([(key, each.labels[key])]) for key, _ in selector for each in here if key in each.labels]
    remedy = f"Pods there have {one_of(offers)}." if offers else "Correct the selector to the labels of the pods."
    wrong = f"no workload in {service.namespace} has the labels {labels_text(selector)}, so requests get 503"
    origin = service.origin
    place = type(origin)(origin.resource, "spec.selector", origin.place)
    return Problem(place, wrong, remedy)


CHECK = Check("MW132", "service-without-workload", "warning", "A Service whose selector fits no workload.", _find)
