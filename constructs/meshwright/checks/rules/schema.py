"""MW801: an object that its schema refuses, and so the cluster does."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.schemas import refusals


def _find(shown: Inventory) -> Iterator[Problem]:
    for refusal in refusals(shown):
        yield Problem(refusal.resource.origin(refusal.path), refusal.wrong, refusal.remedy)


CHECK = Check("MW801", "schema", "error", "An object that its schema refuses.", _find)
