"""MW207: ``ignoreUriCase`` beside a regex, which it does not change."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section, text


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.written_virtual_services:
        for rule in service.http:
            for position, match in enumerate(map(section, entries(rule.spec.get("match")))):
                regex = text(section(match.get("uri")).get("regex"))
                if match.get("ignoreUriCase") is True and regex and not regex.startswith("(?i)"):
                    origin = rule.config.origin(f"{rule.field}.match[{position}].ignoreUriCase")
                    wrong = f'it does nothing for the regex "{regex}"'
                    yield Problem(origin, wrong, f'Write "(?i){regex}".')


CHECK = Check("MW207", "case-of-regex", "warning", "ignoreUriCase beside a regex, where it does nothing.", _find)
