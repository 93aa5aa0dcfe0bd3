"""MW832: an object of Kubernetes that does not fit the schema of the version given with ``--kubernetes``."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.kubernetes_schemas import KubernetesSchemas


def _find(shown: Inventory) -> Iterator[Problem]:
    if not shown.kubernetes:
        return
    schemas = KubernetesSchemas(shown.kubernetes)
    for resource in shown.mesh.resources:
        for misfit in schemas.misfits(resource.body):
            origin = resource.origin(misfit.path)
            if misfit.dropped:
                wrong = f"{misfit.wrong} in Kubernetes {shown.kubernetes}, and a cluster drops it"
                yield Problem(origin, wrong, "Correct its name, or remove it.", "warning")
            else:
                wrong = f"Kubernetes {shown.kubernetes} refuses it: {misfit.wrong}"
                yield Problem(origin, wrong, "Correct the value.")


CHECK = Check("MW832", "kubernetes-schema", "error", "An object that Kubernetes refuses.", _find)
