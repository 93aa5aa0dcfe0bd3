"""The services of a mesh, whichever kind declares them, and who sees which.

Source: Istio reference, "Service Entry", and istiod's registry rules: older services come first, a Kubernetes Service
beats a ServiceEntry of the same host, and a namespace sees what is exported to it before what is public.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from meshwright.frontends.istio.objects import entries, integer, section, text, texts
from meshwright.frontends.istio.protocols import protocol_of_port
from meshwright.manifests.resource import Resource
from meshwright.traffic import Origin

UNSPECIFIED = "0.0.0.0"
"""The address of a service that has none of its own."""

OLDEST = ""
NEWEST = "~"
"""Creation times for objects that carry none; both compare with RFC 3339 times as text."""

Resolution = Literal["eds", "dns", "dns_round_robin", "passthrough", "alias", "dynamic_dns"]
Labels = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class ServicePort:
    """One port. ``target_port`` is a number, the name of a container port, or ``None`` for the same number."""

    number: int
    name: str
    protocol: str
    target_port: int | str | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Service:
    """One host with its ports, as declared by a Kubernetes Service or one host of a ServiceEntry.

    Args:
        hostname: Fully qualified, or a wildcard.
        name: The Kubernetes Service's name; the hostname for a ServiceEntry.
        addresses: Addresses clients connect to (CIDRs for some ServiceEntries); ``("0.0.0.0",)`` for none.
        auto_addresses: Addresses that istiod has allocated, where the object's status tells.
        export_to: Namespaces, ``.``, ``*`` or ``~``; empty: the mesh default.
        selector: Labels of the workloads behind it; ``None``: it selects none.
        external: The workloads are outside of the mesh.
        kubernetes: Declared by a Kubernetes Service.
        external_name: Where an ExternalName Service points.
        aliases: ``(namespace, hostname)`` of each ExternalName Service that ends here.
        created: Creation time as text, for ordering.
        endpoints: Endpoints written in the ServiceEntry, as labels each; ``None``: they are found by selector.
        endpoint_addresses: Their addresses: IP addresses, host names or unix paths.
        endpoint_ports: The ports by name that each of them has of its own.
        shares: Other services with this namespace and hostname: where ports are equal, so are the endpoints.
    """

    hostname: str
    namespace: str
    name: str
    ports: tuple[ServicePort, ...]
    resolution: Resolution
    addresses: tuple[str, ...]
    export_to: frozenset[str]
    selector: Labels | None
    external: bool
    kubernetes: bool
    origin: Origin
    created: str = OLDEST
    labels: Labels = ()
    auto_addresses: tuple[str, ...] = ()
    external_name: str = ""
    aliases: tuple[tuple[str, str], ...] = ()
    endpoints: tuple[Labels, ...] | None = None
    endpoint_addresses: tuple[str, ...] = ()
    endpoint_ports: tuple[dict[str, int], ...] = ()
    shares: tuple["Service", ...] = ()
    object_name: str = ""

    @property
    def address(self) -> str:
        """The first address, ``0.0.0.0`` for none."""
        return self.addresses[0]

    def port(self, number: int) -> ServicePort | None:
        """Return the port of this number, ``None`` where there is none."""
        for port in self.ports:
            if port.number == number:
                return port
        return None


def sort_key(service: Service) -> tuple[str, str, str, str]:
    """Order services as istiod does: by age, name and namespace; what it leaves to chance, by the object's name."""
    return service.created, service.name, service.namespace, service.object_name


def _target(port: Mapping[str, Any]) -> int | str | None:
    """Return a number or the name of a container's port; what is neither, no API server would have let in."""
    target = port.get("targetPort")
    return target if isinstance(target, int | str) else None


def kubernetes_service(resource: Resource, cluster_domain: str) -> Service:
    """Return the service that a Kubernetes Service declares."""
    spec = section(resource.body.get("spec"))
    metadata = section(resource.body.get("metadata"))
    external_name = text(spec.get("externalName")) if spec.get("type") == "ExternalName" else ""
    resolution: Resolution = "alias" if external_name else "eds"
    addresses: tuple[str, ...] = (UNSPECIFIED,)
    cluster_ip = text(spec.get("clusterIP"))
    if cluster_ip == "None":
        resolution = "passthrough"
    elif cluster_ip:
        several = texts(spec.get("clusterIPs"))
        addresses = several if len(several) > 1 else (cluster_ip,)
    exported = text(section(metadata.get("annotations")).get("networking.istio.io/exportTo"))
    ports = tuple(
        ServicePort(integer(port.get("port")), text(port.get("name")), protocol_of_port(port), _target(port))
        for port in map(section, entries(spec.get("ports")))
    )
    selector = section(spec.get("selector"))
    return Service(
        hostname=f"{resource.name}.{resource.namespace}.svc.{cluster_domain}",
        namespace=resource.namespace,
        name=resource.name,
        ports=ports,
        resolution=resolution,
        addresses=addresses,
        export_to=frozenset(part.strip() for part in exported.split(",")) if exported else frozenset(),
        selector=tuple(selector.items()) if selector else None,
        external=bool(external_name),
        kubernetes=True,
        origin=resource.origin(),
        created=str(metadata.get("creationTimestamp") or OLDEST),
        labels=tuple(section(metadata.get("labels")).items()),
        external_name=external_name,
        object_name=resource.name,
    )


def merge_services(services: Iterable[Service]) -> dict[str, Service]:
    """Return one service a hostname, in order of their first appearance.

    The first of a hostname stays, with three exceptions: a Kubernetes Service replaces a ServiceEntry; parts of one
    service give their ports together; services that differ in their ports only (same namespace, resolution, labels,
    selector, visibility) do so too.
    """
    merged: dict[str, Service] = {}
    for service in services:
        add_service(merged, service)
    return merged


