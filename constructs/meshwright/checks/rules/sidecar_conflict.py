"""MW701: several Sidecars for one workload, of which one counts."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import labels_text
from meshwright.frontends.istio.objects import Config, section


def _find(shown: Inventory) -> Iterator[Problem]:
    by_namespace: dict[str, list[Config]] = {}
    for config in shown.mesh.configs("Sidecar"):
        by_namespace.setdefault(config.namespace, []).append(config)
    for configs in by_namespace.values():
        if len(configs) > 1:
            yield from _of_namespace(shown, configs)


def _of_namespace(shown: Inventory, configs: list[Config]) -> Iterator[Problem]:
    remedy = "Keep one: of several the oldest counts, and they are not merged."
    general = [config for config in configs if not _selector(config)]
    for config in general if len(general) > 1 else ():
        others = [other for other in general if other is not config]
        names = ", ".join(other.title for other in others)
        wrong = f"{names} is for all workloads of {config.namespace}, too"
        yield Problem(config.origin(), wrong, remedy, related=tuple(other.origin() for other in others))
    selected: dict[int, list[Config]] = {}
    labels = {}
    for config in configs:
        for workload in shown.mesh.workloads.select(config.namespace, _selector(config)) if _selector(config) else ():
            selected.setdefault(id(workload), []).append(config)
            labels[id(workload)] = workload.labels
    for key, several in selected.items():
        for config in several if len(several) > 1 else ():
            others = [other for other in several if other is not config]
            names = ", ".join(other.title for other in others)
            wrong = f"{names} selects the workload {labels_text(labels[key].items())}, too"
            origin = config.origin("spec.workloadSelector")
            yield Problem(origin, wrong, remedy, related=tuple(other.origin() for other in others))


def _selector(config: Config) -> tuple[tuple[str, str], ...]:
    labels = section(section(config.spec.get("workloadSelector")).get("labels"))
    return tuple((key, str(value)) for key, value in labels.items())


CHECK = Check("MW701", "sidecar-conflict", "error", "Several Sidecars for one workload.", _find)
