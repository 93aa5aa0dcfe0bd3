"""MW512: two PeerAuthentications, or two Telemetries, for the same workloads: the oldest counts."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import labels_text
from meshwright.frontends.istio.objects import section
from meshwright.manifests.resource import Resource

_KINDS = ("PeerAuthentication", "Telemetry")
_REMEDY = "Keep one: of several the oldest counts, and they are not merged."


def _find(shown: Inventory) -> Iterator[Problem]:
    for kind in _KINDS:
        by_namespace: dict[str, list[Resource]] = {}
        for resource in shown.of_kind(kind):
            spec = section(resource.body.get("spec"))
            if not spec.get("targetRef") and not spec.get("targetRefs"):
                by_namespace.setdefault(resource.namespace, []).append(resource)
        for resources in by_namespace.values():
            if len(resources) > 1:
                yield from _of_namespace(shown, resources)


def _of_namespace(shown: Inventory, resources: list[Resource]) -> Iterator[Problem]:
    general = [resource for resource in resources if not _selector(resource)]
    if len(general) > 1:
        yield from _told(general, f"for all workloads of {general[0].namespace}", "spec")
    selected: dict[int, list[Resource]] = {}
    labels: dict[int, str] = {}
    for resource in resources:
        selector = _selector(resource)
        for workload in shown.mesh.workloads.select(resource.namespace, selector) if selector else ():
            selected.setdefault(id(workload), []).append(resource)
            labels[id(workload)] = labels_text(workload.labels.items())
    for key, several in selected.items():
        if len(several) > 1:
            yield from _told(several, f"for the workload {labels[key]}", "spec.selector")


def _told(resources: list[Resource], what: str, field: str) -> Iterator[Problem]:
    for resource in resources:
        others = [other for other in resources if other is not resource]
        names = ", ".join(map(str, others))
        related = tuple(other.origin() for other in others)
        yield Problem(resource.origin(field), f"{names} is {what}, too", _REMEDY, related=related)


def _selector(resource: Resource) -> tuple[tuple[str, str], ...]:
    labels = section(section(section(resource.body.get("spec")).get("selector")).get("matchLabels"))
    return tuple((key, str(value)) for key, value in labels.items())


CHECK = Check(
    "MW512", "policy-conflict", "warning", "Several policies of one kind for one workload, of which one counts.", _find
)
