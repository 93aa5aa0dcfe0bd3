"""What comes in to workloads: the ways in, and the policies that may refuse requests there."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from meshwright.frontends.istio.inbound_listeners import inbound_cluster, inbound_listeners
from meshwright.frontends.istio.inbound_mtls import mtls_policy
from meshwright.frontends.istio.inbound_routes import inbound_routes
from meshwright.frontends.istio.inbound_targets import inbound_targets
from meshwright.frontends.istio.objects import section
from meshwright.frontends.istio.sidecar_proxy import WILDCARD_ADDRESS, SidecarProxy
from meshwright.frontends.istio.unknowns import unknowns_for
from meshwright.manifests.resource import Resource
from meshwright.traffic import Cluster, Listener, Proxy, RouteTable, Unknown

if TYPE_CHECKING:
    from meshwright.frontends.istio.mesh import Mesh

ON_ARRIVAL = frozenset({"AuthorizationPolicy", "RequestAuthentication"})
"""Kinds that act on what comes in to a workload, and on nothing that leaves it."""


def arrivals(mesh: "Mesh", proxy: Proxy) -> RouteTable:
    """Return what a sidecar does with connections to each port of its workload, a listener for each of them."""
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
    targets = inbound_targets(sidecar, mesh.registry, mesh.workloads, ends_tls=mesh.options.tls_on_sidecar_ingress)
    policy = mtls_policy(mesh.peer_authentications, proxy.namespace, labels, mesh.options.root_namespace)
    inbound = inbound_listeners(sidecar, targets, policy)
    clusters = {
        name: Cluster(name, port=target.number, resolution="passthrough", origin=target.origin)
        for target in targets
        for name in (inbound_cluster(target.number),)
    }
    listeners = tuple(port_listener for target in targets for port_listener in _for_port(inbound, target.number))
    return RouteTable(
        proxy=proxy,
        listeners=listeners,
        route_configurations=tuple(inbound_routes(inbound, targets)),
        clusters=clusters,
        path_normalisation=mesh.mesh_config.path_normalization,
    )


def _for_port(inbound: Iterable[Listener], port: int) -> Iterator[Listener]:
    """Yield the listener that takes connections to one port as if it were there for that port alone."""
    for listener in inbound:
        chains = tuple(
            chain
            for chain in listener.chains
            if chain.match.destination_port == port or (listener.port == port and chain.match.destination_port is None)
        )
        if chains:
            yield replace(
                listener, name=f"{WILDCARD_ADDRESS}_{port}", address=WILDCARD_ADDRESS, port=port, chains=chains
            )
            return


def arrival_unknowns(mesh: "Mesh", proxy: Proxy, policies: Iterable[Resource]) -> Iterator[Unknown]:
    """Yield what of ``policies`` may refuse requests that come in to a workload."""
    yield from unknowns_for(proxy, policies, mesh.options.root_namespace)


def picked(policy: Resource) -> tuple[tuple[str, str], ...]:
    """Return the labels by which a policy picks workloads."""
    spec = section(policy.body.get("spec"))
    labels = section(section(spec.get("selector")).get("matchLabels"))
    return tuple(sorted((str(key), str(value)) for key, value in labels.items()))
