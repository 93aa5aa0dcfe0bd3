"""MW305: one rule that names the same host, subset and port twice."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import Config, entries, port_number, section, text


def _find(shown: Inventory) -> Iterator[Problem]:
    for config in shown.mesh.configs("VirtualService"):
        for layer in ("http", "tls", "tcp") if config.resource.origins is None else ():
            for place, rule in enumerate(map(section, entries(config.spec.get(layer)))):
                routes = entries(rule.get("route"))
                if len(routes) > 1:
                    yield from _repeated(config, f"spec.{layer}[{place}]", list(map(section, routes)))


def _repeated(config: Config, field: str, routes: list[Mapping[str, Any]]) -> Iterator[Problem]:
    seen: dict[tuple[object, ...], int] = {}
    for position, route in enumerate(routes):
        target = section(route.get("destination"))
        host, subset = text(target.get("host")), text(target.get("subset"))
        key = host, subset, port_number(target.get("port")), str(route.get("headers"))
        first = seen.setdefault(key, position)
        if host and first != position:
            what = f"{host}, subset {subset}," if subset else host
            wrong = f"{what} is route[{first}], too: the weights of both add up"
            origin = config.origin(f"{field}.route[{position}].destination")
            yield Problem(origin, wrong, "Write it once, or name the subset that was meant.")


CHECK = Check("MW305", "repeated-destination", "note", "A route that lists one destination twice.", _find)
