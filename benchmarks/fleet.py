"""Write the fleet of the bench: N apps of five objects, a file an app.

python benchmarks/fleet.py N OUT [--collect | --check]

Nothing of it is garbage before its end, so the cyclic collector has nothing to do; ``--collect`` leaves it on.
``--check`` runs the checks on what is about to be written, as every synth does that does not say ``check="off"``.
"""

import gc
import os
import sys

collecting = sys.argv[3:] == ["--collect"]
if not collecting:
    gc.disable()

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/constructs")  # noqa: PTH100, PTH120

from fleet_apps import FleetApp  # noqa: E402

from meshwright.tree import App  # noqa: E402

app = App(outdir=sys.argv[2], check="error" if sys.argv[3:] == ["--check"] else "off", guard="off")
for number in range(int(sys.argv[1])):
    FleetApp(app, f"app-{number}")
app.synth()
if not collecting:
    gc.freeze()  # nor on the way out
