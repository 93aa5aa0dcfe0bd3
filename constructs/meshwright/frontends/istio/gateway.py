"""The route table of a gateway workload."""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from meshwright.frontends.istio.clusters import blackhole, outbound_clusters
from meshwright.frontends.istio.gateway_listeners import gateway_listeners
from meshwright.frontends.istio.gateway_routes import GatewayView, route_configuration
from meshwright.frontends.istio.gateways import MergedGateway, PortTarget, SelectedGateway, merge_gateways
from meshwright.frontends.istio.objects import Config, section, text
from meshwright.frontends.istio.proxies import GATEWAY_NAME, GATEWAY_SERVICE, port_targets
from meshwright.frontends.istio.unknowns import (
    refused_configurations,
    unknown_ingresses,
    unknowns_for,
)
from meshwright.traffic import Cluster, Proxy, RouteTable

if TYPE_CHECKING:
    from meshwright.frontends.istio.mesh import Mesh

_PARENT_NAMESPACE = "internal.istio.io/parent-namespace"
_SEMANTICS = "internal.istio.io/gateway-semantics"
_SERVICE_ACCOUNT = "internal.istio.io/service-account-name"


def gateway_route_table(mesh: "Mesh", proxy: Proxy) -> RouteTable:
    """Return what istiod would send to a gateway workload."""
    targets = service_ports(mesh, proxy)
    merged = merge_gateways(selected_gateways(mesh.gateway_configs, proxy, targets))
    view = GatewayView(proxy, mesh.mesh_config, mesh.registry, mesh.destination_rules, mesh.virtual_services)
    listeners = gateway_listeners(merged, view)
    names = dict.fromkeys(chain.http for listener in listeners for chain in listener.chains if chain.http)
    configurations = tuple(route_configuration(name, merged.by_route_name[name], view) for name in names)
    return RouteTable(
        proxy=proxy,
        listeners=listeners,
        route_configurations=configurations,
        clusters=_clusters(mesh, merged, view),
        unknowns=(
            *unknowns_for(proxy, mesh.unmodelled, mesh.options.root_namespace),
            *mesh.unknown_settings,
            *(each.unknown for each in mesh.pod_settings if each.concerns(proxy)),
            *unknown_ingresses(proxy, mesh.ingresses),
            *refused_configurations(configurations, listeners),
        ),
        ports=_translated(targets, {listener.port for listener in listeners}),
        path_normalisation=mesh.mesh_config.path_normalization,
    )


def service_ports(mesh: "Mesh", proxy: Proxy) -> list[PortTarget]:
    """Return the ports of the Services in front of a workload, those that istiod makes for a Gateway among them."""
    entries = mesh.configs("ServiceEntry") if proxy.addresses else ()
    targets = list(port_targets(proxy, mesh.registry, mesh.workloads, entries))
    labels = dict(proxy.labels)
    for deployed in mesh.deployed_gateways:
        if deployed.labels is None or deployed.namespace != proxy.namespace:
            continue
        if labels.get(GATEWAY_NAME) != deployed.labels.get(GATEWAY_NAME):
            continue
        for host in deployed.services:
            if host not in mesh.registry.by_host:
                targets.extend(PortTarget(host, deployed.namespace, port, port) for port in deployed.ports)
    return targets


def selected_gateways(configs: Iterable[Config], proxy: Proxy, targets: Sequence[PortTarget]) -> list[SelectedGateway]:
    """Return the Gateways that a workload serves, oldest first.

    Next to a Gateway that istiod has deployed a workload for, Istio's own Gateways of other namespaces do not count.
    """
    labels = dict(proxy.labels)
    selected: list[SelectedGateway] = []
    for config in configs:
        services = config.annotations.get(GATEWAY_SERVICE)
        if services is not None:
            hosts = str(services).split(",")
            namespace = config.annotations.get(_PARENT_NAMESPACE) or config.namespace
            mine = [target for target in targets if target.hostname in hosts and target.namespace == namespace]
            if mine:
                selected.append(SelectedGateway(config, mine, by_selector=False))
            continue
        selector = section(config.spec.get("selector"))
        if all(labels.get(key) == value for key, value in selector.items()):
            selected.append(SelectedGateway(config, targets, by_selector=True))
    managed = {one.config.namespace for one in selected if _is_managed(one.config)}
    if not managed:
        return selected
    return [
        one
        for one in selected
        if one.config.annotations.get(_SEMANTICS) == "gateway" or one.config.namespace in managed
    ]


def _is_managed(config: Config) -> bool:
    return config.annotations.get(_SEMANTICS) == "gateway" and bool(text(config.annotations.get(_SERVICE_ACCOUNT)))


def _clusters(mesh: "Mesh", merged: MergedGateway, view: GatewayView) -> dict[str, Cluster]:
    services = view.services.values()
    clusters = outbound_clusters(services, view.rule_for, mesh.workloads, router=True)
    closed = blackhole()
    clusters[closed.name] = closed
    if any(server.mode == "AUTO_PASSTHROUGH" for port in merged.ports.values() for server in port.servers):
        inside = [service for service in services if not service.external]
        clusters |= outbound_clusters(inside, view.rule_for, mesh.workloads, router=True, between_networks=True)
    return clusters


def _translated(targets: Iterable[PortTarget], listening: set[int]) -> dict[int, int]:
    """Return the listener's port for each Service port that differs from it; the oldest Service's counts."""
    ports: dict[int, int] = {}
    for target in targets:
        if target.target_port in listening and target.target_port != target.port:
            ports.setdefault(target.port, target.target_port)
    return ports
