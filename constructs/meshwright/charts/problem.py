"""Problems that constructs find: kept until synth, so that all of them are told at once."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.tree import Construct


def problem(construct: Construct, wrong: str, remedy: str) -> None:
    """Have synth refuse the app, naming ``construct`` and the user's own line.

    Args:
        construct: Where it was found.
        wrong: What is wrong, quoting the user's own value.
        remedy: What to do about it.
    """
    construct.node.report(wrong, remedy)
