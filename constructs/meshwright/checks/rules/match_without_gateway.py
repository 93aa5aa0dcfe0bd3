"""MW302: a match for a gateway or a port that its VirtualService has nothing to do with."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.gateways import servers_of
from meshwright.frontends.istio.objects import MESH, entries, integer, section
from meshwright.frontends.istio.virtual_services import HTTPRoute, VirtualService


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.written_virtual_services:
        for rule in service.http:
            if rule.config is not service.config:
                continue
            for position, match in enumerate(map(section, entries(rule.spec.get("match")))):
                yield from _problems(shown, service, rule, f"{rule.field}.match[{position}]", match)


def _problems(
    shown: Inventory, service: VirtualService, rule: HTTPRoute, field: str, match: Mapping[str, Any]
) -> Iterator[Problem]:
    named = rule.gateways(match)
    if named and not set(named) & set(service.gateways):
        wrong = f"this match is for {all_of(named)}, and the VirtualService for {all_of(service.gateways)}"
        remedy = "Add the gateway to spec.gateways, or remove it from the match: it never matches."
        yield Problem(rule.config.origin(f"{field}.gateways"), wrong, remedy)
        return
    port, names = integer(match.get("port")), named or service.gateways
    gateways = [shown.gateways.get(name) for name in names]
    if not port or MESH in names or None in gateways:
        return
    ports = {server.port for gateway in gateways if gateway is not None for server in servers_of(gateway)}
    if ports and port not in ports:
        wrong = f"this match is for port {port}, and the gateways listen on {all_of([str(each) for each in ports])}"
        yield Problem(rule.config.origin(f"{field}.port"), wrong, "Name a port of the Gateway: it never matches.")


CHECK = Check("MW302", "match-without-gateway", "error", "A match for a gateway or a port that is not there.", _find)
