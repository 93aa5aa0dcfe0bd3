"""A folder's worth of objects as one mesh, compiled proxy by proxy when asked."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from meshwright.frontends.istio.clusters import blackhole, outbound_clusters, sni_cluster_name
from meshwright.frontends.istio.destination_rules import DestinationRules, destination_rules
from meshwright.frontends.istio.gateway_listeners import gateway_listeners
from meshwright.frontends.istio.gateway_routes import GatewayView, route_configuration
from meshwright.frontends.istio.gateways import MergedGateway, PortTarget, SelectedGateway, merge_gateways
from meshwright.frontends.istio.mesh_config import MeshConfig, mesh_settings
from meshwright.frontends.istio.objects import Config, by_age, section
from meshwright.frontends.istio.proxies import GATEWAY_SERVICE, gateway_proxies, port_targets
from meshwright.frontends.istio.service_entries import service_registry
from meshwright.frontends.istio.services import ServiceRegistry
from meshwright.frontends.istio.sidecar import sidecar_index, sidecar_route_table
from meshwright.frontends.istio.sidecar_scope import SidecarIndex
from meshwright.frontends.istio.unknowns import KINDS, unknowns_for
from meshwright.frontends.istio.virtual_services import VirtualServices, virtual_services
from meshwright.frontends.istio.workloads import Workloads, find_workloads
from meshwright.manifests.resource import Resource
from meshwright.traffic import Proxy, RouteTable

_GROUP = "networking.istio.io/"
_GATEWAY_API = "gateway.networking.k8s.io/"
_PARENT_NAMESPACE = "internal.istio.io/parent-namespace"


@dataclass(frozen=True, slots=True)
class MeshOptions:
    """What manifests do not say about the mesh they are for.

    Args:
        cluster_domain: Of Kubernetes Services' names.
        config_domain: That completes short host names in Istio's kinds; ``None``: the cluster's. With an empty one
            ``reviews`` in ``shop`` means ``reviews.shop``.
        root_namespace: Where istiod and mesh-wide configuration live.
        mesh_config: Settings, as in ``meshConfig`` of an installation; they win over those of the ConfigMap ``istio``.
    """

    cluster_domain: str = "cluster.local"
    config_domain: str | None = None
    root_namespace: str = "istio-system"
    mesh_config: Mapping[str, Any] = field(default_factory=dict)

    @property
    def domain(self) -> str:
        """The domain of short names in Istio's kinds."""
        return self.cluster_domain if self.config_domain is None else self.config_domain


def compile_mesh(resources: Iterable[Resource], options: MeshOptions | None = None) -> "Mesh":
    """Take in all objects; route tables are made when they are asked for.

    Args:
        resources: In any order. Of two objects with the same kind, namespace and name the later counts.
        options: What the objects do not say.
    """
    return Mesh(tuple(resources), options or MeshOptions())


