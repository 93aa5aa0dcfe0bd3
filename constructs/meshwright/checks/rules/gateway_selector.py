"""MW107: a Gateway whose selector fits no pod, but nearly fits some."""

from collections.abc import Iterator
from difflib import get_close_matches

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import labels_text, one_of
from meshwright.frontends.istio.objects import section

_ALMOST_THE_SAME = 0.92
"""So near to each other are a word and its misspelling, but not ``ingressgateway`` and ``egressgateway``."""


def _find(shown: Inventory) -> Iterator[Problem]:
    values: dict[str, set[str]] = {}
    for workloads in shown.mesh.workloads.by_namespace.values():
        for workload in workloads:
            for key, value in workload.labels.items():
                values.setdefault(key, set()).add(str(value))
    for gateway in shown.gateways.values():
        selector = section(gateway.spec.get("selector"))
        if gateway.resource.origins is not None or not selector or shown.gateway_namespaces(gateway):
            continue
        offers = [
            f"{key}={near}"
            for key, value in selector.items()
            for near in get_close_matches(str(value), values.get(key, ()), 1, _ALMOST_THE_SAME)
        ]
        origin, told = gateway.origin("spec.selector"), labels_text(selector.items())
        if shown.complete or offers:
            remedy = (
                f"Gateway pods have {one_of(offers)}." if offers else "Correct it to the labels of the gateway's pods."
            )
            yield Problem(origin, f"no pod has the labels {told}, so nothing serves this Gateway", remedy)
        else:
            wrong = f"no pod has the labels {told} in these manifests"
            yield Problem(origin, wrong, "Nothing here shows the gateway's pods.", "unknown")


CHECK = Check("MW107", "gateway-selector", "warning", "A Gateway whose selector fits no pod.", _find)
