"""MW865: an Application that syncs by itself, and leaves in the cluster what is removed from git."""

from collections.abc import Iterator

from meshwright.checks.argo import applications
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import section


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource, path, spec in applications(shown):
        automated = section(spec.get("syncPolicy")).get("automated")
        if isinstance(automated, dict) and automated.get("prune") is None and automated.get("enabled") is not False:
            wrong = "it syncs by itself, and what is removed from git stays in the cluster"
            remedy = "Set prune: true, or prune: false to say that this is meant."
            yield Problem(resource.origin(f"{path}.syncPolicy.automated"), wrong, remedy)


CHECK = Check("MW865", "never-pruned", "note", "An Application whose removed objects stay.", _find)
