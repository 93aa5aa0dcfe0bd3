"""MW830: a field that works no more, or that Istio has replaced by another."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory

_POLICY = (
    ("loadBalancer.consistentHash.minimumRingSize", "", "write ringHash.minimumRingSize"),
    ("loadBalancer.simple", "LEAST_CONN", "write LEAST_REQUEST"),
    ("outlierDetection.consecutiveErrors", "", "write consecutive5xxErrors or consecutiveGatewayErrors"),
)
_POLICIES = ("trafficPolicy", "trafficPolicy.portLevelSettings[]", "subsets[].trafficPolicy")
_REPLACED = {
    "DestinationRule": tuple((f"{level}.{field}", value, how) for level in _POLICIES for field, value, how in _POLICY),
    "Sidecar": (("outboundTrafficPolicy.egressProxy", "", "route through an egress gateway by a VirtualService"),),
    "VirtualService": (
        ("http[].fault.delay.percent", "", "write percentage.value"),
        ("http[].mirrorPercent", "", "write mirrorPercentage.value"),
        ("http[].corsPolicy.allowOrigin", "", "write allowOrigins"),
    ),
}
"""Path below ``spec``, the value meant (empty: any), and what to do. Source: istio.io/api, fields marked deprecated."""

_PATHS = {kind: [(path.split("."), value, how) for path, value, how in known] for kind, known in _REPLACED.items()}


def _find(shown: Inventory) -> Iterator[Problem]:
    for kind, known in _PATHS.items():
        for config in shown.mesh.configs(kind):
            if config.resource.origins is not None:
                continue
            for path, value, how in known:
                for field in _written(config.spec, path, "spec", value):
                    name = value or path[-1]
                    wrong = f'"{name}" is deprecated'
                    yield Problem(config.origin(field), wrong, f"{how[0].upper()}{how[1:]}.")


def _written(value: object, path: list[str], field: str, wanted: str) -> Iterator[str]:
    """Yield the fields at a path, ``[]`` standing for each item of a list, that are set."""
    if not path:
        if value == wanted if wanted else value not in (None, 0, "", [], {}):
            yield field
        return
    head, rest = path[0], path[1:]
    name = head.removesuffix("[]")
    inner = value.get(name) if isinstance(value, dict) else None
    if inner is None:
        return
    if not head.endswith("[]"):
        yield from _written(inner, rest, f"{field}.{name}", wanted)
    elif isinstance(inner, list):
        for position, item in enumerate(inner):
            yield from _written(item, rest, f"{field}.{name}[{position}]", wanted)


CHECK = Check("MW830", "deprecated-field", "note", "A field that Istio has replaced.", _find)
