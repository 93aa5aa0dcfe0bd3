"""What changes a proxy's traffic and is not modelled: filters, plug-ins and policies that may answer by themselves."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshwright.frontends.istio.mesh_config import MeshConfig
from meshwright.frontends.istio.objects import entries, section, text
from meshwright.frontends.istio.proxies import DEFAULT_LABELS, GATEWAY_NAME
from meshwright.manifests.resource import Resource
from meshwright.traffic import Forward, Listener, Proxy, Route, RouteConfiguration, Unknown

_FEATURES = {
    "EnvoyFilter": ("EnvoyFilter", "it changes Envoy's configuration directly"),
    "WasmPlugin": ("WasmPlugin", "a plug-in may answer or change requests"),
    "TrafficExtension": ("TrafficExtension", "an extension may answer or change requests"),
    "AuthorizationPolicy": ("authorization", "it may refuse requests"),
    "RequestAuthentication": ("authentication", "it refuses requests with an invalid token"),
}
KINDS = frozenset(_FEATURES)


_SETTINGS = {
    "discoverySelectors": "istiod reads some namespaces only",
    "serviceEntryVisibility": "ServiceEntries are seen by fewer namespaces than they say",
}


def unknown_settings(mesh: MeshConfig) -> Iterator[Unknown]:
    """Yield mesh-wide settings that change what proxies get and are not modelled."""
    for setting, because in _SETTINGS.items():
        if mesh.raw.get(setting):
            yield Unknown(f"mesh config {setting}", f"{setting}: {because}")


def unknown_ingresses(proxy: Proxy, ingresses: Iterable[Resource]) -> Iterator[Unknown]:
    """Yield the Ingresses that the default gateway serves besides its Gateways."""
    if proxy.type == "router" and DEFAULT_LABELS.items() <= dict(proxy.labels).items():
        for ingress in ingresses:
            yield Unknown("Ingress", f"{ingress}: istiod serves it itself", ingress.origin())


def refused_configurations(
    configurations: Iterable[RouteConfiguration], listeners: Iterable[Listener]
) -> Iterator[Unknown]:
    """Yield routes that lead nowhere: Envoy refuses all of their RouteConfiguration and keeps what it had before."""
    for configuration in configurations:
        for route in _without_action(configuration):
            using = tuple(listener.name for listener in listeners if _uses(listener, configuration.name))
            because = f"{configuration.name}: Envoy refuses a route without destination"
            yield Unknown("configuration refused by Envoy", because, route.origin, listeners=using)


def _uses(listener: Listener, name: str) -> bool:
    return any(chain is not None and chain.http == name for chain in (*listener.chains, listener.default_chain))


def _without_action(configuration: RouteConfiguration) -> Iterator[Route]:
    for host in configuration.virtual_hosts:
        for route in host.routes:
            if isinstance(route.action, Forward) and not route.action.clusters:
                yield route


def unknowns_for(proxy: Proxy, resources: Iterable[Resource], root_namespace: str) -> Iterator[Unknown]:
    """Yield what touches a proxy and is not modelled."""
    labels = dict(proxy.labels)
    for resource in resources:
        known = _FEATURES.get(resource.kind)
        if known is None or resource.namespace not in (proxy.namespace, root_namespace):
            continue
        spec = section(resource.body.get("spec"))
        if _applies(resource, spec, proxy, labels):
            feature, because = known
            yield Unknown(feature, f"{resource}: {because}", resource.origin())


def _applies(resource: Resource, spec: Mapping[str, Any], proxy: Proxy, labels: Mapping[str, str]) -> bool:
    targets = [section(target) for target in entries(spec.get("targetRefs"))]
    if spec.get("targetRef") is not None:
        targets.append(section(spec["targetRef"]))
    if targets:
        return any(_is_target(target, resource, proxy, labels) for target in targets)
    selector = section(spec.get("workloadSelector" if resource.kind == "EnvoyFilter" else "selector"))
    wanted = section(selector.get("labels" if resource.kind == "EnvoyFilter" else "matchLabels"))
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    return resource.kind != "EnvoyFilter" or _patches(spec, proxy)


def _is_target(target: Mapping[str, Any], resource: Resource, proxy: Proxy, labels: Mapping[str, str]) -> bool:
    """Tell whether a policy attached to a Gateway of the Gateway API reaches the workload that serves it."""
    return (
        target.get("kind") == "Gateway"
        and resource.namespace == proxy.namespace
        and labels.get(GATEWAY_NAME) == text(target.get("name"))
    )


def _patches(spec: Mapping[str, Any], proxy: Proxy) -> bool:
    """Tell whether an EnvoyFilter has a patch for this kind of proxy."""
    mine = {"GATEWAY", "ANY", ""} if proxy.type == "router" else {"SIDECAR_INBOUND", "SIDECAR_OUTBOUND", "ANY", ""}
    patches = [section(patch) for patch in entries(spec.get("configPatches"))]
    return any(text(section(patch.get("match")).get("context")) in mine for patch in patches)
