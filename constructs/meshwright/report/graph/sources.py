"""The YAML behind the picture: each object that something in it comes from, once, with the lines of each part.

Only objects that the picture refers to are shown; a Secret in the same file stays where it is.
"""

from collections.abc import Callable
from typing import Any

from meshwright.traffic import MadeBy, Origin, Place

ReadProgram = Callable[[str], str | None]
"""Gives the text of a program by the name that ``MadeBy`` has for it; ``None`` where it cannot be read."""

MOST_LINES = 1500
"""Of one object; of longer ones the part around the first line asked for is shown."""

_AROUND = 6
"""Lines of a program that are shown before and after the one that made something."""


class Sources:
    """Collects objects as ``{"file", "start", "text"}`` and gives places in them."""

    def __init__(self, read_program: ReadProgram | None = None) -> None:
        self._read_program = read_program
        self.documents: list[dict[str, Any]] = []
        self._known: dict[tuple[str, int, int], int] = {}
        self._lines: dict[int, tuple[str, list[str]]] = {}

    def place(self, origin: Origin | None) -> dict[str, Any] | None:
        """Return where something was written: object, field, and document with first and last line."""
        if origin is None:
            return None
        found: dict[str, Any] = {"object": origin.resource, "field": origin.field}
        place = origin.place
        if place is not None and place.content:
            line = place.line_of(origin.field)
            lines = self._of(place)
            first, last = _object(lines, place.line_of(""))
            if line > last or line < first:
                first = last = line
            found |= {
                "doc": self._document(place.file, lines, first, last, line),
                "line": line,
                "last": min(_end(lines, line), last) if origin.field else line,
            }
        if origin.made_by is not None:
            found["python"] = self._program(origin.made_by)
        return found

    def _program(self, made_by: MadeBy) -> dict[str, Any]:
        """Return the construct and the lines of the program that made something."""
        found: dict[str, Any] = {"where": made_by.where, "path": made_by.path}
        text = self._read_program(made_by.file) if self._read_program is not None and made_by.line else None
        lines = (text or "").splitlines()
        if 0 < made_by.line <= len(lines):
            first = max(1, made_by.line - _AROUND)
            last = min(len(lines), made_by.line + _AROUND)
            found |= {"doc": self._document(made_by.file, lines, first, last, made_by.line), "line": made_by.line}
        return found

    def _of(self, place: Place) -> list[str]:
        """Return the lines of a place's text, split once a text."""
        known = self._lines.get(id(place.content))
        if known is None or known[0] is not place.content:
            known = self._lines[id(place.content)] = place.content, place.content.split("\n")
        return known[1]

    def _document(self, file: str, lines: list[str], first: int, last: int, line: int) -> int:
        if last - first >= MOST_LINES:
            first = max(first, line - MOST_LINES // 2)
            last = min(last, first + MOST_LINES)
        key = file, first, last
        if key not in self._known:
            self._known[key] = len(self.documents)
            text = "\n".join(each.rstrip("\r") for each in lines[first - 1 : last])
            self.documents.append({"file": file, "start": first, "text": text})
        return self._known[key]


def _object(lines: list[str], line: int) -> tuple[int, int]:
    """Return the first and last line of the document around a line."""
    first = line
    while first > 1 and not lines[first - 2].startswith("---"):
        first -= 1
    last = line
    while last < len(lines) and not lines[last].startswith("---"):
        last += 1
    while last > line and not lines[last - 1].strip():
        last -= 1
    return first, last


def _end(lines: list[str], line: int) -> int:
    """Return the last line of the block that starts on a line: all that is indented more, or belongs to its item."""
    depth = _depth(lines[line - 1])
    item = lines[line - 1].lstrip().startswith("- ")
    last = line
    for number in range(line, len(lines)):
        text = lines[number]
        if not text.strip() or text.lstrip().startswith("#"):
            continue
        listed = text.lstrip().startswith("- ") and not item
        if _depth(text) < depth or (_depth(text) == depth and not listed):
            break
        last = number + 1
    return last


def _depth(text: str) -> int:
    return len(text) - len(text.lstrip())
