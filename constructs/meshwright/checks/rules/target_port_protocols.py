"""MW603: two Services give one port of a workload different protocols."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.protocols import UNSUPPORTED, is_http, is_tls
from meshwright.frontends.istio.services import Service, ServicePort
from meshwright.frontends.istio.workloads import Workload

_Declared = dict[str, tuple[Service, ServicePort]]


def _find(shown: Inventory) -> Iterator[Problem]:
    workloads = shown.mesh.workloads
    found: dict[int, tuple[Workload, list[Service]]] = {}
    for service in shown.mesh.registry.services:
        if service.kubernetes and service.selector:
            for workload in workloads.select(service.namespace, service.selector):
                found.setdefault(id(workload), (workload, []))[1].append(service)
    for workload, services in found.values():
        if len(services) > 1:
            yield from _of_workload(workload, services)


def _of_workload(workload: Workload, services: list[Service]) -> Iterator[Problem]:
    by_target: dict[object, _Declared] = {}
    for service in services:
        for port in service.ports:
            if port.protocol != "UDP":
                kinds = by_target.setdefault(_target(workload, port), {})
                kinds.setdefault(_class(port.protocol), (service, port))
    for target, kinds in by_target.items():
        if len(kinds) > 1:
            told = " and ".join(f"{port.protocol or 'none'} ({service.name})" for service, port in kinds.values())
            wrong = f"Services declare different protocols for port {target} of this workload: {told}"
            remedy = "Give both ports one protocol: proxies at the workload take that of the older Service."
            related = tuple(service.origin for service, _ in kinds.values())
            yield Problem(workload.origin, wrong, remedy, related=related)


def _target(workload: Workload, port: ServicePort) -> object:
    if port.target_port is None:
        return port.number
    target = str(port.target_port)
    return int(target) if target.isdigit() else workload.ports.get(target, target)


def _class(protocol: str) -> str:
    """Return what a proxy makes of a protocol: it reads HTTP, forwards bytes, or finds out."""
    return (
        "found out"
        if protocol == UNSUPPORTED
        else "HTTP"
        if is_http(protocol)
        else "TLS"
        if is_tls(protocol)
        else "bytes"
    )


CHECK = Check(
    "MW603",
    "target-port-protocols",
    "warning",
    "Services that declare different protocols for one port of a workload.",
    _find,
)
