"""MW136: a Deployment, StatefulSet, DaemonSet or ReplicaSet whose selector does not select its own template."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.pods import pod_of
from meshwright.checks.wording import labels_text
from meshwright.frontends.istio.objects import section


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource in shown.of_kind("Deployment", "StatefulSet", "DaemonSet", "ReplicaSet"):
        wanted = section(section(section(resource.body.get("spec")).get("selector")).get("matchLabels"))
        path, pod = pod_of(resource)
        labels = section(section(pod.get("metadata")).get("labels"))
        lacking = {key: value for key, value in wanted.items() if labels.get(key) != value}
        if lacking and resource.api_version.startswith("apps/") and pod:
            wrong = f"the pods of its template do not have the labels {labels_text(lacking.items())} of its selector"
            remedy = "Give both the same labels: a cluster refuses it."
            related = (resource.origin(f"{path}metadata.labels"),)
            yield Problem(resource.origin("spec.selector"), wrong, remedy, related=related)


CHECK = Check("MW136", "template-labels", "error", "A selector that does not fit its own pods.", _find)
