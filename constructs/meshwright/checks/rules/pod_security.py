"""MW911: pods that the Pod Security Standards do not let pass."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.analysis.finding import Severity
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.pod_standards import Violation, violations
from meshwright.frontends.istio.objects import section
from meshwright.manifests.resource import Resource

_LABEL = "pod-security.kubernetes.io/"
_TEMPLATES = {
    "Pod": ("",),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
    "Deployment": ("spec", "template"),
    "StatefulSet": ("spec", "template"),
    "DaemonSet": ("spec", "template"),
    "ReplicaSet": ("spec", "template"),
    "ReplicationController": ("spec", "template"),
    "Job": ("spec", "template"),
    "Rollout": ("spec", "template"),
}
"""Where the pods of a kind are described."""


def _find(shown: Inventory) -> Iterator[Problem]:
    namespaces = {each.name: each for each in shown.of_kind("Namespace")}
    for resource in shown.of_kind(*_TEMPLATES):
        asked = _asked(namespaces.get(resource.namespace))
        if asked.get("enforce") == "privileged":
            continue
        path = ".".join(filter(None, _TEMPLATES[resource.kind]))
        found = [*violations(_pod(resource))]
        for level in ("baseline", "restricted"):
            broken = [each for each in found if each.level == level]
            if broken:
                yield _problem(resource, path, level, broken, asked)


def _pod(resource: Resource) -> Mapping[str, Any]:
    found: Mapping[str, Any] = resource.body
    for key in filter(None, _TEMPLATES[resource.kind]):
        found = section(found.get(key))
    return found


def _asked(namespace: Resource | None) -> dict[str, str]:
    """Return what a namespace asks of its pods: the standard by what becomes of those that break it."""
    labels = section(section(namespace.body.get("metadata")).get("labels")) if namespace is not None else {}
    return {mode: str(labels.get(f"{_LABEL}{mode}", "")) for mode in ("enforce", "warn", "audit")}


def _problem(resource: Resource, path: str, level: str, broken: list[Violation], asked: Mapping[str, str]) -> Problem:
    first = broken[0]
    said = "; ".join(dict.fromkeys(each.said for each in broken))
    reached = {mode for mode, wanted in asked.items() if wanted == "restricted" or wanted == level}
    severity: Severity = "warning" if level == "baseline" or reached else "note"
    wrong = f'its pods are not "{level}": {said}'
    if "enforce" in reached:
        severity, wrong = "error", f'namespace {resource.namespace} takes only "{asked["enforce"]}" pods: {said}'
    field = f"{path}.{first.field}" if path else first.field
    remedy = "Set what the Pod Security Standard asks for, or write down why not: meshwright.dev/ignore."
    return Problem(resource.origin(field), wrong, remedy, severity)


CHECK = Check("MW911", "pod-security", "note", "Pods that the Pod Security Standards do not let pass.", _find)
