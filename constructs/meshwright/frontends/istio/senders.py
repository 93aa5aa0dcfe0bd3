"""Which sidecars send alike, so that one of them can stand for all."""

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from meshwright.frontends.istio.objects import entries, section
from meshwright.traffic import Proxy

if TYPE_CHECKING:
    from meshwright.frontends.istio.mesh import Mesh

_IN_NAMESPACES = ("Service", "ServiceEntry", "VirtualService", "DestinationRule", "Sidecar", "HTTPRoute", "GRPCRoute")
_ON_ARRIVAL = frozenset({"AuthorizationPolicy", "RequestAuthentication"})
_AMBIENT = "istio.io/dataplane-mode"

Labels = Mapping[str, Any]


class Senders:
    """The sidecars of a mesh by what they do with the requests that leave their workloads.

    Sidecars of one namespace send alike, unless an object picks some of them by labels.
    """

    def __init__(self, mesh: "Mesh") -> None:
        self._mesh = mesh
        self._selectors = [labels for labels in _distinct(_selectors(mesh)) if labels]

    def proxies(self) -> tuple[Proxy, ...]:
        """Return the sidecars of the manifests, and ones made up where the manifests show no workload.

        Of a namespace without workloads one sidecar has no labels, and one the labels of each object that asks for
        some.
        """
        known = self._mesh.sidecars()
        covered = {each.namespace for each in known}
        namespaces = dict.fromkeys(
            each.namespace for each in self._mesh.resources if each.kind in _IN_NAMESPACES and each.namespace
        )
        made_up = []
        for namespace in namespaces:
            if namespace not in covered:
                made_up.append(Proxy("sidecar", namespace))
                made_up += [Proxy("sidecar", namespace, _pairs(labels)) for labels in self._selectors]
        return (*known, *dict.fromkeys(made_up))

    def kind_of(self, proxy: Proxy) -> tuple[object, ...]:
        """Return a key: sidecars for which it is equal send alike."""
        labels = dict(proxy.labels)
        chosen = tuple(
            place
            for place, wanted in enumerate(self._selectors)
            if all(labels.get(key) == value for key, value in wanted.items())
        )
        settings = tuple(place for place, each in enumerate(self._mesh.pod_settings) if each.concerns(proxy))
        return proxy.namespace, chosen, settings, labels.get(_AMBIENT), proxy.addresses


def _pairs(labels: Labels) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((str(key), str(value)) for key, value in labels.items()))


def _distinct(found: Iterator[Labels]) -> list[Labels]:
    return list({_pairs(labels): labels for labels in found}.values())


def _selectors(mesh: "Mesh") -> Iterator[Labels]:
    """Yield the labels by which objects pick the sidecars whose requests they shape."""
    for config in mesh.configs("Sidecar"):
        yield section(section(config.spec.get("workloadSelector")).get("labels"))
    for config in mesh.configs("DestinationRule"):
        yield section(section(config.spec.get("workloadSelector")).get("matchLabels"))
    for config in mesh.configs("VirtualService"):
        for kind in ("http", "tcp", "tls"):
            for rule in map(section, entries(config.spec.get(kind))):
                for match in map(section, entries(rule.get("match"))):
                    yield section(match.get("sourceLabels"))
    for resource in mesh.unmodelled:
        if resource.kind in _ON_ARRIVAL:
            continue
        spec = section(resource.body.get("spec"))
        yield section(section(spec.get("workloadSelector")).get("labels"))
        yield section(section(spec.get("selector")).get("matchLabels"))
