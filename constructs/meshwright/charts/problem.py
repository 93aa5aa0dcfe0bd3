"""Problems that constructs find: kept until synth, so that all of them are told at once."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.written import Written
    from meshwright.tree import Construct


def problem(construct: Construct, wrong: str, remedy: str, at: str = "") -> None:
    """Have synth refuse the app, naming ``construct`` and the user's own line.

    Args:
        construct: Where it was found.
        wrong: What is wrong, quoting the user's own value.
        remedy: What to do about it.
        at: The line to name; when left out, that of the user's program that is being carried out.
    """
    construct.node.report(wrong, remedy, at)


class Part:
    """A part of a construct that problems are told of: a route among its routes.

    Args:
        construct: The construct it belongs to.
        said: What it is called in messages: ``route 'canary'``.
        written: The part itself, which knows its line; the construct's line is named when left out.
    """

    __slots__ = ("construct", "said", "written")

    def __init__(self, construct: Construct, said: str, written: Written | None = None) -> None:
        self.construct = construct
        self.said = said
        self.written = written

    def problem(self, wrong: str, remedy: str) -> None:
        """Have synth refuse the app; the message starts with what this part is called."""
        problem(self.construct, f"{self.said}: {wrong}", remedy, self.written.written_at if self.written else "")
