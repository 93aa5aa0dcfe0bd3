"""The workloads of the manifests, for counting who stands behind a service or a subset.

Pods and WorkloadEntries count themselves. A Deployment or another owner of a pod template stands for its pods.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from meshwright.frontends.istio.endpoints import EndpointAddresses
from meshwright.frontends.istio.objects import entries, integer, section, text
from meshwright.frontends.istio.services import Service, ServicePort
from meshwright.manifests.resource import Resource
from meshwright.traffic import Origin

_TEMPLATE_OWNERS = frozenset(
    {"Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "ReplicationController", "Job", "Rollout", "CronJob"}
)


@dataclass(frozen=True, slots=True, eq=False)
class Workload:
    """One workload.

    Its namespace, the labels of its pods, what declares it, its address and the
    ports of its containers by name, where they are known.
    """

    namespace: str
    labels: Mapping[str, str]
    origin: Origin
    address: str = ""
    ports: Mapping[str, int] = field(default_factory=dict)

    def has(self, wanted: Iterable[tuple[str, str]]) -> bool:
        """Tell whether it carries all these labels."""
        labels = self.labels
        return all(labels.get(key) == value for key, value in wanted)


@dataclass(slots=True)
class Workloads:
    """All workloads, found by namespace and one label at a time."""

    by_namespace: dict[str, list[Workload]] = field(default_factory=dict)
    listed: EndpointAddresses = field(default_factory=EndpointAddresses)
    _by_label: dict[tuple[str, str, str], list[Workload]] = field(default_factory=dict)

    def add(self, workload: Workload) -> None:
        """Add one workload."""
        self.by_namespace.setdefault(workload.namespace, []).append(workload)
        for key, value in workload.labels.items():
            self._by_label.setdefault((workload.namespace, key, str(value)), []).append(workload)

    def select(self, namespace: str, selector: Iterable[tuple[str, str]]) -> list[Workload]:
        """Return the workloads of a namespace that carry all labels of ``selector``; an empty one selects all."""
        wanted = tuple(selector)
        if not wanted:
            return self.by_namespace.get(namespace, [])
        candidates = min(
            (self._by_label.get((namespace, key, str(value)), []) for key, value in wanted),
            key=len,
        )
        return [workload for workload in candidates if workload.has(wanted)]

    def behind(self, service: Service, subset: Iterable[tuple[str, str]] = (), port: int = 0) -> int | None:
        """Count the workloads behind a service that carry the labels of a subset.

        Args:
            port: Counts what stands behind this port of other services of the same name too.

        Returns:
            ``None`` when the manifests cannot tell: the service takes whatever address the client asked for, it has no
            selector, or its namespace shows no workload at all.
        """
        wanted = tuple(subset)
        sharing = [other for other in service.shares if other.port(port) is not None]
        counts = [self._behind(each, wanted) for each in (service, *sharing)]
        known = [count for count in counts if count is not None]
        return sum(known) if known else None

    def _behind(self, service: Service, wanted: tuple[tuple[str, str], ...]) -> int | None:
        if service.endpoints is not None:
            if service.resolution == "passthrough":
                return None
            return sum(all(pair in labels for pair in wanted) for labels in service.endpoints)
        if service.selector is None:
            return self.listed.count(service.namespace, service.name) if service.kubernetes and not wanted else None
        if service.namespace not in self.by_namespace:
            return None
        return sum(workload.has(wanted) for workload in self.select(service.namespace, service.selector))

    def addresses(self, service: Service, port: ServicePort) -> list[str]:
        """Return what stands behind one port of a service, as far as manifests write it: addresses, also host names."""
        if service.endpoints is not None:
            by_name = service.resolution in ("dns", "dns_round_robin")
            return list(service.endpoint_addresses) or ([service.hostname] if by_name else [])
        found = list(self.listed.of(service.namespace, service.name, port.name)) if service.kubernetes else []
        if service.selector is not None:
            selected = self.select(service.namespace, service.selector)
            found += [workload.address for workload in selected if workload.address]
        return found

    def port_named(self, service: Service, name: str) -> int:
        """Return the number of the containers' port of this name, 0 when no workload of the service shows it."""
        for workload in self.select(service.namespace, service.selector or ()):
            if name in workload.ports:
                return workload.ports[name]
        return 0


def find_workloads(resources: Iterable[Resource]) -> Workloads:
    """Collect the workloads that ``resources`` declare."""
    workloads = Workloads()
    for resource in resources:
        if resource.kind in ("EndpointSlice", "Endpoints"):
            workloads.listed.add(resource)
            continue
        labels = _pod_labels(resource)
        if labels is not None:
            address = (
                text(section(resource.body.get("spec")).get("address")) if resource.kind == "WorkloadEntry" else ""
            )
            workloads.add(Workload(resource.namespace, labels, resource.origin(), address, _port_names(resource)))
    return workloads


def pod_metadata(resource: Resource) -> Mapping[str, Any]:
    """Return the metadata of the pods that an object stands for, empty when it is no workload of Kubernetes."""
    if resource.kind != "Pod" and resource.kind not in _TEMPLATE_OWNERS:
        return {}
    return section(_template(resource).get("metadata"))


def _pod_labels(resource: Resource) -> Mapping[str, str] | None:
    """Return the labels of the pods that an object stands for, ``None`` when it is no workload."""
    if resource.kind == "WorkloadEntry":
        own = section(section(resource.body.get("metadata")).get("labels"))
        return {**section(section(resource.body.get("spec")).get("labels")), **own}
    if resource.kind != "Pod" and resource.kind not in _TEMPLATE_OWNERS:
        return None
    return section(pod_metadata(resource).get("labels"))


def _template(resource: Resource) -> Mapping[str, Any]:
    """Return the pod template of an object, or the Pod itself."""
    if resource.kind == "Pod":
        return resource.body
    spec = section(resource.body.get("spec"))
    if resource.kind == "CronJob":
        spec = section(section(spec.get("jobTemplate")).get("spec"))
    return section(spec.get("template"))


def _port_names(resource: Resource) -> dict[str, int]:
    """Return the ports of all containers that have a name."""
    containers = entries(section(_template(resource).get("spec")).get("containers"))
    ports = [section(port) for container in containers for port in entries(section(container).get("ports"))]
    return {text(port.get("name")): integer(port.get("containerPort")) for port in ports if port.get("name")}
