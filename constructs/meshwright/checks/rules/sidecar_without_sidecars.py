"""MW705: a Sidecar in a namespace whose workloads have no sidecars, as it is in the ambient mode."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import section

_MODE = "istio.io/dataplane-mode"
_REVISION = "istio.io/rev"


def _find(shown: Inventory) -> Iterator[Problem]:
    sidecars = shown.mesh.configs("Sidecar")
    if not sidecars:
        return
    ambient = {
        resource.name
        for resource in shown.of_kind("Namespace")
        if _is_ambient(section(section(resource.body.get("metadata")).get("labels")))
    }
    for config in sidecars:
        if config.namespace in ambient:
            wrong = f"{config.namespace} is in the ambient mode, and its workloads have no sidecars that obey this"
            yield Problem(config.origin(), wrong, "Remove it; what a waypoint does is told by other kinds.")


def _is_ambient(labels: Mapping[str, Any]) -> bool:
    """Tell whether workloads get no sidecars: a namespace may ask for both, and then sidecars win."""
    return labels.get(_MODE) == "ambient" and labels.get("istio-injection") != "enabled" and not labels.get(_REVISION)


CHECK = Check(
    "MW705",
    "sidecar-without-sidecars",
    "warning",
    "A Sidecar in a namespace of the ambient mode, where there are none.",
    _find,
)
