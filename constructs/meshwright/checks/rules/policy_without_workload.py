"""MW135: a policy for all workloads of a namespace in which there is none."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import section

_KINDS = ("AuthorizationPolicy", "PeerAuthentication", "RequestAuthentication")


def _find(shown: Inventory) -> Iterator[Problem]:
    if not shown.complete:
        return
    inhabited = {*shown.mesh.workloads.by_namespace, *(gateway.namespace for gateway in shown.mesh.deployed_gateways)}
    for resource in shown.of_kind(*_KINDS):
        spec = section(resource.body.get("spec"))
        aimed = any(spec.get(field) for field in ("selector", "targetRef", "targetRefs"))
        if aimed or resource.namespace in {*inhabited, shown.mesh.options.root_namespace}:
            continue
        wrong = f"it is for all workloads of {resource.namespace}, where there is none"
        yield Problem(resource.origin(), wrong, "Move it to the namespace of the workloads, or remove it.")


CHECK = Check(
    "MW135", "policy-without-workload", "warning", "A policy for a whole namespace that has no workload.", _find
)
