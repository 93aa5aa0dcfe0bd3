"""MW509: an AuthorizationPolicy that names the Service's port, where the workload's counts."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.policies import policies, ports_of, workloads_of
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import texts
from meshwright.frontends.istio.services import ServicePort
from meshwright.frontends.istio.workloads import Workload


def _find(shown: Inventory) -> Iterator[Problem]:
    for policy in policies(shown):
        named = [
            (f"{path}.{field}[{position}]", number)
            for path, operation in policy.operations()
            for field in ("ports", "notPorts")
            for position, number in enumerate(texts(operation.get(field)))
        ]
        workloads = workloads_of(shown, policy) if named else []
        pairs = [(workload, port) for workload in workloads for _, port in ports_of(shown, workload)]
        targets = {_target(workload, port) for workload, port in pairs}
        targets |= {str(number) for workload in workloads for number in workload.ports.values()}
        for field, number in named:
            meant = [_target(workload, port) for workload, port in pairs if str(port.number) == number]
            if meant and number not in targets:
                wrong = f"{number} is a port of the Service; the workload listens on {all_of(meant)}"
                remedy = f"Write {all_of(meant)}: policies see the port of the workload."
                yield Problem(policy.resource.origin(field), wrong, remedy)


def _target(workload: Workload, port: ServicePort) -> str:
    target = port.target_port if port.target_port is not None else port.number
    return str(workload.ports.get(target, target)) if isinstance(target, str) else str(target)


CHECK = Check(
    "MW509", "policy-port", "warning", "A policy about a port of the Service instead of one of the workload.", _find
)
