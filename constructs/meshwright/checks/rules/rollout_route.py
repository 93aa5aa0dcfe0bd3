"""MW912: a Rollout that moves requests by a route that is not there, or not between its two versions."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.rollouts import Moved
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import Config, entries, section, text


def _find(shown: Inventory) -> Iterator[Problem]:
    configs = {(each.namespace, each.name): each for each in shown.mesh.configs("VirtualService")}
    for each in shown.moved:
        config = configs.get((each.namespace, each.name))
        if config is None:
            known = shown.shows(each.namespace, ["VirtualService"])
            yield Problem(
                each.rollout.origin(each.field),
                f"VirtualService {each.namespace}/{each.name}, whose weights it moves, is not there",
                "Add it, or name the one that has the route.",
                None if known else "unknown",
            )
            continue
        rules = [section(rule) for rule in entries(config.spec.get("http"))]
        yield from _of_names(each, rules)
        for position, rule in enumerate(rules):
            if each.means(rule) and (each.routes or len(rules) == 1):
                yield from _of_destinations(each, config, position, rule)


def _of_names(each: Moved, rules: list[Mapping[str, Any]]) -> Iterator[Problem]:
    names = [text(rule.get("name")) for rule in rules]
    for name in each.routes:
        if name not in names:
            wrong = f"VirtualService {each.namespace}/{each.name} has no route {name!r} (it has {all_of(names)})"
            yield Problem(each.rollout.origin(each.field), wrong, "Name the route whose weights are to be moved.")
    if not each.routes and len(rules) != 1:
        wrong = f"it names no route, and VirtualService {each.namespace}/{each.name} has {len(rules)}"
        yield Problem(each.rollout.origin(each.field), wrong, "Name the route whose weights are to be moved.")


def _of_destinations(each: Moved, config: Config, position: int, rule: Mapping[str, Any]) -> Iterator[Problem]:
    destinations = [section(section(item).get("destination")) for item in entries(rule.get("route"))]
    found = {(text(to.get("host")).partition(".")[0], text(to.get("subset"))) for to in destinations}
    for said, (service, subset) in (("stable", each.stable), ("canary", each.canary)):
        if not any(host == service or (subset and part == subset) for host, part in found):
            wanted = " or ".join(
                filter(None, [f"Service {service!r}" * bool(service), f"subset {subset!r}" * bool(subset)])
            )
            yield Problem(
                config.origin(f"spec.http[{position}].route"),
                f"it has no destination for the {said} version of {each.rollout} ({wanted or 'none is named'}), "
                "which then refuses to go on",
                "Route to both versions, with the weights 100 and 0.",
                related=(each.rollout.origin(each.field),),
            )


CHECK = Check("MW912", "rollout-route", "error", "A Rollout that cannot move requests by the route it names.", _find)
