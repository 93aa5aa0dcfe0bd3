"""Write the fleet of the bench: N apps of five objects, a file an app.

python benchmarks/fleet.py N OUT
"""

import os
import sys

sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + "/constructs")  # noqa: PTH100, PTH120

from fleet_apps import FleetApp

from meshwright.tree import App

app = App(outdir=sys.argv[2])
for number in range(int(sys.argv[1])):
    FleetApp(app, f"app-{number}")
app.synth()
