"""MW206: a match on a header named ``method``, ``uri``, ``scheme`` or ``authority``, which no request has."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section

_PARTS = ("method", "uri", "scheme", "authority")


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.written_virtual_services:
        for rule in service.http:
            for position, match in enumerate(map(section, entries(rule.spec.get("match")))):
                for name in section(match.get("headers")):
                    if str(name).lower().lstrip(":") in _PARTS:
                        part = str(name).lower().lstrip(":")
                        wrong = f'"{name}" is no header, so no request matches'
                        remedy = f"Write {part}: beside headers, not in it."
                        origin = rule.config.origin(f"{rule.field}.match[{position}].headers.{name}")
                        yield Problem(origin, wrong, remedy)


CHECK = Check("MW206", "not-a-header", "warning", "A match on a header that is a part of the request line.", _find)
