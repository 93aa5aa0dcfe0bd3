"""What istiod's admission webhook has against an object that its schema takes: one kind a file, shared values beside.

Rules here see one object alone, and know nothing of the mesh; what several objects do to each other is in rules/.
"""

from meshwright.checks.validation.fault import Fault
from meshwright.checks.validation.kinds import faults
from meshwright.checks.validation.object import Judged

__all__ = ["Fault", "Judged", "faults"]
