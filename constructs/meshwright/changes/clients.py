"""The proxies that a change may hurt: gateways on both sides, and one sidecar for all that are told the same."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from meshwright.changes.touched import Touched
from meshwright.frontends import Mesh
from meshwright.frontends.istio.objects import MESH, entries, section, text
from meshwright.frontends.istio.services import Service
from meshwright.frontends.istio.virtual_services import NOBODY, PUBLIC, VirtualService
from meshwright.traffic import Proxy


def shared_proxies(before: Mesh, after: Mesh, hosts: Touched) -> Iterator[Proxy]:
    """Yield the proxies of both meshes that may have routes to ``hosts``.

    Of sidecars that are told the same, one is enough. Where manifests show no workloads, a client is made up for each
    namespace that has rules for the mesh.
    """
    shared = set(after.gateways())
    yield from (proxy for proxy in before.gateways() if proxy in shared)
    views = [_View(before, hosts), _View(after, hosts)]
    if not (hosts.repopulated or any(view.rules for view in views)):
        return
    met: set[object] = set()
    for proxy in _sidecars(before, views):
        labels = dict(proxy.labels)
        told = tuple(view.told(proxy.namespace, labels) for view in views)
        if told not in met:
            met.add(told)
            yield proxy


def _sidecars(before: Mesh, views: Iterable["_View"]) -> Iterator[Proxy]:
    yield from before.sidecars()
    namespaces = {rule.config.namespace for view in views for rule in view.rules}
    yield from (Proxy("sidecar", name) for name in sorted(namespaces - set(before.workloads.by_namespace)))


@dataclass(eq=False)
class _View:
    """What one mesh tells its sidecars about some hosts."""

    mesh: Mesh
    hosts: Touched

    @cached_property
    def rules(self) -> list[VirtualService]:
        """The rules for the mesh that lead to one of the hosts, or are for one of them."""
        return [
            each
            for each in self.mesh.virtual_services.all
            if MESH in each.gateways and any(host in self.hosts for host in (*each.hosts, *_destinations(each)))
        ]

    @cached_property
    def services(self) -> list[Service]:
        """The services of these hosts."""
        return [service for service in self.mesh.registry.services if service.hostname in self.hosts]

    def told(self, namespace: str, labels: Mapping[str, str]) -> object:
        """Return a value that is equal for sidecars that have the same routes to the hosts."""
        mesh = self.mesh
        config = mesh.sidecar_index.config_for(namespace, labels)
        seen = tuple(
            each.key
            for each in mesh.virtual_services.all
            if MESH in each.gateways
            and PUBLIC not in each.export_to
            and NOBODY not in each.export_to
            and namespace in each.export_to
        )
        return (
            config.title if config is not None else "",
            seen,
            tuple(mesh.registry.is_visible(service, namespace) for service in self.services),
            tuple(id(mesh.destination_rules.find(namespace, labels, service)) for service in self.services),
            namespace if namespace in self._named else "",
            tuple(labels.get(key) for key in self._label_keys),
        )

    @cached_property
    def _matches(self) -> list[Mapping[str, Any]]:
        rules = [rule.spec for each in self.rules for rule in each.http]
        rules += [section(rule) for each in self.rules for rule in (*each.tls, *each.tcp)]
        return [section(match) for rule in rules for match in entries(rule.get("match"))]

    @cached_property
    def _named(self) -> frozenset[str]:
        """The namespaces that rules speak of, and those of rules and services of the Gateway API."""
        named = {text(match.get("sourceNamespace")) for match in self._matches}
        for each in self.rules:
            if each.semantics == "gateway":
                named.add(each.config.namespace)
        return frozenset(named)

    @cached_property
    def _label_keys(self) -> list[str]:
        return sorted({key for match in self._matches for key in section(match.get("sourceLabels"))})


def _destinations(service: VirtualService) -> Iterator[str]:
    """Yield the hosts that the rules of a VirtualService lead to."""
    for rule in service.http:
        for item in entries(rule.spec.get("route")):
            yield rule.host(section(section(item).get("destination")))
    for layer in (service.tls, service.tcp):
        for item in (item for rule in layer for item in entries(section(rule).get("route"))):
            yield service.host(section(section(item).get("destination")))
