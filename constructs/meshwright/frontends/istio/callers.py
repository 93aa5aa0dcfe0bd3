"""Sidecars that see the same mesh: one route table tells for all of them what leaves their workloads.

A route table for each of 1,000 sidecars costs minutes, and nearly all of them are equal. What can make two sidecars
differ is listed here: the Sidecar resource that applies, labels that rules of clients ask for, a namespace that is
treated unlike others, and what is not modelled.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from meshwright.frontends.istio.hosts import resolve_host
from meshwright.frontends.istio.objects import ROUTE_SEMANTICS, Config, entries, section, text, texts
from meshwright.frontends.istio.sidecar_unknowns import ambient, outbound_unknowns
from meshwright.manifests.resource import Resource
from meshwright.traffic import Proxy

if TYPE_CHECKING:
    from meshwright.frontends.istio.mesh import Mesh

_EXPORTED = ("VirtualService", "DestinationRule", "ServiceEntry")
_EXPORT_ANNOTATION = "networking.istio.io/exportTo"
_EVERYWHERE = "*"


def sidecars_by_view(mesh: "Mesh") -> dict[Proxy, tuple[Proxy, ...]]:
    """Return all sidecars of a mesh, each under the first one whose outbound traffic is like its own.

    Manifests without workloads are asked as a workload of each namespace would be.
    """
    sidecars = mesh.sidecars() or tuple(Proxy("sidecar", namespace) for namespace in _namespaces(mesh.resources))
    views = _Views(mesh)
    groups: dict[object, list[Proxy]] = {}
    for sidecar in sidecars:
        groups.setdefault(views.view(sidecar), []).append(sidecar)
    return {members[0]: tuple(members) for members in groups.values()}


def _namespaces(resources: Iterable[Resource]) -> list[str]:
    kinds = {"Service", *_EXPORTED}
    return sorted({resource.namespace for resource in resources if resource.kind in kinds})


class _Views:
    """Tells sidecars apart by what may make their outbound traffic differ."""

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh
        self._labels = frozenset(_asked_labels(mesh))
        self._special = None if _is_private_by_default(mesh) else frozenset(_special_namespaces(mesh))
        self._namespaces = [resource for resource in mesh.resources if resource.kind == "Namespace"]

    def view(self, proxy: Proxy) -> object:
        """Return a value that two sidecars share only where their outbound traffic is alike."""
        mesh, namespace = self._mesh, proxy.namespace
        labels = tuple(pair for pair in proxy.labels if pair[0] in self._labels)
        config = mesh.sidecar_index.config_for(namespace, dict(proxy.labels))
        own = config is not None or self._special is None or namespace in self._special
        unknown = (
            *outbound_unknowns(proxy, mesh.unmodelled, mesh.options.root_namespace),
            *(f"{each.feature} {each.because}" for each in ambient(proxy, self._namespaces)),
            *(each.unknown.because for each in mesh.pod_settings if each.concerns(proxy)),
        )
        return labels, id(config), namespace if own else "", unknown


def _asked_labels(mesh: "Mesh") -> Iterator[str]:
    """Yield the labels of clients that some rule asks for."""
    for config in mesh.configs("VirtualService"):
        for match in _matches(config):
            yield from section(match.get("sourceLabels"))
    for config in mesh.configs("DestinationRule"):
        yield from section(section(config.spec.get("workloadSelector")).get("matchLabels"))


def _matches(config: Config) -> Iterator[Mapping[str, Any]]:
    for kind in ("http", "tls", "tcp"):
        for rule in map(section, entries(config.spec.get(kind))):
            yield from map(section, entries(rule.get("match")))


def _is_private_by_default(mesh: "Mesh") -> bool:
    """Tell whether something is seen by its own namespace alone unless it says otherwise."""
    config = mesh.mesh_config
    defaults: Sequence[Iterable[str]] = (
        config.service_export_to,
        config.virtual_service_export_to,
        config.destination_rule_export_to,
    )
    return any(default and _EVERYWHERE not in default for default in defaults)


def _special_namespaces(mesh: "Mesh") -> Iterator[str]:
    """Yield the namespaces whose sidecars may see another mesh than those of the rest."""
    for kind in _EXPORTED:
        for config in mesh.configs(kind):
            yield from _exported(config.namespace, texts(config.spec.get("exportTo")))
    for service in mesh.registry.services:
        yield from _exported(service.namespace, service.export_to)
        namespaces = mesh.registry.by_host.get(service.hostname, {})
        if len(namespaces) > 1:
            yield from namespaces
    for config in mesh.configs("VirtualService"):
        yield from (text(match.get("sourceNamespace")) for match in _matches(config))
        if config.annotations.get(ROUTE_SEMANTICS) == "gateway":
            yield config.namespace
    for config in mesh.configs("DestinationRule"):
        host = resolve_host(text(config.spec.get("host")), config.namespace, config.domain)
        if config.namespace not in mesh.registry.by_host.get(host, {}):
            yield config.namespace
    yield mesh.options.root_namespace


def _exported(namespace: str, export_to: Iterable[str]) -> Iterator[str]:
    """Yield the namespaces that an object is confined to; none when all see it."""
    if _EVERYWHERE not in export_to:
        for name in export_to:
            yield namespace if name == "." else name
