"""ServiceEntry. Source: Istio reference, "Service Entry"."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.names import (
    address_or_fqdn_flaw,
    export_faults,
    fqdn_flaw,
    host_flaw,
    label_faults,
    label_flaw,
    partial_wildcard_flaw,
)
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.selectors import selector_faults
from meshwright.checks.validation.values import port_flaw, protocol_flaw, subnet_flaw
from meshwright.checks.validation.workload_entry import endpoint_faults, port_faults
from meshwright.frontends.istio.objects import entries, integer, section, text, texts
from meshwright.frontends.istio.protocols import is_http, is_tcp, is_tls, parse_protocol

_ALLOCATE = "networking.istio.io/enable-autoallocate-ip"
_WAYPOINT = "istio.io/use-waypoint"
_WILD_PROTOCOLS = ("HTTP", "TLS", "GRPC", "HTTP2")


def service_entry_faults(judged: Judged) -> Faults:
    """Find what istiod has against a ServiceEntry."""
    spec = judged.spec
    selector = list(selector_faults("spec.workloadSelector", spec.get("workloadSelector"), "labels"))
    yield from selector
    if any(not fault.warning for fault in selector):
        return
    resolution = text(spec.get("resolution")) or "NONE"
    hosts, addresses = texts(spec.get("hosts")), texts(spec.get("addresses"))
    ports = [section(port) for port in entries(spec.get("ports"))]
    if isinstance(spec.get("workloadSelector"), dict) and entries(spec.get("endpoints")):
        wrong = "it has workloadSelector and endpoints"
        yield Fault("spec.endpoints", wrong, "Keep one of the two.")
    yield from _host_faults(hosts, resolution)
    yield from _address_faults(addresses, resolution)
    yield from _port_faults(ports, unaddressed=not addresses and not _is_allocated(judged, resolution))
    yield from _resolution_faults(judged, resolution, hosts, addresses, ports)
    if resolution != "NONE" and len(hosts) > 1:
        for place, port in enumerate(ports):
            protocol = parse_protocol(port.get("protocol"))
            if not is_http(protocol) and not is_tls(protocol):
                wrong = (
                    f"on a port for {text(port.get('protocol')) or 'an unknown protocol'} hosts cannot be told apart"
                )
                yield Fault(f"spec.ports[{place}].protocol", wrong, "Choose HTTP or TLS, or name one host.")
                break
    yield from export_faults("spec.exportTo", judged.namespace, texts(spec.get("exportTo")), to_nobody=True)


def _is_allocated(judged: Judged, resolution: str) -> bool:
    return resolution != "NONE" and text(judged.labels.get(_ALLOCATE)).lower() != "false"


def _host_faults(hosts: tuple[str, ...], resolution: str) -> Faults:
    if not hosts:
        yield Fault("spec.hosts", "it has no host", "Name one.")
    for place, host in enumerate(hosts):
        path = f"spec.hosts[{place}]"
        if host == "*":
            yield Fault(path, '"*" is no host of a service', "Name the host, or *.example.com.")
            continue
        flaw = host_flaw(host)
        yield from at(path, flaw)
        if flaw is None and resolution != "DYNAMIC_DNS":
            yield from at(path, partial_wildcard_flaw(host), warning=True)


def _address_faults(addresses: tuple[str, ...], resolution: str) -> Faults:
    for place, address in enumerate(addresses):
        path = f"spec.addresses[{place}]"
        yield from at(path, subnet_flaw(address))
        if "/" in address and resolution not in ("NONE", "STATIC"):
            wrong = f'"{address}" is a block, which resolution {resolution} does not take'
            yield Fault(path, wrong, "Choose NONE or STATIC, or name single addresses.")


def _port_faults(ports: list[Mapping[str, Any]], *, unaddressed: bool) -> Faults:
    names: set[str] = set()
    numbers: set[int] = set()
    for place, port in enumerate(ports):
        path = f"spec.ports[{place}]"
        name, number, protocol = text(port.get("name")), integer(port.get("number")), text(port.get("protocol"))
        if name in names:
            yield Fault(f"{path}.name", f'another port is called "{name}", too', "Rename one of the two.")
        if number in numbers:
            yield Fault(f"{path}.number", f"another port has the number {number}, too", "Remove one of the two.")
        names.add(name)
        numbers.add(number)
        if integer(port.get("targetPort")):
            yield from at(f"{path}.targetPort", port_flaw(integer(port["targetPort"])))
        if unaddressed and protocol in ("", "TCP"):
            wrong = "for TCP without addresses, sidecars take all traffic to the port"
            remedy = "Give addresses, or let istiod allocate them."
            yield Fault(f"{path}.protocol", wrong, remedy, warning=True, told_by="MW602")
        yield from at(f"{path}.name", label_flaw(name, "name of a port"))
        yield from at(f"{path}.protocol", protocol_flaw(protocol))
        yield from at(f"{path}.number", port_flaw(number))


def _resolution_faults(
    judged: Judged,
    resolution: str,
    hosts: tuple[str, ...],
    addresses: tuple[str, ...],
    ports: list[Mapping[str, Any]],
) -> Faults:
    endpoints = [section(endpoint) for endpoint in entries(judged.spec.get("endpoints"))]
    names = {text(port.get("name")) for port in ports}
    if resolution == "NONE":
        if endpoints:
            yield Fault("spec.endpoints", "resolution NONE takes no endpoints", "Choose STATIC or DNS.")
        if isinstance(judged.spec.get("workloadSelector"), dict):
            wrong = "resolution NONE leaves the workloadSelector unread"
            yield Fault("spec.workloadSelector", wrong, "Choose STATIC.", warning=True)
    elif resolution == "STATIC":
        for place, endpoint in enumerate(endpoints):
            yield from endpoint_faults(f"spec.endpoints[{place}]", endpoint, names, names=False)
    elif resolution == "DYNAMIC_DNS":
        yield from _wild_faults(judged, hosts, addresses, ports)
    elif resolution in ("DNS", "DNS_ROUND_ROBIN"):
        yield from _dns_faults(resolution, hosts, endpoints, names)
        if addresses and len(hosts) > 1:
            for place, port in enumerate(ports):
                if is_tcp(parse_protocol(port.get("protocol"))):
                    wrong = "behind one address, hosts on a port for TCP cannot be told apart"
                    yield Fault(f"spec.ports[{place}].protocol", wrong, "Name one host.", warning=True)
                    break


def _dns_faults(resolution: str, hosts: tuple[str, ...], endpoints: list[Mapping[str, Any]], names: set[str]) -> Faults:
    if not endpoints:
        for place, host in enumerate(hosts):
            flaw = fqdn_flaw(host)
            if flaw is not None:
                if host != "*" and host_flaw(host) is None:
                    wrong = f'"{host}" cannot be looked up in DNS'
                    yield Fault(f"spec.hosts[{place}]", wrong, "Give endpoints, or choose DYNAMIC_DNS or NONE.")
                break
    if resolution == "DNS_ROUND_ROBIN" and len(endpoints) > 1:
        wrong = f"DNS_ROUND_ROBIN takes one endpoint, and there are {len(endpoints)}"
        yield Fault("spec.endpoints", wrong, "Keep one, or choose DNS.")
    for place, endpoint in enumerate(endpoints):
        path = f"spec.endpoints[{place}]"
        yield from at(f"{path}.address", address_or_fqdn_flaw(text(endpoint.get("address"))))
        yield from label_faults(f"{path}.labels", section(endpoint.get("labels")))
        yield from port_faults(f"{path}.ports", section(endpoint.get("ports")), names)


def _wild_faults(
    judged: Judged, hosts: tuple[str, ...], addresses: tuple[str, ...], ports: list[Mapping[str, Any]]
) -> Faults:
    for place, host in enumerate(hosts):
        if not host.startswith("*"):
            yield Fault(f"spec.hosts[{place}]", f'DYNAMIC_DNS is for wildcards, and "{host}" is none', "Choose DNS.")
    for field, given in (("addresses", addresses), ("endpoints", judged.spec.get("endpoints"))):
        if given:
            wrong = f"DYNAMIC_DNS takes no {field}: each request's own host is looked up"
            yield Fault(f"spec.{field}", wrong, "Remove them.")
    for place, port in enumerate(ports):
        if parse_protocol(port.get("protocol")) not in _WILD_PROTOCOLS:
            wrong = f"DYNAMIC_DNS does not work for {text(port.get('protocol')) or 'ports without a protocol'}"
            yield Fault(f"spec.ports[{place}].protocol", wrong, f"Choose {', '.join(_WILD_PROTOCOLS)}.")
    waypoint = text(judged.labels.get(_WAYPOINT))
    if judged.spec.get("location") == "MESH_INTERNAL" and waypoint and waypoint.lower() != "none":
        wrong = "DYNAMIC_DNS inside the mesh does not work with a waypoint"
        yield Fault("spec.location", wrong, "Choose MESH_EXTERNAL.")
