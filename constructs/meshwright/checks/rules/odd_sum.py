"""MW306: weights of one rule that look like percent and do not make 100."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, integer, section

_LIKE_PERCENT = range(90, 111)


def _find(shown: Inventory) -> Iterator[Problem]:
    for config in shown.mesh.configs("VirtualService"):
        for layer in ("http", "tls", "tcp") if config.resource.origins is None else ():
            for place, rule in enumerate(map(section, entries(config.spec.get(layer)))):
                if layer == "http" and shown.is_moved(config, rule):
                    continue
                weights = [integer(section(item).get("weight")) for item in entries(rule.get("route"))]
                total = sum(weights)
                if len(weights) > 1 and all(weights) and total != 100 and total in _LIKE_PERCENT:
                    shares = ", ".join(f"{weight * 100 / total:.1f}" for weight in weights)
                    wrong = f"the weights make {total}, so the shares are {shares} percent"
                    yield Problem(config.origin(f"spec.{layer}[{place}].route"), wrong, "Make them 100.")


CHECK = Check("MW306", "odd-sum", "note", "Weights that nearly make 100.", _find)
