"""MW803: an object that istiod's admission webhook refuses."""

from collections.abc import Iterator

from meshwright.checks.admission import objections
from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource, fault in objections(shown):
        if not fault.warning:
            yield Problem(resource.origin(fault.path), fault.wrong, fault.remedy)


CHECK = Check("MW803", "refused-by-istiod", "error", "An object that istiod refuses.", _find)
