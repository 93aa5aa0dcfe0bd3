"""The route table of a sidecar."""

from typing import TYPE_CHECKING

from meshwright.frontends.istio.clusters import blackhole, outbound_clusters
from meshwright.frontends.istio.sidecar_listeners import OutboundListeners
from meshwright.frontends.istio.sidecar_proxy import (
    DYNAMIC_DNS_CLUSTER,
    PASSTHROUGH_CLUSTER,
    SidecarProxy,
)
from meshwright.frontends.istio.sidecar_routes import OutboundRoutes
from meshwright.frontends.istio.sidecar_scope import OutboundPolicy, SidecarIndex, outbound_policy
from meshwright.frontends.istio.unknowns import refused_configurations, unknown_settings, unknowns_for
from meshwright.traffic import Cluster, Listener, Proxy, RouteTable

if TYPE_CHECKING:
    from meshwright.frontends.istio.mesh import Mesh


def sidecar_index(mesh: "Mesh") -> SidecarIndex:
    """Return the Sidecar resources of a mesh, ready to tell what each sidecar sees."""
    policy = mesh.mesh_config.raw.get("outboundTrafficPolicy")
    return SidecarIndex(
        registry=mesh.registry,
        virtual_services=mesh.virtual_services,
        root_namespace=mesh.options.root_namespace,
        mesh_policy=outbound_policy(policy) if isinstance(policy, dict) else OutboundPolicy("ALLOW_ANY"),
        configs=mesh.configs("Sidecar"),
    )


def sidecar_route_table(mesh: "Mesh", proxy: Proxy) -> RouteTable:
    """Return what istiod would send to a sidecar."""
    labels = dict(proxy.labels)
    sidecar = SidecarProxy(
        namespace=proxy.namespace,
        labels=labels,
        scope=mesh.sidecar_index.scope_for(proxy.namespace, labels),
        mesh=mesh.mesh_config,
        rules=mesh.destination_rules,
        cluster_domain=mesh.options.cluster_domain,
    )
    listeners = OutboundListeners(sidecar, mesh.registry, mesh.workloads).listeners()
    routes = OutboundRoutes(sidecar)
    configurations = tuple(map(routes.configuration, route_names(listeners)))
    return RouteTable(
        proxy=proxy,
        listeners=listeners,
        route_configurations=configurations,
        clusters=_clusters(mesh, sidecar),
        unknowns=(
            *unknowns_for(proxy, mesh.unmodelled, mesh.options.root_namespace),
            *unknown_settings(mesh.mesh_config),
            *refused_configurations(configurations, listeners),
        ),
        path_normalisation=mesh.mesh_config.path_normalization,
    )


def route_names(listeners: tuple[Listener, ...]) -> list[str]:
    """Return the names of the route configurations that listeners ask for."""
    chains = [chain for listener in listeners for chain in (*listener.chains, listener.default_chain) if chain]
    return sorted({chain.http for chain in chains if chain.http})


def _clusters(mesh: "Mesh", sidecar: SidecarProxy) -> dict[str, Cluster]:
    clusters = outbound_clusters(
        sidecar.scope.services.values(),
        lambda service: sidecar.rule_for(service.hostname),
        mesh.workloads,
        router=False,
    )
    for cluster in (blackhole(), Cluster(PASSTHROUGH_CLUSTER, resolution="passthrough")):
        clusters[cluster.name] = cluster
    if sidecar.scope.outbound.mode == "ALLOW_ANY_DYNAMIC_DNS":
        clusters[DYNAMIC_DNS_CLUSTER] = Cluster(DYNAMIC_DNS_CLUSTER, resolution="dns")
    return clusters
