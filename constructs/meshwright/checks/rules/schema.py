"""MW801: an object that its schema refuses, and so the cluster does."""

import re
from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.schemas import Pruned, has_null_spec, misfits
from meshwright.manifests.resource import Resource
from meshwright.tree.typed_values import Wrong

_PATH = re.compile(r"[\w\-]+(?:\[\d+\]|\['[^']*'\]|\.[\w\-]+)*(?= )")


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource in shown.mesh.resources:
        if has_null_spec(resource):
            yield Problem(resource.origin("spec"), "spec has no value, and a cluster refuses null", "Write the spec.")
    for resource, found in misfits(shown):
        for path in found.nulls:
            wrong = "it has no value, and a cluster refuses null here"
            yield Problem(resource.origin(path), wrong, "Give it a value, or remove it.")
        if not _fits(found):
            yield from _problems(resource, found)


def _fits(found: Pruned) -> bool:
    try:
        found.types.message(found.name)(found.spec)
    except Wrong:
        return False
    return True


def _problems(resource: Resource, found: Pruned) -> Iterator[Problem]:
    from meshwright.tree.typed_problems import problems

    for wrong, remedy in problems(found.types, found.name, found.spec):
        named = _PATH.match(wrong)
        path = f"spec.{named[0]}" if named is not None and not wrong.startswith("the object ") else "spec"
        written = re.sub(r"\['([^']*)'\]", r".\1", path)
        told = wrong.removeprefix(named[0]).strip() if written != "spec" and named is not None else wrong
        yield Problem(resource.origin(written), told, remedy if remedy.endswith((".", "?")) else f"{remedy}.")


CHECK = Check("MW801", "schema", "error", "An object that its schema refuses.", _find)
