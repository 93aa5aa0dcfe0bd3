"""What changes a proxy's traffic and is not modelled: filters, plug-ins and policies that may answer by themselves."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from meshwright.frontends.istio.mesh_config import MeshConfig
from meshwright.frontends.istio.objects import entries, section, text, texts
from meshwright.frontends.istio.proxies import DEFAULT_LABELS, GATEWAY_NAME
from meshwright.manifests.resource import Resource
from meshwright.traffic import Forward, Listener, NoAction, Proxy, Route, RouteConfiguration, Unknown

_FEATURES = {
    "EnvoyFilter": ("EnvoyFilter", "it changes Envoy's configuration directly"),
    "WasmPlugin": ("WasmPlugin", "a plug-in may answer or change requests"),
    "TrafficExtension": ("TrafficExtension", "an extension may answer or change requests"),
    "AuthorizationPolicy": ("authorization", "it may refuse requests"),
    "RequestAuthentication": ("authentication", "it refuses requests with an invalid token"),
}
KINDS = frozenset(_FEATURES)
_MINE = {"router": {"GATEWAY", "ANY"}, "sidecar": {"SIDECAR_INBOUND", "SIDECAR_OUTBOUND", "ANY"}}


_SETTINGS = {
    "discoverySelectors": "istiod reads some namespaces only",
    "serviceEntryVisibility": "ServiceEntries are seen by fewer namespaces than they say",
}


def unknown_settings(mesh: MeshConfig, by_revision: Mapping[str, str]) -> Iterator[Unknown]:
    """Yield mesh-wide settings that change what proxies get and are not modelled.

    Args:
        mesh: The settings in force.
        by_revision: What each revision of istiod is told; without a default one it is open which counts.
    """
    if "" not in by_revision and len(set(by_revision.values())) > 1:
        names = ", ".join(f"istio-{revision}" for revision in sorted(by_revision))
        yield Unknown("mesh config of several revisions", f"the ConfigMaps {names} differ, and there is no default one")
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
            action = route.action
            if isinstance(action, NoAction) or (isinstance(action, Forward) and not action.clusters):
                yield route


def unknowns_for(proxy: Proxy, resources: Iterable[Resource], root_namespace: str) -> Iterator[Unknown]:
    """Yield what touches a proxy and is not modelled."""
    labels = dict(proxy.labels)
    for resource in resources:
        known = _FEATURES.get(resource.kind)
        if known is None or resource.namespace not in (proxy.namespace, root_namespace):
            continue
        spec = section(resource.body.get("spec"))
        if not _applies(resource, spec, proxy, labels):
            continue
        contexts = _contexts(resource.kind, spec)
        if not contexts & _MINE[proxy.type]:
            continue
        headers, query = _carriers(spec) if resource.kind == "RequestAuthentication" else ((), ())
        yield Unknown(known[0], f"{resource}: {known[1]}", resource.origin(), headers=headers, query=query)


def _applies(resource: Resource, spec: Mapping[str, Any], proxy: Proxy, labels: Mapping[str, str]) -> bool:
    targets = [section(target) for target in entries(spec.get("targetRefs"))]
    if spec.get("targetRef") is not None:
        targets.append(section(spec["targetRef"]))
    if targets:
        return any(_is_target(target, resource, proxy, labels) for target in targets)
    selector = section(spec.get("workloadSelector" if resource.kind == "EnvoyFilter" else "selector"))
    wanted = section(selector.get("labels" if resource.kind == "EnvoyFilter" else "matchLabels"))
    return all(labels.get(key) == value for key, value in wanted.items())


def _contexts(kind: str, spec: Mapping[str, Any]) -> set[str]:
    """Return where an object acts, in the words of EnvoyFilter; policies act on what comes in."""
    if kind == "EnvoyFilter":
        patches = [section(patch) for patch in entries(spec.get("configPatches"))]
        return {text(section(patch.get("match")).get("context")) or "ANY" for patch in patches}
    if kind == "AuthorizationPolicy":
        return {"GATEWAY", "SIDECAR_INBOUND"} if _may_refuse(spec) else set()
    if kind == "RequestAuthentication":
        return {"GATEWAY", "SIDECAR_INBOUND"} if entries(spec.get("jwtRules")) else set()
    return {"ANY"}


def _may_refuse(spec: Mapping[str, Any]) -> bool:
    """Tell whether an AuthorizationPolicy can refuse a request: not by auditing, denying nothing or allowing all."""
    action = text(spec.get("action")) or "ALLOW"
    rules = [section(rule) for rule in entries(spec.get("rules"))]
    if action == "ALLOW":
        return all(any(rule.get(part) for part in ("from", "to", "when")) for rule in rules)
    return action != "AUDIT" and bool(rules)


def _carriers(spec: Mapping[str, Any]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the headers and query parameters that tokens come in; without a token nothing is refused."""
    headers: set[str] = set()
    query: set[str] = set()
    for rule in map(section, entries(spec.get("jwtRules"))):
        named = [text(section(header).get("name")).lower() for header in entries(rule.get("fromHeaders"))]
        parameters = texts(rule.get("fromParams"))
        cookies = texts(rule.get("fromCookies"))
        if not named and not parameters and not cookies:
            named, parameters = ["authorization"], ("access_token",)
        headers.update(named, ["cookie"] if cookies else [])
        query.update(parameters)
    return tuple(sorted(headers)), tuple(sorted(query))


def _is_target(target: Mapping[str, Any], resource: Resource, proxy: Proxy, labels: Mapping[str, str]) -> bool:
    """Tell whether a policy attached to a Gateway of the Gateway API reaches the workload that serves it."""
    return (
        target.get("kind") == "Gateway"
        and resource.namespace == proxy.namespace
        and labels.get(GATEWAY_NAME) == text(target.get("name"))
    )
