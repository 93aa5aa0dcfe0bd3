"""The route table of a sidecar."""

from typing import TYPE_CHECKING

from meshwright.frontends.istio.clusters import blackhole, outbound_clusters
from meshwright.frontends.istio.inbound_listeners import inbound_cluster, inbound_listeners
from meshwright.frontends.istio.inbound_mtls import mtls_policy
from meshwright.frontends.istio.inbound_routes import inbound_routes
from meshwright.frontends.istio.inbound_targets import InboundTarget, inbound_targets
from meshwright.frontends.istio.sidecar_listeners import OutboundListeners
from meshwright.frontends.istio.sidecar_proxy import (
    DYNAMIC_DNS_CLUSTER,
    INBOUND_PASSTHROUGH_CLUSTER,
    PASSTHROUGH_CLUSTER,
    SidecarProxy,
)
from meshwright.frontends.istio.sidecar_routes import OutboundRoutes
from meshwright.frontends.istio.sidecar_scope import OutboundPolicy, SidecarIndex, outbound_policy
from meshwright.frontends.istio.sidecar_unknowns import ambient, sidecar_unknowns
from meshwright.frontends.istio.unknowns import refused_configurations
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
        addresses=proxy.addresses,
    )
    outbound = OutboundListeners(sidecar, mesh.workloads).listeners()
    routes = OutboundRoutes(sidecar)
    targets = inbound_targets(sidecar, mesh.registry, mesh.workloads, ends_tls=mesh.options.tls_on_sidecar_ingress)
    policy = mtls_policy(mesh.peer_authentications, proxy.namespace, labels, mesh.options.root_namespace)
    inbound = inbound_listeners(sidecar, targets, policy)
    listeners = (*outbound, *inbound)
    configurations = (*map(routes.configuration, route_names(outbound)), *inbound_routes(inbound, targets))
    return RouteTable(
        proxy=proxy,
        listeners=listeners,
        route_configurations=configurations,
        clusters=_clusters(mesh, sidecar, targets),
        unknowns=(
            *sidecar_unknowns(proxy, mesh.unmodelled, mesh.options.root_namespace, outbound, inbound),
            *ambient(proxy, (resource for resource in mesh.resources if resource.kind == "Namespace")),
            *mesh.unknown_settings,
            *(each.unknown for each in mesh.pod_settings if each.concerns(proxy)),
            *refused_configurations(configurations, listeners),
        ),
        path_normalisation=mesh.mesh_config.path_normalization,
    )


def route_names(listeners: tuple[Listener, ...]) -> list[str]:
    """Return the names of the route configurations that listeners ask for."""
    chains = [chain for listener in listeners for chain in (*listener.chains, listener.default_chain) if chain]
    return sorted({chain.http for chain in chains if chain.http})


def _clusters(mesh: "Mesh", sidecar: SidecarProxy, targets: list[InboundTarget]) -> dict[str, Cluster]:
    clusters = outbound_clusters(
        sidecar.scope.services.values(),
        lambda service: sidecar.rule_for(service.hostname),
        mesh.workloads,
        router=False,
    )
    for cluster in (blackhole(), Cluster(PASSTHROUGH_CLUSTER, resolution="passthrough")):
        clusters[cluster.name] = cluster
    clusters[INBOUND_PASSTHROUGH_CLUSTER] = Cluster(INBOUND_PASSTHROUGH_CLUSTER, resolution="passthrough")
    for target in targets:
        name = inbound_cluster(target.number)
        clusters[name] = Cluster(name, port=target.number, resolution="passthrough", origin=target.origin)
    if sidecar.scope.outbound.mode == "ALLOW_ANY_DYNAMIC_DNS":
        clusters[DYNAMIC_DNS_CLUSTER] = Cluster(DYNAMIC_DNS_CLUSTER, resolution="dns")
    return clusters