class Mesh:
    """All objects of a mesh.

    Args:
        resources: The objects.
        options: What they do not say.
    """

    def __init__(self, resources: tuple[Resource, ...], options: MeshOptions) -> None:
        self.options = options
        by_kind: dict[str, dict[tuple[str, str], Resource]] = {}
        foreign = False
        for resource in resources:
            by_kind.setdefault(_kind(resource), {})[resource.namespace, resource.name] = resource
            foreign = foreign or resource.api_version.startswith(_GATEWAY_API)
        self.resources = tuple(resource for kind in by_kind.values() for resource in kind.values())
        if foreign:
            for resource in _converted(self.resources, options):
                by_kind.setdefault(_kind(resource), {})[resource.namespace, resource.name] = resource
        self._by_kind = by_kind
        self._tables: dict[Proxy, RouteTable] = {}

    def configs(self, kind: str) -> list[Config]:
        """Return the objects of one of Istio's networking kinds, in the order given."""
        domain = self.options.domain
        return [Config.of(resource, domain) for resource in self._by_kind.get(_GROUP + kind, {}).values()]

    @cached_property
    def mesh_config(self) -> MeshConfig:
        """The mesh-wide settings."""
        written = mesh_settings(self.resources, self.options.root_namespace)
        return MeshConfig.of({**written, **self.options.mesh_config})

    @cached_property
    def registry(self) -> ServiceRegistry:
        """The services."""
        return service_registry(self.resources, self.options.cluster_domain, self.mesh_config.service_export_to)

    @cached_property
    def workloads(self) -> Workloads:
        """The workloads."""
        return find_workloads(self.resources)

    @cached_property
    def virtual_services(self) -> VirtualServices:
        """The VirtualServices, delegates merged in."""
        return virtual_services(self.configs("VirtualService"), self.mesh_config.virtual_service_export_to)

    @cached_property
    def destination_rules(self) -> DestinationRules:
        """The DestinationRules."""
        return destination_rules(self.configs("DestinationRule"), self.mesh_config, self.options.root_namespace)

    @cached_property
    def _gateway_configs(self) -> list[Config]:
        return by_age(self.configs("Gateway"))

    def gateways(self) -> tuple[Proxy, ...]:
        """Return every gateway workload that a Gateway selects."""
        return gateway_proxies(self._gateway_configs, self.workloads, self.options.root_namespace)

    def merged_gateway(self, proxy: Proxy) -> MergedGateway:
        """Return the servers that a gateway workload runs."""
        labels = dict(proxy.labels)
        targets = port_targets(proxy, self.registry, self.configs("ServiceEntry") if proxy.addresses else ())
        selected: list[SelectedGateway] = []
        for config in self._gateway_configs:
            services = config.annotations.get(GATEWAY_SERVICE)
            if services is not None:
                mine = _targets_of(str(services).split(","), config, targets)
                if mine:
                    selected.append(SelectedGateway(config, mine, by_selector=False))
                continue
            selector = section(config.spec.get("selector"))
            if all(labels.get(key) == value for key, value in selector.items()):
                selected.append(SelectedGateway(config, targets, by_selector=True))
        return merge_gateways(selected)

    def route_table(self, proxy: Proxy) -> RouteTable:
        """Return what istiod would send to a proxy."""
        table = self._tables.get(proxy)
        if table is None:
            made = sidecar_route_table(self, proxy) if proxy.type == "sidecar" else self._gateway_table(proxy)
            table = self._tables[proxy] = made
        return table

    def _gateway_table(self, proxy: Proxy) -> RouteTable:
        merged = self.merged_gateway(proxy)
        view = GatewayView(proxy, self.mesh_config, self.registry, self.destination_rules, self.virtual_services)
        listeners = gateway_listeners(merged, view)
        names = dict.fromkeys(chain.http for listener in listeners for chain in listener.chains if chain.http)
        clusters = outbound_clusters(view.services.values(), view.rule_for, self.workloads, router=True)
        closed = blackhole()
        clusters[closed.name] = closed
        if any(server.mode == "AUTO_PASSTHROUGH" for port in merged.ports.values() for server in port.servers):
            inside = [service for service in view.services.values() if not service.external]
            clusters |= outbound_clusters(inside, view.rule_for, self.workloads, router=True, name=sni_cluster_name)
        return RouteTable(
            proxy=proxy,
            listeners=listeners,
            route_configurations=tuple(route_configuration(name, merged.by_route_name[name], view) for name in names),
            clusters=clusters,
            unknowns=tuple(unknowns_for(proxy, self.unmodelled, self.options.root_namespace)),
        )

    @cached_property
    def sidecars(self) -> SidecarIndex:
        """The Sidecar resources, and what each sidecar sees."""
        return sidecar_index(self)

    @cached_property
    def unmodelled(self) -> list[Resource]:
        """The objects that change traffic and are not modelled."""
        return [resource for resource in self.resources if resource.kind in KINDS]


def _kind(resource: Resource) -> str:
    """Return group and kind."""
    group, slash, _ = resource.api_version.partition("/")
    return f"{group}/{resource.kind}" if slash else resource.kind


def _targets_of(services: list[str], config: Config, targets: Iterable[PortTarget]) -> list[PortTarget]:
    """Return the targets that count for a Gateway made for certain Services."""
    namespace = config.annotations.get(_PARENT_NAMESPACE) or config.namespace
    return [target for target in targets if target.hostname in services and target.namespace == namespace]


def _converted(resources: tuple[Resource, ...], options: MeshOptions) -> list[Resource]:
    from meshwright.frontends.gateway_api import Options, convert

    return list(convert(resources, Options(domain_suffix=options.cluster_domain)))
