"""The difference between the traffic of two meshes: which requests are decided otherwise, and how.

The values stand in ``change``; nothing here reads manifests or writes reports.
"""

from meshwright.analysis.traffic_diff.ages import settled
from meshwright.analysis.traffic_diff.change import (
    KINDS,
    Answer,
    Aspect,
    Change,
    ChangeKind,
    Destination,
    DiffReport,
    Entrance,
    ObjectChange,
    Region,
    TrafficDiff,
    Way,
    Witness,
)
from meshwright.analysis.traffic_diff.compare import ComparedMesh, traffic_diff

__all__ = [
    "KINDS",
    "Answer",
    "Aspect",
    "Change",
    "ChangeKind",
    "ComparedMesh",
    "Destination",
    "DiffReport",
    "Entrance",
    "ObjectChange",
    "Region",
    "TrafficDiff",
    "Way",
    "Witness",
    "settled",
    "traffic_diff",
]
