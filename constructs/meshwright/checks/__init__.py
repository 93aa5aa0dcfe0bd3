"""What can never work, found in manifests before they are merged: one check a file in rules/, run by ``check_mesh``.

A check reads the mesh as a whole (objects, services, workloads, route tables) and tells problems; it prints nothing.
Which reports exist is report/'s business, which arguments the command takes is cli/'s.
"""

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.run import check_mesh

__all__ = ["Check", "Inventory", "Problem", "check_mesh"]
