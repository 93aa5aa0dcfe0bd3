"""ServiceEntry: hosts outside of Kubernetes' own registry. Source: Istio reference, "Service Entry"."""

from collections.abc import Iterable, Iterator, Mapping
from ipaddress import ip_address, ip_network
from typing import Any

from meshwright.frontends.istio.endpoints import written_addresses, written_ports
from meshwright.frontends.istio.objects import entries, integer, section, text, texts
from meshwright.frontends.istio.protocols import parse_protocol
from meshwright.frontends.istio.services import (
    NEWEST,
    UNSPECIFIED,
    Labels,
    Resolution,
    Service,
    ServicePort,
    ServiceRegistry,
    kubernetes_service,
)
from meshwright.manifests.resource import Resource

_RESOLUTIONS: dict[str, Resolution] = {
    "NONE": "passthrough",
    "STATIC": "eds",
    "DNS": "dns",
    "DNS_ROUND_ROBIN": "dns_round_robin",
    "DYNAMIC_DNS": "dynamic_dns",
}


def service_registry(
    resources: Iterable[Resource], cluster_domain: str = "cluster.local", default_export_to: Iterable[str] = ("*",)
) -> ServiceRegistry:
    """Collect every service that Services and ServiceEntries among ``resources`` declare."""
    kubernetes: dict[str, Service] = {}
    services: list[Service] = []
    for resource in resources:
        if resource.kind == "Service" and resource.api_version == "v1":
            service = kubernetes_service(resource, cluster_domain)
            kubernetes[service.hostname] = service
        elif resource.kind == "ServiceEntry" and resource.api_version.startswith("networking.istio.io/"):
            services.extend(services_of_entry(resource))
    return ServiceRegistry((*kubernetes.values(), *services), frozenset(default_export_to))


def services_of_entry(resource: Resource) -> Iterator[Service]:
    """Yield a service for each host and each address of a ServiceEntry."""
    spec = section(resource.body.get("spec"))
    metadata = section(resource.body.get("metadata"))
    resolution = _RESOLUTIONS.get(text(spec.get("resolution")), "passthrough")
    selector = spec.get("workloadSelector")
    ports = tuple(
        ServicePort(
            integer(port.get("number")),
            text(port.get("name")),
            parse_protocol(port.get("protocol")),
            integer(port.get("targetPort")) or None,
        )
        for port in map(section, entries(spec.get("ports")))
    )
    addresses = [address for written in texts(spec.get("addresses")) if (address := _address(written))]
    allocated = {} if spec.get("addresses") else _allocated(resource, resolution)
    for host in texts(spec.get("hosts")):
        for address in addresses if spec.get("addresses") else (UNSPECIFIED,):
            yield Service(
                hostname=host,
                namespace=resource.namespace,
                name=host,
                ports=ports,
                resolution=resolution,
                addresses=(address,),
                export_to=frozenset(texts(spec.get("exportTo"))),
                selector=tuple(section(section(selector).get("labels")).items()) if selector is not None else None,
                external=spec.get("location", "MESH_EXTERNAL") == "MESH_EXTERNAL",
                kubernetes=False,
                origin=resource.origin(),
                created=str(metadata.get("creationTimestamp") or NEWEST),
                labels=tuple(section(metadata.get("labels")).items()),
                auto_addresses=allocated.get(host, ()),
                endpoints=_endpoints(spec, resolution) if selector is None else None,
                endpoint_addresses=tuple(written_addresses(spec)) if selector is None else (),
                endpoint_ports=tuple(written_ports(spec)) if selector is None else (),
                object_name=resource.name,
            )


def _address(written: str) -> str:
    """Return an address or CIDR block; a block of one address is that address, other texts are nothing."""
    try:
        if "/" not in written:
            ip_address(written)
            return written
        ip_network(written, strict=False)
    except ValueError:
        return ""
    address, _, bits = written.partition("/")
    return address if bits == str(ip_address(address).max_prefixlen) else written


def _allocated(resource: Resource, resolution: Resolution) -> dict[str, tuple[str, ...]]:
    """Return the addresses by host that istiod has written into the status of the object."""
    status = section(resource.body.get("status"))
    labels = section(section(resource.body.get("metadata")).get("labels"))
    if resolution == "passthrough" or str(labels.get("networking.istio.io/enable-autoallocate-ip")).lower() == "false":
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for entry in map(section, entries(status.get("addresses"))):
        host = text(entry.get("host"))
        found[host] = (*found.get(host, ()), str(entry.get("value")))
    return found


def _endpoints(spec: Mapping[str, Any], resolution: Resolution) -> tuple[Labels, ...]:
    """Return the labels of each written endpoint; a DNS entry without any has its own host as one."""
    written = entries(spec.get("endpoints"))
    if not written and resolution in ("dns", "dns_round_robin"):
        return ((),)
    return tuple(tuple(section(section(endpoint).get("labels")).items()) for endpoint in written)
