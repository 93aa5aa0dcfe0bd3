"""MW101: a VirtualService names a Gateway that does not exist."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import WORKLOADS, Inventory
from meshwright.checks.wording import one_of
from meshwright.frontends.istio.hosts import resolve_gateway
from meshwright.frontends.istio.objects import MESH, texts
from meshwright.frontends.istio.virtual_services import VirtualService


def _find(shown: Inventory) -> Iterator[Problem]:
    gateway_api = {
        f"{resource.namespace}/{resource.name}"
        for resource in shown.of_kind("Gateway")
        if resource.api_version.startswith("gateway.networking.k8s.io/")
    }
    for service in shown.written_virtual_services:
        for position, written in enumerate(texts(service.config.spec.get("gateways"))):
            name = resolve_gateway(written, service.config.namespace)
            if written != MESH and name not in shown.gateways:
                yield _problem(shown, service, f"spec.gateways[{position}]", name, name in gateway_api)


def _problem(shown: Inventory, service: VirtualService, field: str, name: str, of_gateway_api: bool) -> Problem:
    origin = service.config.origin(field)
    if of_gateway_api:
        wrong = f'"{name}" is a Gateway of the Gateway API, to which no VirtualService can attach'
        return Problem(origin, wrong, "Write an HTTPRoute with it as parentRef, or name an Istio Gateway.")
    namespace, _, short = name.partition("/")
    wrong = f'Gateway "{name}" does not exist'
    defined = [other for other in shown.gateways if other.partition("/")[0] == namespace]
    namesakes = [other for other in shown.gateways if other.partition("/")[2] == short]
    if namesakes:
        remedy = f"Name {one_of(namesakes)}: a name without a namespace means the VirtualService's own."
        return Problem(origin, wrong, remedy)
    known = shown.complete or bool(defined) or shown.shows(namespace, (*WORKLOADS, "Service"))
    remedy = f"Define it, or name {one_of(defined)}." if defined else "Define it, or name one that exists."
    return Problem(origin, wrong if known else f"{wrong} in these manifests", remedy, None if known else "unknown")


CHECK = Check("MW101", "unknown-gateway", "error", "A VirtualService names a Gateway that does not exist.", _find)
