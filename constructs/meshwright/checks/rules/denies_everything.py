"""MW505: a DENY that denies everything, or an ALLOW that allows nothing and stands alone."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.policies import Policy, policies


def _find(shown: Inventory) -> Iterator[Problem]:
    known = policies(shown)
    root = shown.mesh.options.root_namespace
    allowing = {policy.resource.namespace for policy in known if policy.action == "ALLOW" and policy.rules}
    for policy in known:
        if policy.action == "DENY":
            for place, rule in enumerate(policy.rules):
                if not any(rule.get(part) for part in ("from", "to", "when")):
                    wrong = "this rule has no condition, so every request is denied, whatever other policies allow"
                    remedy = "Say what to deny; to allow what policies name and nothing else, write spec: {} instead."
                    yield Problem(policy.resource.origin(f"spec.rules[{place}]"), wrong, remedy)
        elif policy.action == "ALLOW" and not policy.rules and not policy.targeted:
            everywhere = policy.resource.namespace == root
            if not (allowing if everywhere else allowing & {policy.resource.namespace, root}):
                yield _closed(policy, "in the mesh" if everywhere else f"in {policy.resource.namespace}")


def _closed(policy: Policy, where: str) -> Problem:
    wrong = f"without rules it allows nothing, and no policy {where} here allows anything"
    remedy = "Add an ALLOW for what shall come in, unless nothing shall."
    return Problem(policy.resource.origin("spec"), wrong, remedy, "note")


CHECK = Check("MW505", "denies-everything", "warning", "An AuthorizationPolicy that denies every request.", _find)
