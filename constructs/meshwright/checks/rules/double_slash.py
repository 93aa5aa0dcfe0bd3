"""MW208: a prefix without a slash at its end is rewritten to one with it, so that paths get two."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import entries, section, text


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.written_virtual_services:
        seen: set[str] = set()
        for rule in service.http:
            paths = [section(section(match).get("uri")) for match in entries(rule.spec.get("match"))]
            prefixes = [text(path.get("prefix")) for path in paths]
            seen.update(prefixes)
            uri = text(section(rule.spec.get("rewrite")).get("uri"))
            for position, prefix in enumerate(prefixes if uri.endswith("/") else ()):
                if prefix and not prefix.endswith("/") and f"{prefix}/" not in seen:
                    wrong = f'"{prefix}" becomes "{uri}", so {prefix}/item reaches the app as {uri}/item'
                    remedy = f'Match "{prefix}/" before it, or rewrite to "{uri.rstrip("/") or "/"}" without the slash.'
                    if uri == "/":
                        remedy = f'Match "{prefix}/" in a rule before it, which rewrites to "/".'
                    yield Problem(rule.config.origin(f"{rule.field}.match[{position}]"), wrong, remedy)


CHECK = Check("MW208", "double-slash", "note", "A rewrite that gives paths two slashes.", _find)
