"""MW506: an ALLOW with a rule that allows everything beside rules that allow something."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.policies import policies


def _find(shown: Inventory) -> Iterator[Problem]:
    for policy in policies(shown):
        if policy.action != "ALLOW" or len(policy.rules) < 2:
            continue
        for place, rule in enumerate(policy.rules):
            if not any(rule.get(part) for part in ("from", "to", "when")):
                wrong = "this rule has no condition, so everything is allowed, and the other rules are of no use"
                yield Problem(policy.resource.origin(f"spec.rules[{place}]"), wrong, "Remove it, or the others.")


CHECK = Check("MW506", "rule-for-all", "warning", "A rule without conditions that makes the others useless.", _find)
