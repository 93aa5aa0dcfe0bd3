"""MW802: a field that no schema knows, and that a cluster drops."""

from collections.abc import Iterator
from difflib import get_close_matches

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.schemas import misfits


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource, found in misfits(shown):
        for path, known in found.unknown:
            name = path.rpartition(".")[2]
            near = get_close_matches(name, known, 1)
            remedy = f"Did you mean {near[0]}?" if near else f"Its neighbours may be {', '.join(known)}."
            wrong = f'"{name}" is no field here, and a cluster drops it'
            yield Problem(resource.origin(path), wrong, remedy)


CHECK = Check("MW802", "unknown-field", "warning", "A field that a cluster drops.", _find)
