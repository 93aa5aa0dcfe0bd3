"""What touches a sidecar and is not modelled, confined to the listeners it can touch."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from meshwright.frontends.istio.objects import entries, section, text
from meshwright.frontends.istio.unknowns import unknowns_for
from meshwright.manifests.resource import Resource
from meshwright.traffic import Listener, Proxy, Unknown

_INBOUND_ONLY = frozenset({"AuthorizationPolicy", "RequestAuthentication"})
_MODE = "istio.io/dataplane-mode"


def sidecar_unknowns(
    proxy: Proxy,
    resources: Iterable[Resource],
    root_namespace: str,
    outbound: Sequence[Listener],
    inbound: Sequence[Listener],
) -> Iterator[Unknown]:
    """Yield what is not modelled; policies on who may call touch a workload's own listeners only."""
    names = {
        "SIDECAR_INBOUND": tuple(listener.name for listener in inbound),
        "SIDECAR_OUTBOUND": tuple(listener.name for listener in outbound),
    }
    for resource in resources:
        for unknown in unknowns_for(proxy, (resource,), root_namespace):
            contexts = {"SIDECAR_INBOUND"} if resource.kind in _INBOUND_ONLY else _contexts(resource)
            confined = names.get(next(iter(contexts)), ()) if len(contexts) == 1 else ()
            yield replace(unknown, listeners=confined)


def outbound_unknowns(proxy: Proxy, resources: Iterable[Resource], root_namespace: str) -> Iterator[str]:
    """Yield the objects that touch what leaves a workload and are not modelled."""
    for resource in resources:
        if resource.kind not in _INBOUND_ONLY and _contexts(resource) != {"SIDECAR_INBOUND"}:
            for unknown in unknowns_for(proxy, (resource,), root_namespace):
                yield unknown.because


def _contexts(resource: Resource) -> set[str]:
    """Return the sides of a sidecar that an EnvoyFilter changes; empty for objects that do not say."""
    patches = map(section, entries(section(resource.body.get("spec")).get("configPatches")))
    return {text(section(patch.get("match")).get("context")) or "ANY" for patch in patches} - {"GATEWAY"}


def ambient(proxy: Proxy, namespaces: Iterable[Resource]) -> Iterator[Unknown]:
    """Yield that a workload has no sidecar: in ambient mode ztunnel and waypoints carry its traffic."""
    labels = dict(proxy.labels)
    because = "in ambient mode ztunnel and waypoints carry the traffic, there is no sidecar"
    if labels.get(_MODE) == "ambient":
        yield Unknown("ambient mode", f"{proxy}: {because}")
    elif _MODE not in labels:
        for resource in namespaces:
            own = section(section(resource.body.get("metadata")).get("labels"))
            injected = own.get("istio-injection") == "enabled" or "istio.io/rev" in own
            if resource.name == proxy.namespace and own.get(_MODE) == "ambient" and not injected:
                yield Unknown("ambient mode", f"{resource}: {because}", resource.origin("metadata.labels"))