def add_service(merged: dict[str, Service], service: Service) -> None:
    """Add one service to a result of ``merge_services``."""
    present = merged.get(service.hostname)
    if present is None:
        merged[service.hostname] = service
    elif present is service or (present.kubernetes and not service.kubernetes):
        return
    elif service.kubernetes and not present.kubernetes:
        merged[service.hostname] = service
    elif _same_but_ports(present, service):
        numbers = {port.number for port in present.ports}
        new = tuple(port for port in service.ports if port.number not in numbers)
        if new:
            merged[service.hostname] = replace(present, ports=present.ports + new)


def _same_but_ports(one: Service, other: Service) -> bool:
    return (
        one.namespace == other.namespace
        and one.resolution == other.resolution
        and one.kubernetes == other.kubernetes
        and dict(one.labels) == dict(other.labels)
        and dict(one.selector or ()) == dict(other.selector or ())
        and one.export_to == other.export_to
    )


def _with_aliases(services: list[Service]) -> list[Service]:
    """Give each service the ExternalName Services that end at it; loops among those end nowhere."""
    targets = {service.hostname: service.external_name for service in services if service.resolution == "alias"}
    if not targets:
        return services
    aliases: dict[str, list[tuple[str, str]]] = {}
    for service in services:
        if service.resolution != "alias":
            continue
        seen, target = {service.hostname}, service.external_name
        while target in targets and target not in seen:
            seen.add(target)
            target = targets[target]
        if target not in seen:
            aliases.setdefault(target, []).append((service.namespace, service.hostname))
    return [
        replace(service, aliases=tuple(sorted(aliases[service.hostname]))) if service.hostname in aliases else service
        for service in services
    ]


def _with_shares(services: list[Service]) -> list[Service]:
    """Give each service the others that share its namespace and hostname."""
    alike: dict[tuple[str, str], list[Service]] = {}
    for service in services:
        alike.setdefault((service.namespace, service.hostname), []).append(service)
    if len(alike) == len(services):
        return services
    shared: list[Service] = []
    for service in services:
        others = tuple(other for other in alike[service.namespace, service.hostname] if other is not service)
        shared.append(replace(service, shares=others) if others else service)
    return shared


def _label(key: str, value: object) -> tuple[str, str]:
    return key, str(value)


@dataclass(slots=True, eq=False)
class ServiceRegistry:
    """All services of a mesh.

    Args:
        services: Sorted by age, name and namespace. Several may have one hostname.
        default_export_to: Who sees a service that does not say.
    """

    services: tuple[Service, ...]
    default_export_to: frozenset[str] = frozenset("*")
    by_host: dict[str, dict[str, Service]] = field(init=False)
    _by_namespace: dict[str, list[Service]] = field(init=False, default_factory=dict)
    _by_label: dict[tuple[str, tuple[str, str] | None], list[tuple[int, Service]]] = field(
        init=False, default_factory=dict
    )
    _public: list[Service] = field(init=False, default_factory=list)
    _exported: dict[str, list[Service]] = field(init=False, default_factory=dict)
    _views: dict[str, Mapping[str, Service]] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        self.services = tuple(_with_shares(_with_aliases(sorted(self.services, key=sort_key))))
        kubernetes_first = sorted(self.services, key=lambda service: (not service.kubernetes, service.name))
        for position, service in enumerate(kubernetes_first):
            self._by_namespace.setdefault(service.namespace, []).append(service)
            label = _label(*service.selector[0]) if service.selector else None
            self._by_label.setdefault((service.namespace, label), []).append((position, service))
        self.by_host = {}
        for service in self.services:
            by_namespace = self.by_host.setdefault(service.hostname, {})
            present = by_namespace.get(service.namespace)
            if present is None or (service.kubernetes and not present.kubernetes):
                by_namespace[service.namespace] = service
            export_to = service.export_to or self.default_export_to
            if "*" in export_to:
                self._public.append(service)
            elif "~" not in export_to:
                for namespace in {service.namespace if name == "." else name for name in export_to}:
                    self._exported.setdefault(namespace, []).append(service)

    def exported_to(self, namespace: str) -> Iterator[Service]:
        """Iterate over the services that workloads of a namespace may see: those exported to it, then public ones."""
        yield from self._exported.get(namespace, ())
        yield from self._public

    def of_namespace(self, namespace: str) -> list[Service]:
        """Return all services declared in a namespace, those of Kubernetes first."""
        return self._by_namespace.get(namespace, [])

    def candidates(self, namespace: str, labels: Mapping[str, str]) -> list[Service]:
        """Return the services of a namespace that may stand for a workload, those of Kubernetes first.

        Left out are those that ask for a label which the workload does not carry.
        """
        asked = (None, *(_label(key, value) for key, value in labels.items()))
        found = [each for label in asked for each in self._by_label.get((namespace, label), ())]
        return [service for _, service in sorted(found, key=lambda each: each[0])]

    def is_visible(self, service: Service, namespace: str) -> bool:
        """Tell whether workloads of ``namespace`` may see ``service``."""
        export_to = service.export_to or self.default_export_to
        return "*" in export_to or namespace in export_to or ("." in export_to and service.namespace == namespace)

    def seen_from(self, namespace: str) -> Mapping[str, Service]:
        """Return the services by hostname that a gateway in ``namespace`` knows."""
        view = self._views.get(namespace)
        if view is None:
            view = self._views[namespace] = merge_services(self.exported_to(namespace))
        return view

    def find(self, hostname: str, namespace: str) -> Service | None:
        """Return the service of ``hostname`` that a gateway in ``namespace`` means, ``None`` if it sees none."""
        return self.seen_from(namespace).get(hostname)
