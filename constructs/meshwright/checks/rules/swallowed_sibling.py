"""MW204: a path prefix that is no whole segment takes requests that a later rule is meant for."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section, text
from meshwright.frontends.istio.virtual_services import VirtualService


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.written_virtual_services:
        if len(service.http) > 1:
            yield from _of_service(service)


def _of_service(service: VirtualService) -> Iterator[Problem]:
    """Tell the matches of which an earlier prefix takes all, in rules that other matches keep alive."""
    prefixes: dict[str, int] = {}
    for place, rule in enumerate(service.http):
        matches = list(map(section, entries(rule.spec.get("match"))))
        takers = [_taker(_path(match), prefixes) for match in matches]
        if rule.config is service.config and not all(takers):
            for position, prefix in enumerate(takers):
                if prefix and rule.spec.get("match"):
                    taker = service.http[prefixes[prefix]]
                    path = _path(matches[position])
                    wrong = f'"{path}" begins with "{prefix}", so {taker.field} before it takes these requests'
                    remedy = f'Write "{prefix}/" there, or move this rule above it.'
                    origin = rule.config.origin(f"{rule.field}.match[{position}]")
                    yield Problem(origin, wrong, remedy, related=(taker.origin,))
        for match in matches:
            if match.keys() == {"uri"} and text(section(match["uri"]).get("prefix")):
                prefixes.setdefault(section(match["uri"])["prefix"], place)


def _path(match: Mapping[str, Any]) -> str:
    uri = section(match.get("uri"))
    return text(uri.get("exact")) or text(uri.get("prefix")) if not match.get("ignoreUriCase") else ""


def _taker(path: str, prefixes: Mapping[str, int]) -> str:
    """Return the first prefix that a path begins with in the middle of a segment, empty for none."""
    if not prefixes:
        return ""
    begins = [path[:end] for end in range(2, len(path)) if path[end] != "/" and path[end - 1] != "/"]
    found = [prefix for prefix in begins if prefix in prefixes]
    return min(found, key=lambda prefix: prefixes[prefix], default="")


CHECK = Check("MW204", "swallowed-sibling", "warning", "A prefix that takes the requests for its sibling, too.", _find)
