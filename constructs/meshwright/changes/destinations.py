"""What a mesh knows of a destination: whether it is there, whether somebody stands behind it, who defines it."""

from dataclasses import dataclass
from functools import cached_property

from meshwright.changes.gap import Part
from meshwright.frontends import Mesh
from meshwright.frontends.istio.objects import entries, integer, section
from meshwright.frontends.istio.services import Service
from meshwright.traffic import Cluster, Origin, RouteTable


@dataclass(eq=False)
class Side:
    """A mesh, and what one proxy is told by it."""

    mesh: Mesh
    table: RouteTable

    @cached_property
    def _hosts(self) -> frozenset[str]:
        return frozenset(cluster.hostname for cluster in self.table.clusters.values())

    @cached_property
    def _ports(self) -> frozenset[tuple[str, int]]:
        return frozenset((cluster.hostname, cluster.port) for cluster in self.table.clusters.values())

    def knows(self, name: str) -> bool:
        """Tell whether a cluster of some service is there."""
        cluster = self.table.clusters.get(name)
        return cluster is not None and bool(cluster.hostname)

    def answers(self, name: str) -> bool:
        """Tell whether a cluster of some service answers requests, as far as manifests show it."""
        return self.knows(name) and self.table.clusters[name].endpoints != 0

    def lacks(self, cluster: Cluster) -> Part | None:
        """Tell what this side lacks of the other's cluster; ``None``: nothing that manifests show."""
        if cluster.name not in self.table.clusters:
            if cluster.hostname not in self._hosts:
                return "host"
            return "subset" if (cluster.hostname, cluster.port) in self._ports else "port"
        if not cluster.endpoints:
            return None
        service = _service(self.mesh, cluster)
        nobody = service is not None and self.mesh.workloads.behind(service, cluster.labels, cluster.port) == 0
        return "workloads" if nobody else None

    def defining(self, cluster: Cluster, part: Part, other: "Side") -> tuple[Origin, ...]:
        """Return where that part of a cluster of this side was written, with the workloads that only this side has."""
        found: list[Origin | None] = []
        if part in ("host", "port"):
            found.append(self._port(cluster, cluster.origin) if part == "port" else cluster.origin)
        if part != "workloads" and cluster.subset:
            found.append(cluster.subset_origin)
        behind = self._workloads(cluster)
        known = {workload.resource for workload in other._workloads(cluster)}
        found += [origin for origin in behind if origin.resource not in known]
        return tuple(origin for origin in found if origin is not None)

    def _workloads(self, cluster: Cluster) -> list[Origin]:
        service = _service(self.mesh, cluster)
        if service is None or service.selector is None:
            return []
        found = self.mesh.workloads.select(service.namespace, service.selector)
        return [workload.origin for workload in found if workload.has(cluster.labels)]

    def _port(self, cluster: Cluster, owner: Origin | None) -> Origin | None:
        """Return the port of the Service or ServiceEntry that declares a cluster."""
        for resource in self.mesh.resources:
            if owner is not None and str(resource) == owner.resource:
                ports = entries(section(resource.body.get("spec")).get("ports"))
                for position, port in enumerate(map(section, ports)):
                    if integer(port.get("port") or port.get("number")) == cluster.port:
                        return resource.origin(f"spec.ports[{position}]")
        return owner


def _service(mesh: Mesh, cluster: Cluster) -> Service | None:
    return next(iter(mesh.registry.by_host.get(cluster.hostname, {}).values()), None)
