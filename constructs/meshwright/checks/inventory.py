"""What the manifests show of a cluster, so that "missing" is told apart from "written elsewhere"."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from meshwright.checks.rollouts import Moved, moved
from meshwright.frontends.istio.hosts import HostMap, is_wildcard
from meshwright.frontends.istio.mesh import Mesh
from meshwright.frontends.istio.objects import Config, entries, integer, port_number, section, text, texts
from meshwright.frontends.istio.services import Service
from meshwright.frontends.istio.virtual_services import VirtualService
from meshwright.manifests.resource import Resource
from meshwright.traffic import Origin

WORKLOADS = (
    "Deployment",
    "StatefulSet",
    "DaemonSet",
    "ReplicaSet",
    "ReplicationController",
    "Job",
    "CronJob",
    "Rollout",
    "Pod",
    "WorkloadEntry",
    "WorkloadGroup",
)
"""The kinds that put workloads into a namespace."""

_NO_PODS = ("cert-manager.io", "external-secrets.io", "bitnami.com", "argoproj.io")
"""Groups of kinds that make no pods, beside those of Kubernetes and Istio; Rollouts are in ``WORKLOADS``."""

SERVICES = ("Service", "ServiceEntry")
"""The kinds that give a namespace hosts."""


@dataclass(frozen=True, slots=True, eq=False)
class Destination:
    """One destination that a VirtualService names.

    Args:
        virtual_service: The one that it is written in; a delegate has neither hosts nor gateways.
        host: Complete.
        written: As written.
        port: 0 where none is named.
        origin: Of the destination.
        namespace: Of the object that it is written in.
        answers: It has a share of the requests; mirrors and routes with weight 0 have none.
    """

    virtual_service: VirtualService
    host: str
    written: str
    subset: str
    port: int
    origin: Origin
    namespace: str
    answers: bool


@dataclass(slots=True, eq=False)
class Inventory:
    """A mesh, and how much of the cluster its manifests show.

    Args:
        mesh: The mesh.
        complete: The manifests are everything there is: what is not in them does not exist.
        kubernetes: The version that they are for, such as ``1.31``; empty where nobody says.
    """

    mesh: Mesh
    complete: bool = False
    kubernetes: str = ""
    _cache: dict[str, Any] = field(default_factory=dict)

    def shows(self, namespace: str, kinds: Iterable[str]) -> bool:
        """Tell whether the manifests have any object of these kinds in a namespace, or are complete."""
        found = self.remember("kinds", self._kinds)
        return self.complete or any((namespace, kind) in found for kind in kinds)

    def shows_workloads(self, namespace: str) -> bool:
        """Tell whether the manifests have workloads in a namespace and no object that an operator may make pods of."""
        made: set[str] = self.remember(
            "operated", lambda: {each.namespace for each in self.mesh.resources if _is_foreign(each)}
        )
        return self.complete or (namespace not in made and self.shows(namespace, WORKLOADS))

    def remember(self, name: str, make: Callable[[], Any]) -> Any:
        """Return what ``make`` gave when it was first asked under this name: what several checks need."""
        if name not in self._cache:
            self._cache[name] = make()
        return self._cache[name]

    def _kinds(self) -> set[tuple[str, str]]:
        return {(resource.namespace, resource.kind) for resource in self.mesh.resources}

    @property
    def namespaces(self) -> set[str]:
        """Every namespace that an object lives in, and every Namespace."""
        found: set[str] = self.remember("namespaces", self._namespaces)
        return found

    def _namespaces(self) -> set[str]:
        resources = self.mesh.resources
        named = {resource.name for resource in resources if resource.kind == "Namespace"}
        return named | {resource.namespace for resource in resources if resource.namespace}

    def of_kind(self, *kinds: str) -> list[Resource]:
        """Return the objects of some kinds, whatever their version."""
        by_kind: dict[str, list[Resource]] = self.remember("by_kind", self._by_kind)
        return [resource for kind in kinds for resource in by_kind.get(kind, ())]

    def _by_kind(self) -> dict[str, list[Resource]]:
        found: dict[str, list[Resource]] = {}
        for resource in self.mesh.resources:
            found.setdefault(resource.kind, []).append(resource)
        return found

    @property
    def written_virtual_services(self) -> list[VirtualService]:
        """The VirtualServices with hosts that someone wrote; those made of the Gateway API are left out."""
        every = self.mesh.virtual_services.all
        found: list[VirtualService] = self.remember("written", lambda: [each for each in every if not each.semantics])
        return found

    @property
    def gateways(self) -> Mapping[str, Config]:
        """Istio's Gateways by ``namespace/name``."""
        found: dict[str, Config] = self.remember("gateways", self._gateways)
        return found

    def _gateways(self) -> dict[str, Config]:
        return {f"{config.namespace}/{config.name}": config for config in self.mesh.gateway_configs}

    def gateway_namespaces(self, gateway: Config) -> list[str]:
        """Return the namespaces of the workloads that a Gateway selects; empty when the manifests show none."""
        seen: dict[int, list[str]] = self.remember("gateway_namespaces_by_object", dict)
        found = seen.get(id(gateway))
        if found is None:
            found = seen[id(gateway)] = self._gateway_namespaces(gateway)
        return found

    def _gateway_namespaces(self, gateway: Config) -> list[str]:
        selector = tuple((key, str(value)) for key, value in section(gateway.spec.get("selector")).items())
        if not selector:
            return []
        known: dict[tuple[tuple[str, str], ...], list[str]] = self.remember("gateway_namespaces", dict)
        found = known.get(selector)
        if found is None:
            workloads = self.mesh.workloads
            found = known[selector] = [each for each in workloads.by_namespace if workloads.select(each, selector)]
        return found

    def services(self, host: str) -> list[Service]:
        """Return the services of a host; one whose wildcard covers it where none has it as its own."""
        own = self.mesh.registry.by_host.get(host)
        if own:
            return list(own.values())
        wildcards: HostMap[list[Service]] = self.remember("wildcards", self._wildcards)
        return wildcards.best(host) or []

    def _wildcards(self) -> HostMap[list[Service]]:
        found: HostMap[list[Service]] = HostMap()
        for host, services in self.mesh.registry.by_host.items():
            if is_wildcard(host):
                found.set(host, list(services.values()))
        return found

    @property
    def destinations(self) -> list[Destination]:
        """Every destination of the VirtualServices that someone wrote, delegates among them."""
        found: list[Destination] = self.remember("destinations", lambda: list(self._destinations()))
        return found

    def _destinations(self) -> Iterator[Destination]:
        for service in (*self.written_virtual_services, *self._delegates()):
            for layer in ("http", "tls", "tcp"):
                for position, rule in enumerate(map(section, entries(service.config.spec.get(layer)))):
                    owned = bool(self.moved) and layer == "http" and self.is_moved(service.config, rule)
                    for path, written, answers in _of_rule(rule, owned):
                        origin = service.config.origin(f"spec.{layer}[{position}].{path}")
                        yield _destination(service, written, origin, answers)

    @property
    def moved(self) -> list[Moved]:
        """The VirtualServices whose weights belong to a Rollout."""
        found: list[Moved] = self.remember("moved", lambda: list(moved(self.of_kind("Rollout"))))
        return found

    def is_moved(self, config: Config, rule: Mapping[str, Any]) -> bool:
        """Tell whether the weights of an HTTP rule belong to a Rollout, whatever they are in the manifests."""
        return any(
            (each.namespace, each.name) == (config.namespace, config.name) and each.means(rule) for each in self.moved
        )

    def _delegates(self) -> Iterator[VirtualService]:
        """Yield the VirtualServices without hosts, as ones without gateways."""
        for config in self.mesh.configs("VirtualService"):
            if not texts(config.spec.get("hosts")):
                yield VirtualService(config, (), (), (), frozenset())


