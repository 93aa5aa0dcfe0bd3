"""The AuthorizationPolicies of a mesh, and the workloads that each is for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section, text
from meshwright.frontends.istio.services import Service, ServicePort
from meshwright.frontends.istio.workloads import Workload
from meshwright.manifests.resource import Resource


@dataclass(frozen=True, slots=True, eq=False)
class Policy:
    """One AuthorizationPolicy.

    Args:
        action: ``ALLOW`` where none is written.
        rules: As written.
        selector: Labels of the workloads that it is for; empty: all of its namespace.
        targeted: It is for what ``targetRefs`` name, and not for workloads.
    """

    resource: Resource
    action: str
    rules: tuple[Mapping[str, Any], ...]
    selector: Mapping[str, str]
    targeted: bool

    def sources(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield each source with its path."""
        yield from self._parts("from", "source")

    def operations(self) -> Iterator[tuple[str, Mapping[str, Any]]]:
        """Yield each operation with its path."""
        yield from self._parts("to", "operation")

    def _parts(self, outer: str, inner: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
        for place, rule in enumerate(self.rules):
            for position, item in enumerate(map(section, entries(rule.get(outer)))):
                yield f"spec.rules[{place}].{outer}[{position}].{inner}", section(item.get(inner))


def policies(shown: Inventory) -> list[Policy]:
    """Return the AuthorizationPolicies."""
    found: list[Policy] = shown.remember("policies", lambda: list(_policies(shown)))
    return found


def _policies(shown: Inventory) -> Iterator[Policy]:
    for resource in shown.of_kind("AuthorizationPolicy"):
        spec = section(resource.body.get("spec"))
        labels = section(section(spec.get("selector")).get("matchLabels"))
        yield Policy(
            resource,
            text(spec.get("action")) or "ALLOW",
            tuple(map(section, entries(spec.get("rules")))),
            {key: str(value) for key, value in labels.items()},
            bool(spec.get("targetRef") or spec.get("targetRefs")),
        )


def workloads_of(shown: Inventory, policy: Policy) -> list[Workload]:
    """Return the workloads that a policy is for, as far as they are shown; none for one of the whole mesh."""
    namespace = policy.resource.namespace
    if policy.targeted or namespace == shown.mesh.options.root_namespace:
        return []
    return shown.mesh.workloads.select(namespace, policy.selector.items())


def ports_of(shown: Inventory, workload: Workload) -> list[tuple[Service, ServicePort]]:
    """Return the ports of the Services in front of a workload."""
    return [
        (service, port)
        for service in shown.mesh.registry.of_namespace(workload.namespace)
        if service.kubernetes and service.selector and workload.has(service.selector)
        for port in service.ports
    ]
