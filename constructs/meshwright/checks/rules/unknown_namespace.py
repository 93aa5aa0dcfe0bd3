"""MW502: an AuthorizationPolicy about a namespace that does not exist."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.objects import entries, section, texts


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource in shown.of_kind("AuthorizationPolicy") if shown.complete else ():
        rules = entries(section(resource.body.get("spec")).get("rules"))
        for place, rule in enumerate(map(section, rules)):
            for position, source in enumerate(map(section, entries(rule.get("from")))):
                for field in ("namespaces", "notNamespaces"):
                    for number, name in enumerate(texts(section(source.get("source")).get(field))):
                        if any(_fits(name, known) for known in shown.namespaces):
                            continue
                        path = f"spec.rules[{place}].from[{position}].source.{field}[{number}]"
                        wrong = f'there is no namespace "{name}" (there are {all_of(shown.namespaces)})'
                        yield Problem(resource.origin(path), wrong, "Correct the name, or remove it.")


def _fits(pattern: str, name: str) -> bool:
    """Tell whether a name, a prefix with ``*`` or a suffix behind one fits a namespace."""
    if pattern.startswith("*"):
        return name.endswith(pattern[1:])
    return name.startswith(pattern[:-1]) if pattern.endswith("*") else name == pattern


CHECK = Check("MW502", "unknown-namespace", "warning", "A policy about a namespace that does not exist.", _find)
