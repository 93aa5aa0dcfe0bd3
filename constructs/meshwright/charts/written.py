"""Values that know on which line of the user's own program they were written."""

from __future__ import annotations

import sys

from meshwright.tree.construct import _inside, line_text

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import CodeType

    from meshwright.tree import ApiObject


class Written:
    """The base of values that problems are told of by their own line: a route stands some lines below its host."""

    __slots__ = ("_at", "_code")

    _at: int
    _code: CodeType

    def __init__(self) -> None:
        frame = sys._getframe(1)
        while _inside[frame.f_code.co_filename] and frame.f_back is not None:
            frame = frame.f_back
        self._code = frame.f_code
        self._at = frame.f_lasti

    @property
    def written_at(self) -> str:
        """The line: ``main.py:41``."""
        return line_text(self._code, self._at)


def note_lines(made: ApiObject, field: str, values: Sequence[Written]) -> None:
    """Let the items of a list in an object lead back to the lines of the values they were made from.

    Args:
        made: The object.
        field: The list: ``spec.http``.
        values: One for each item, in the order of the list.
    """
    for position, value in enumerate(values):
        made.note_line(f"{field}[{position}]", value._code, value._at)
