"""The pod templates of the manifests: their labels and their containers."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section
from meshwright.manifests.resource import Resource

OWNERS = ("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet", "Job", "Rollout")


def pod_of(resource: Resource) -> tuple[str, Mapping[str, Any]]:
    """Return the path of the pod in an object, and the pod: metadata and spec; an empty one where there is none."""
    spec = section(resource.body.get("spec"))
    if resource.kind == "Pod":
        return "", resource.body
    if resource.kind == "CronJob":
        template = section(section(section(spec.get("jobTemplate")).get("spec")).get("template"))
        return "spec.jobTemplate.spec.template.", template
    return "spec.template.", section(spec.get("template"))


def pods(shown: Inventory) -> list[tuple[Resource, str, Mapping[str, Any]]]:
    """Return each object with a pod in it, the pod's path, and the pod."""
    found: list[tuple[Resource, str, Mapping[str, Any]]] = shown.remember(
        "pods", lambda: [(each, *pod_of(each)) for each in shown.of_kind("Pod", "CronJob", *OWNERS)]
    )
    return found


def containers(path: str, pod: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the containers that run as long as the pod, each with its path."""
    for position, container in enumerate(map(section, entries(section(pod.get("spec")).get("containers")))):
        yield f"{path}spec.containers[{position}]", container
