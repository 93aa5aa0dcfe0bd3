"""MW205: a rule of a delegate whose conditions do not fit the rule that delegates, so that it is dropped."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.delegates import merge_http_routes
from meshwright.frontends.istio.objects import Config, entries, section, text, texts
from meshwright.frontends.istio.virtual_services import with_complete_names
from meshwright.traffic import Origin


def _find(shown: Inventory) -> Iterator[Problem]:
    delegates = {
        (config.namespace, config.name): config
        for config in shown.mesh.configs("VirtualService")
        if not texts(config.spec.get("hosts"))
    }
    kept: dict[tuple[str, str], set[int]] = {}
    roots: dict[tuple[str, str], list[Origin]] = {}
    for service in shown.written_virtual_services if delegates else ():
        for position, rule in enumerate(map(section, entries(service.config.spec.get("http")))):
            target = section(rule.get("delegate"))
            key = (text(target.get("namespace")) or service.config.namespace, text(target.get("name")))
            if key in delegates:
                delegate = delegates[key]
                written = [with_complete_names(section(each), delegate) for each in entries(delegate.spec.get("http"))]
                merged = merge_http_routes(with_complete_names(rule, service.config), written)
                kept.setdefault(key, set()).update(child for child, _ in merged)
                roots.setdefault(key, []).append(service.config.origin(f"spec.http[{position}]"))
    for key, found in roots.items():
        yield from _dropped(delegates[key], kept[key], found)


def _dropped(delegate: Config, kept: set[int], roots: list[Origin]) -> Iterator[Problem]:
    for position in range(len(entries(delegate.spec.get("http")))):
        if position not in kept:
            names = ", ".join(dict.fromkeys(f"{root.field} of {root.resource}" for root in roots))
            wrong = f"this rule is dropped: its conditions do not lie inside of those of {names}"
            remedy = "Narrow it to what is delegated. Beside a regex no other condition on the same thing is allowed."
            yield Problem(delegate.origin(f"spec.http[{position}]"), wrong, remedy, related=tuple(roots))


CHECK = Check(
    "MW205", "delegate-conflict", "error", "A rule of a delegate that lies outside of what is delegated.", _find
)
