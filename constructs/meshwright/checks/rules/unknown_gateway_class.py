"""MW858: a Gateway whose class neither Istio brings nor any GatewayClass declares."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.gateway_api import gateways
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import one_of
from meshwright.frontends.gateway_api.objects import spec
from meshwright.frontends.istio.objects import text

_BUILT_IN = ("istio", "istio-remote", "istio-waypoint", "istio-east-west")


def _find(shown: Inventory) -> Iterator[Problem]:
    known = {*_BUILT_IN, *(each.name for each in shown.of_kind("GatewayClass"))}
    for gateway in gateways(shown).values():
        name = text(spec(gateway).get("gatewayClassName"))
        if name and name not in known:
            wrong = f'there is no GatewayClass "{name}"' + ("" if shown.complete else " in these manifests")
            remedy = f"Write {one_of(known)}, or define it." if shown.complete else "Nothing here shows it."
            origin = gateway.origin("spec.gatewayClassName")
            yield Problem(origin, wrong, remedy, None if shown.complete else "unknown")


CHECK = Check("MW858", "unknown-gateway-class", "error", "A Gateway of a class that does not exist.", _find)
