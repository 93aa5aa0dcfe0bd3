"""A folder's worth of objects as one mesh, compiled proxy by proxy when asked."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from meshwright.frontends.istio.destination_rules import DestinationRules, destination_rules
from meshwright.frontends.istio.ingresses import served_ingresses
from meshwright.frontends.istio.mesh_config import MeshConfig, mesh_settings, settings_by_revision
from meshwright.frontends.istio.objects import Config, by_age, section
from meshwright.frontends.istio.pod_settings import PodSetting, pod_settings
from meshwright.frontends.istio.proxies import deployed_proxies, selected_proxies, sidecar_proxies
from meshwright.frontends.istio.service_entries import service_registry
from meshwright.frontends.istio.services import ServiceRegistry
from meshwright.frontends.istio.unknowns import KINDS, unknown_settings
from meshwright.frontends.istio.virtual_services import VirtualServices, virtual_services
from meshwright.frontends.istio.workloads import Workloads, find_workloads
from meshwright.manifests.resource import Resource
from meshwright.traffic import Origin, Proxy, RouteTable, Unknown

if TYPE_CHECKING:
    from meshwright.frontends.gateway_api import GatewayProxy, Options
    from meshwright.frontends.istio.senders import Senders
    from meshwright.frontends.istio.sidecar_scope import SidecarIndex

_GROUP = "networking.istio.io/"
_PEER_AUTHENTICATION = "security.istio.io/PeerAuthentication"
_GATEWAY_API = ("gateway.networking.k8s.io/", "gateway.networking.x-k8s.io/")


@dataclass(frozen=True, slots=True)
class MeshOptions:
    """What manifests do not say about the mesh they are for.

    Args:
        cluster_domain: Of Kubernetes Services' names.
        config_domain: That completes short host names in Istio's kinds; ``None``: the cluster's. With an empty one
            ``reviews`` in ``shop`` means ``reviews.shop``.
        root_namespace: Where istiod and mesh-wide configuration live.
        mesh_config: Settings, as in ``meshConfig`` of an installation; they win over those of the ConfigMap ``istio``.
        tls_on_sidecar_ingress: istiod runs with ``ENABLE_TLS_ON_SIDECAR_INGRESS``; else Sidecars end no TLS.
    """

    cluster_domain: str = "cluster.local"
    config_domain: str | None = None
    root_namespace: str = "istio-system"
    mesh_config: Mapping[str, Any] = field(default_factory=dict)
    tls_on_sidecar_ingress: bool = False

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
        self._has_gateway_api = False
        for resource in resources:
            by_kind.setdefault(_kind(resource), {})[resource.namespace, resource.name] = resource
            self._has_gateway_api = self._has_gateway_api or resource.api_version.startswith(_GATEWAY_API)
        self.resources = tuple(resource for kind in by_kind.values() for resource in kind.values())
        if self._has_gateway_api:
            for resource in _converted(self.resources, options):
                by_kind.setdefault(_kind(resource), {})[resource.namespace, resource.name] = resource
        self._by_kind = by_kind
        self._configs: dict[str, list[Config]] = {}
        self._tables: dict[Proxy, RouteTable] = {}

    def configs(self, kind: str) -> list[Config]:
        """Return the objects of one of Istio's networking kinds, in the order given."""
        known = self._configs.get(kind)
        if known is None:
            domain = self.options.domain
            known = [Config.of(resource, domain) for resource in self._by_kind.get(_GROUP + kind, {}).values()]
            self._configs[kind] = known
        return known

    @cached_property
    def mesh_config(self) -> MeshConfig:
        """The mesh-wide settings."""
        written = mesh_settings(self.resources, self.options.root_namespace)
        return MeshConfig.of({**written, **self.options.mesh_config})

    @cached_property
    def unknown_settings(self) -> tuple[Unknown, ...]:
        """The mesh-wide settings that change traffic and are not modelled."""
        maps = settings_by_revision(self.resources, self.options.root_namespace)
        return tuple(unknown_settings(self.mesh_config, maps))

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
    def gateway_configs(self) -> list[Config]:
        """The Gateways, oldest first; those made of the Gateway API among them."""
        return by_age(self.configs("Gateway"))

    @cached_property
    def peer_authentications(self) -> list[Config]:
        """The PeerAuthentications."""
        return [Config.of(resource, "") for resource in self._by_kind.get(_PEER_AUTHENTICATION, {}).values()]

    @cached_property
    def sidecar_index(self) -> "SidecarIndex":
        """The Sidecar resources, and what each sidecar sees."""
        from meshwright.frontends.istio.sidecar import sidecar_index

        return sidecar_index(self)

    @cached_property
    def unmodelled(self) -> list[Resource]:
        """The objects that change traffic and are not modelled."""
        return [resource for resource in self.resources if resource.kind in KINDS]

    @cached_property
    def pod_settings(self) -> tuple[PodSetting, ...]:
        """What pods and ProxyConfigs set for their own proxies, as far as it changes traffic."""
        return tuple(pod_settings(self.resources, self.options.root_namespace))

    @cached_property
    def ingresses(self) -> list[Resource]:
        """The Ingresses that istiod serves itself."""
        return served_ingresses(self.resources, self.mesh_config)

    @cached_property
    def deployed_gateways(self) -> "Sequence[GatewayProxy]":
        """The workloads of Gateway API Gateways."""
        if not self._has_gateway_api:
            return ()
        from meshwright.frontends.gateway_api import gateway_proxies

        return gateway_proxies(self.resources, _conversion(self.options))

    def gateways(self) -> tuple[Proxy, ...]:
        """Return every gateway workload that a Gateway selects.

        A Gateway whose selector fits none of them gets one made up of
        its selector, in the root namespace.
        """
        return self._gateways

    @cached_property
    def _gateways(self) -> tuple[Proxy, ...]:
        found = dict.fromkeys(
            selected_proxies(
                self.gateway_configs, self.workloads, self.options.root_namespace, ingress=bool(self.ingresses)
            )
        )
        for deployed in self.deployed_gateways:
            found.update(dict.fromkeys(deployed_proxies(deployed, self.registry, self.workloads)))
        return tuple(found)

    def sidecars(self) -> tuple[Proxy, ...]:
        """Return a sidecar for each workload of the manifests that runs no gateway and does not refuse injection."""
        return sidecar_proxies(self.workloads, self.gateways())

    @cached_property
    def _senders(self) -> "Senders":
        from meshwright.frontends.istio.senders import Senders

        return Senders(self)

    def senders(self) -> tuple[Proxy, ...]:
        """Return the sidecars, and ones made up for namespaces of which the manifests show no workload."""
        return self._senders.proxies()

    def kind_of_sender(self, proxy: Proxy) -> tuple[object, ...]:
        """Return a key: sidecars for which it is equal do the same with what leaves their workloads."""
        return self._senders.kind_of(proxy)

    def receivers(self) -> tuple[Proxy, ...]:
        """Return the sidecars, and where the manifests show no workload one for each Service that selects some."""
        known = self.sidecars()
        covered = {each.namespace for each in known}
        made_up = [
            Proxy("sidecar", service.namespace, tuple(sorted(service.selector)))
            for service in self.registry.services
            if service.kubernetes and service.selector and service.namespace not in covered
        ]
        return (*known, *dict.fromkeys(made_up))

    def arrivals(self, proxy: Proxy) -> RouteTable:
        """Return what a sidecar does with what comes in to its workload."""
        from meshwright.frontends.istio.arrivals import arrivals

        return arrivals(self, proxy)

    def arrival_unknowns(self, proxy: Proxy, policies: Sequence[str]) -> tuple[Unknown, ...]:
        """Return what of ``policies``, objects by their names, may refuse what comes in to a workload."""
        from meshwright.frontends.istio.arrivals import arrival_unknowns

        return tuple(arrival_unknowns(self, proxy, [each for name in policies for each in self._by_name.get(name, ())]))

    def on_arrival(self) -> dict[str, object]:
        """Return the objects that act on what comes in to workloads, by their names, as they are written."""
        from meshwright.frontends.istio.arrivals import ON_ARRIVAL

        return {str(each): self.written(str(each)) for each in self.unmodelled if each.kind in ON_ARRIVAL}

    def encryption(self) -> dict[str, object]:
        """Return the objects that say how workloads are called, by their names, as they are written."""
        kinds = ("PeerAuthentication", "Sidecar")
        return {str(each): self.written(str(each)) for each in self.resources if each.kind in kinds}

    @cached_property
    def _by_name(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for each in self.resources:
            found.setdefault(str(each), []).append(each)
        return found

    def written(self, name: str) -> object:
        """Return what objects of this name say, to be compared: ``VirtualService shop/cart``."""
        return [(each.api_version, _said(each.body)) for each in self._by_name.get(name, ())]

    def sidecars_by_view(self) -> dict[Proxy, tuple[Proxy, ...]]:
        """Return all sidecars, each under the first one whose outbound traffic is like its own.

        The route table of that one tells for all of them what leaves their workloads.
        """
        from meshwright.frontends.istio.callers import sidecars_by_view

        return sidecars_by_view(self)

    def origin(self, name: str) -> Origin | None:
        """Return where the object of this name was written; ``None`` where there is none."""
        found = self._by_name.get(name)
        return found[0].origin() if found else None

    def route_table(self, proxy: Proxy) -> RouteTable:
        """Return what istiod would send to a proxy."""
        table = self._tables.get(proxy)
        if table is None:
            table = self._tables[proxy] = self._compiled(proxy)
        return table

    def _compiled(self, proxy: Proxy) -> RouteTable:
        """Compile for one proxy; what the other kind of proxy needs is not even imported."""
        if proxy.type == "sidecar":
            from meshwright.frontends.istio.sidecar import sidecar_route_table

            return sidecar_route_table(self, proxy)
        from meshwright.frontends.istio.gateway import gateway_route_table

        return gateway_route_table(self, proxy)


def _said(body: Mapping[str, Any]) -> dict[str, Any]:
    """Return an object without what is noted about it."""
    metadata = {key: value for key, value in section(body.get("metadata")).items() if key != "managedFields"}
    return {**{key: value for key, value in body.items() if key not in ("metadata", "status")}, "metadata": metadata}


def _kind(resource: Resource) -> str:
    """Return group and kind."""
    group, slash, _ = resource.api_version.partition("/")
    return f"{group}/{resource.kind}" if slash else resource.kind


def _conversion(options: MeshOptions) -> "Options":
    from meshwright.frontends.gateway_api import Options

    return Options(domain_suffix=options.cluster_domain)


def _converted(resources: tuple[Resource, ...], options: MeshOptions) -> list[Resource]:
    from meshwright.frontends.gateway_api import convert

    return convert(resources, _conversion(options))
