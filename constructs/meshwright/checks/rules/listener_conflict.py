"""MW857: two listeners of one Gateway with one name, or with one port, protocol and host name."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.gateway_api import gateways
from meshwright.checks.inventory import Inventory
from meshwright.frontends.gateway_api.objects import sections, spec
from meshwright.frontends.istio.objects import integer, text


def _find(shown: Inventory) -> Iterator[Problem]:
    for gateway in gateways(shown).values():
        seen: dict[tuple[object, ...], int] = {}
        for position, listener in enumerate(sections(spec(gateway).get("listeners"))):
            name, host = text(listener.get("name")), text(listener.get("hostname"))
            port, protocol = integer(listener.get("port")), text(listener.get("protocol"))
            on = f"port {port}, protocol {protocol} and {host or 'every host'}"
            for key, what in ((("name", name), f'the name "{name}"'), ((port, protocol, host), on)):
                first = seen.setdefault(key, position)
                if first != position:
                    wrong = f"listeners[{first}] has {what}, too"
                    origin = gateway.origin(f"spec.listeners[{position}]")
                    related = (gateway.origin(f"spec.listeners[{first}]"),)
                    yield Problem(origin, wrong, "Give each its own: a cluster refuses both.", related=related)
                    break


CHECK = Check("MW857", "listener-conflict", "error", "Listeners of a Gateway that exclude each other.", _find)
