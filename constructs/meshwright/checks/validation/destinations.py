"""Where rules of a VirtualService lead: destinations and their shares."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.headers import header_faults
from meshwright.checks.validation.names import host_flaw, label_flaw
from meshwright.checks.validation.values import port_flaw
from meshwright.frontends.istio.objects import entries, integer, section, text

_WRAPPED = 1 << 32


def route_faults(path: str, rule: Mapping[str, Any], *, complete: bool) -> Faults:
    """Judge the destinations of a rule; those of a ``complete`` object, made of the Gateway API, are right by make."""
    routes = entries(rule.get("route"))
    total = 0
    for place, route in enumerate(map(section, routes)):
        where = f"{path}.route[{place}]"
        destination = route.get("destination")
        if not isinstance(destination, dict):
            yield Fault(f"{where}.destination", "the destination is missing", "Name its host.")
        elif not complete:
            yield from destination_faults(f"{where}.destination", destination)
        if "headers" in route:
            yield from header_faults(f"{where}.headers", route["headers"])
        weight = integer(route.get("weight"))
        if weight < 0:
            yield Fault(f"{where}.weight", f"the weight is {weight}", "Give 0 or more.")
        total += weight
    if len(routes) > 1 and total % _WRAPPED == 0:
        remedy = "Give at least one destination a weight."
        yield Fault(f"{path}.route", "the weights of all destinations together are 0", remedy)


def destination_faults(path: str, destination: Mapping[str, Any]) -> Faults:
    """Judge a destination."""
    host = text(destination.get("host"))
    if host == "*":
        yield Fault(f"{path}.host", '"*" is no host that requests can be sent to', "Name one host.")
    else:
        yield from at(f"{path}.host", host_flaw(host))
    subset = text(destination.get("subset"))
    if subset:
        yield from at(f"{path}.subset", label_flaw(subset, "name of a subset"))
    port = destination.get("port")
    if isinstance(port, dict):
        yield from at(f"{path}.port.number", port_flaw(integer(port.get("number"))))
