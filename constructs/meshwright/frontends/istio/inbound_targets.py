"""On which ports a workload serves: those of the Services that select it, or those that its Sidecar declares."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.frontends.istio.objects import entries, integer, section, text
from meshwright.frontends.istio.protocols import parse_protocol
from meshwright.frontends.istio.services import Service, ServicePort, ServiceRegistry
from meshwright.frontends.istio.sidecar_proxy import WILDCARD_ADDRESS, SidecarProxy
from meshwright.frontends.istio.workloads import Workloads
from meshwright.traffic import Origin

_INSIDE_TLS = {"HTTPS": "HTTP", "TLS": "TCP"}


@dataclass(frozen=True, slots=True)
class InboundTarget:
    """One port of a workload.

    Args:
        number: The workload's port.
        service_port: The Service's port that leads there.
        bind: Address of the listener.
        bind_to_port: It has a listener of its own instead of a way through ``virtualInbound``.
        tls: How a Sidecar asks to end the TLS of clients there.
    """

    number: int
    service_port: int
    protocol: str
    bind: str
    origin: Origin
    bind_to_port: bool = False
    tls: Mapping[str, Any] | None = None


def inbound_targets(
    sidecar: SidecarProxy, registry: ServiceRegistry, workloads: Workloads, *, ends_tls: bool
) -> list[InboundTarget]:
    """Return the ports of a workload, sorted; of several Services for one port the first by name counts.

    Args:
        ends_tls: istiod lets Sidecars end TLS.
    """
    config = sidecar.scope.config
    declared = entries(config.spec.get("ingress")) if config else []
    found: dict[int, InboundTarget] = {}
    if declared:
        for target in _declared(sidecar, ends_tls):
            found.setdefault(target.number, target)
    elif not sidecar.no_interception:
        for target in _of_services(sidecar, registry, workloads):
            if target.number not in sidecar.reserved_ports:
                found.setdefault(target.number, target)
    return [found[number] for number in sorted(found)]


def _declared(sidecar: SidecarProxy, ends_tls: bool) -> Iterator[InboundTarget]:
    """Yield the ports of ``spec.ingress``."""
    config = sidecar.scope.config
    if config is None:
        return
    for position, entry in enumerate(map(section, entries(config.spec.get("ingress")))):
        port = section(entry.get("port"))
        mode = text(entry.get("captureMode"))
        bind = text(entry.get("bind"))
        number = integer(port.get("number"))
        if bind == WILDCARD_ADDRESS and number in sidecar.reserved_ports:
            continue
        protocol = parse_protocol(port.get("protocol"))
        tls = entry.get("tls") if ends_tls else None
        yield InboundTarget(
            number=number,
            service_port=number,
            protocol=protocol if tls is None else _INSIDE_TLS.get(protocol, protocol),
            bind=bind or next(iter(sidecar.addresses), WILDCARD_ADDRESS),
            origin=config.origin(f"spec.ingress[{position}]"),
            bind_to_port=mode == "NONE" or (mode in ("", "DEFAULT") and sidecar.no_interception),
            tls=None if tls is None else section(tls),
        )


def _of_services(sidecar: SidecarProxy, registry: ServiceRegistry, workloads: Workloads) -> Iterator[InboundTarget]:
    """Yield the ports of the Services and ServiceEntries of its namespace that stand for this workload."""
    for service in registry.candidates(sidecar.namespace, sidecar.labels):
        places = _places(service, sidecar)
        for port in service.ports:
            for overrides in places:
                number = overrides.get(port.name) or _target(service, port, workloads)
                if number:
                    yield InboundTarget(number, port.number, port.protocol, WILDCARD_ADDRESS, service.origin)


def _places(service: Service, sidecar: SidecarProxy) -> list[dict[str, int]]:
    """Return, once for each way in which a service stands for the workload, its own ports by name."""
    if service.endpoints is not None:
        ports = service.endpoint_ports or ({},) * len(service.endpoint_addresses)
        return [
            own for address, own in zip(service.endpoint_addresses, ports, strict=False) if address in sidecar.addresses
        ]
    if service.selector is None or not sidecar.labels:
        return []
    return [{}] if all(sidecar.labels.get(key) == value for key, value in service.selector) else []


def _target(service: Service, port: ServicePort, workloads: Workloads) -> int:
    """Return the workload's port: as written, by the name of a container's port, else the same number."""
    target = port.target_port
    if isinstance(target, str) and not target.isdigit():
        return workloads.port_named(service, target)
    return integer(target) or port.number
