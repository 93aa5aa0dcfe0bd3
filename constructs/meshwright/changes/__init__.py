"""What a change of manifests does beside traffic: whether its order of rollout loses requests, what it takes away.

What belongs here: questions to two meshes, answered as frozen values with origins. What does not: which requests are
decided otherwise (analysis), where the two meshes come from, and how answers are told (cli, report).
"""

from meshwright.changes.gap import Commit, Gap, Step
from meshwright.changes.pruning import Gone, Pruning, pruning
from meshwright.changes.rollout import Rollout, rollout

__all__ = ["Commit", "Gap", "Gone", "Pruning", "Rollout", "Step", "pruning", "rollout"]
