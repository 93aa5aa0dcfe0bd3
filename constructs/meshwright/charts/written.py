"""Values that know on which line of the user's own program they were written."""

from __future__ import annotations

import sys

from meshwright.tree.construct import _inside, _line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType


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
        return _line(self._code, self._at)