def _is_foreign(resource: Resource) -> bool:
    """Tell whether a kind is neither of Kubernetes nor known to make no pods."""
    group, slash, _ = resource.api_version.partition("/")
    return "." in group and bool(slash) and not group.endswith((".k8s.io", ".istio.io")) and group not in _NO_PODS


def _of_rule(rule: Mapping[str, Any], is_moved: bool) -> Iterator[tuple[str, Mapping[str, Any], bool]]:
    """Yield the destinations of a rule with their paths in it, and whether they answer; all do in a moved one."""
    routes = entries(rule.get("route"))
    for position, item in enumerate(map(section, routes)):
        if isinstance(item.get("destination"), dict):
            answers = is_moved or len(routes) == 1 or integer(item.get("weight")) > 0
            yield f"route[{position}].destination", item["destination"], answers
    for position, item in enumerate(map(section, entries(rule.get("mirrors")))):
        if isinstance(item.get("destination"), dict):
            yield f"mirrors[{position}].destination", item["destination"], False
    if isinstance(rule.get("mirror"), dict):
        yield "mirror", rule["mirror"], False


def _destination(service: VirtualService, written: Mapping[str, Any], origin: Origin, answers: bool) -> Destination:
    return Destination(
        service,
        service.host(written),
        text(written.get("host")),
        text(written.get("subset")),
        port_number(written.get("port")),
        origin,
        service.config.namespace,
        answers,
    )
