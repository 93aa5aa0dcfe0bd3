"""MW304: a weight below 100 at the only destination of a route: it takes all requests all the same."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, integer, section

_ALL = 100


def _find(shown: Inventory) -> Iterator[Problem]:
    for config in shown.mesh.configs("VirtualService"):
        for layer in ("http", "tls", "tcp") if config.resource.origins is None else ():
            for place, rule in enumerate(map(section, entries(config.spec.get(layer)))):
                if layer == "http" and shown.is_moved(config, rule):
                    continue
                routes = entries(rule.get("route"))
                written = section(routes[0]).get("weight") if len(routes) == 1 else None
                weight = integer(written)
                if written is None or weight >= _ALL:
                    continue
                origin = config.origin(f"spec.{layer}[{place}].route[0].weight")
                wrong = f"the only destination takes all requests, not {weight} percent of them"
                remedy = "Remove the weight, or add the destination of the others."
                yield Problem(origin, wrong, remedy, "warning" if weight == 0 else None)


CHECK = Check("MW304", "lone-weight", "note", "A weight of the only destination, which takes everything.", _find)
