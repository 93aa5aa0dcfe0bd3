"""ServiceEntry: hosts outside of Kubernetes' own registry. Source: Istio reference, "Service Entry"."""

from collections.abc import Iterable, Iterator
from ipaddress import ip_address, ip_network
from typing import Any

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

_RESOLUTIONS: dict[object, Resolution] = {
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
    spec: dict[str, Any] = resource.body.get("spec") or {}
    metadata: dict[str, Any] = resource.body.get("metadata") or {}
    resolution = _RESOLUTIONS.get(spec.get("resolution"), "passthrough")
    selector = spec.get("workloadSelector")
    ports = tuple(
        ServicePort(
            port.get("number", 0),
            port.get("name") or "",
            parse_protocol(port.get("protocol")),
            port.get("targetPort") or None,
        )
        for port in spec.get("ports") or ()
    )
    addresses = [address for text in spec.get("addresses") or () if (address := _address(str(text)))]
    allocated = {} if spec.get("addresses") else _allocated(resource, resolution)
    for host in spec.get("hosts") or ():
        for address in addresses if spec.get("addresses") else (UNSPECIFIED,):
            yield Service(
                hostname=host,
                namespace=resource.namespace,
                name=host,
                ports=ports,
                resolution=resolution,
                addresses=(address,),
                export_to=frozenset(spec.get("exportTo") or ()),
                selector=tuple((selector.get("labels") or {}).items()) if selector is not None else None,
                external=spec.get("location", "MESH_EXTERNAL") == "MESH_EXTERNAL",
                kubernetes=False,
                origin=resource.origin(),
                created=str(metadata.get("creationTimestamp") or NEWEST),
                labels=tuple((metadata.get("labels") or {}).items()),
                auto_addresses=allocated.get(host, ()),
                endpoints=_endpoints(spec, resolution) if selector is None else None,
                object_name=resource.name,
                subject_alt_names=tuple(spec.get("subjectAltNames") or ()),
            )


def _address(text: str) -> str:
    """Return an address or CIDR block; a block of one address is that address, other texts are nothing."""
    try:
        if "/" not in text:
            ip_address(text)
            return text
        ip_network(text, strict=False)
    except ValueError:
        return ""
    address, _, bits = text.partition("/")
    return address if int(bits) == ip_address(address).max_prefixlen else text


def _allocated(resource: Resource, resolution: Resolution) -> dict[str, tuple[str, ...]]:
    """Return the addresses by host that istiod has written into the status of the object."""
    status: dict[str, Any] = resource.body.get("status") or {}
    labels = (resource.body.get("metadata") or {}).get("labels") or {}
    if resolution == "passthrough" or str(labels.get("networking.istio.io/enable-autoallocate-ip")).lower() == "false":
        return {}
    found: dict[str, tuple[str, ...]] = {}
    for entry in status.get("addresses") or ():
        host = entry.get("host", "")
        found[host] = (*found.get(host, ()), str(entry.get("value")))
    return found


def _endpoints(spec: dict[str, Any], resolution: Resolution) -> tuple[Labels, ...]:
    """Return the labels of each written endpoint; a DNS entry without any has its own host as one."""
    written = spec.get("endpoints") or ()
    if not written and resolution in ("dns", "dns_round_robin"):
        return ((),)
    return tuple(tuple((endpoint.get("labels") or {}).items()) for endpoint in written)
