"""MW804: an object that istiod's admission webhook takes with a warning."""

from collections.abc import Iterator

from meshwright.checks.admission import objections
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource, fault in objections(shown):
        if fault.warning and not fault.told_by:
            yield Problem(resource.origin(fault.path), fault.wrong, fault.remedy)


CHECK = Check("MW804", "doubted-by-istiod", "warning", "An object that istiod takes with a warning.", _find)
