"""MW134: a subset whose labels fit no workload of its host."""

from collections.abc import Iterator, Mapping

from meshwright.analysis.finding import Severity
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import labels_text
from meshwright.frontends.istio.hosts import resolve_host
from meshwright.frontends.istio.objects import Config, entries, section, text
from meshwright.frontends.istio.services import Service

_OF_NODES = frozenset(
    {
        "topology.kubernetes.io/region",
        "topology.kubernetes.io/zone",
        "topology.istio.io/subzone",
        "topology.istio.io/network",
        "topology.istio.io/cluster",
    }
)
"""Labels that istiod gives to endpoints itself."""


def _find(shown: Inventory) -> Iterator[Problem]:
    used = {(each.host, each.subset) for each in shown.destinations if each.answers}
    for config in shown.mesh.configs("DestinationRule"):
        host = resolve_host(text(config.spec.get("host")), config.namespace, config.domain)
        services = shown.services(host)
        for position, subset in enumerate(map(section, entries(config.spec.get("subsets"))) if services else ()):
            labels = {key: value for key, value in section(subset.get("labels")).items() if not _is_given(key, value)}
            if labels and _is_empty(shown, services, labels):
                worst: Severity = "error" if shown.complete else "warning"
                answers = (host, text(subset.get("name"))) in used
                yield _problem(config, position, subset, labels, worst if answers else None)


def _is_empty(shown: Inventory, services: list[Service], labels: Mapping[str, object]) -> bool:
    """Tell whether a host has workloads, and none with these labels; in complete manifests it may have none at all."""
    behind = shown.mesh.workloads.behind
    if shown.complete:
        found = [shown.mesh.workloads.select(each.namespace, each.selector) for each in services if each.selector]
        if len(found) == len(services) and not any(found):
            return True
    wanted = [(key, str(value)) for key, value in labels.items()]
    return all(behind(service, wanted) == 0 for service in services) and any(map(behind, services))


def _is_given(key: str, value: object) -> bool:
    return key in _OF_NODES and bool(value)


def _problem(
    config: Config, position: int, subset: Mapping[str, object], labels: Mapping[str, object], used: Severity | None
) -> Problem:
    origin = config.origin(f"spec.subsets[{position}]")
    told = f"no workload of {text(config.spec.get('host'))} has the labels {labels_text(labels.items())}"
    wrong = f'{told} of subset "{text(subset.get("name"))}"' + (", so its routes answer 503" if used else "")
    remedy = "Correct the labels to those of the pods, or remove the subset."
    return Problem(origin, wrong, remedy, used)


CHECK = Check("MW134", "subset-without-workload", "note", "A subset whose labels fit no workload of its host.", _find)
