"""Reads a page of docs/ as what its reader does: write files, type commands, see what they print.

- A block with a title (``python title="apps/shop.py"``) is a file that the reader writes.
- A ``console`` block is typed line by line behind ``$``; what stands below a command is what it prints, whole. A line
  ``…`` stands for any lines, ``…`` in a line for any text.
- ``<!-- not run: REASON -->`` before a block: the tests do not type it.
"""

import re
from dataclasses import dataclass
from pathlib import Path

BLOCK = re.compile(
    r"^(?:<!-- not run: (?P<reason>[^\n]+) -->\n\n?)?"
    r"^(?P<indent> *)```(?P<language>\w+)(?: title=\"(?P<title>[^\"]+)\")?[^\n]*\n(?P<text>.*?)^(?P=indent)```$",
    re.M | re.S,
)


@dataclass(frozen=True)
class Written:
    """A file that the reader writes."""

    path: str
    text: str


@dataclass(frozen=True)
class Typed:
    """A command that the reader types, and what it prints."""

    command: str
    printed: str
    line: int


def steps(page: Path) -> list[Written | Typed]:
    """Return what the reader of a page does, in order."""
    content = page.read_text(encoding="utf-8")
    found: list[Written | Typed] = []
    for block in BLOCK.finditer(content):
        if block["reason"]:
            continue
        text = re.sub(f"^{block['indent']}", "", block["text"], flags=re.M)
        line = content.count("\n", 0, block.start("text")) + 1
        if block["title"]:
            found.append(Written(block["title"], text))
        elif block["language"] == "console":
            found += _typed(text, line)
    return found


def _typed(text: str, first: int) -> list[Typed]:
    found: list[Typed] = []
    lines = text.splitlines()
    place = 0
    while place < len(lines):
        assert lines[place].startswith("$ "), f"line {first + place}: a console block begins with $"
        start = place
        command = [lines[place][2:]]
        while command[-1].endswith("\\"):
            place += 1
            command.append(lines[place])
        place += 1
        printed = []
        while place < len(lines) and not lines[place].startswith("$ "):
            printed.append(lines[place])
            place += 1
        found.append(Typed("\n".join(command), "\n".join(printed).strip("\n"), first + start))
    return found


def fits(shown: str, printed: str) -> bool:
    """Tell whether what was printed is what the page shows; line numbers of manifests may have moved since."""
    shown, printed = _without_lines(shown), _without_lines(printed)
    lines = [re.escape(line.rstrip()).replace("…", ".*") for line in shown.splitlines()]
    pattern = "".join("(?:.*\n)*" if line == ".*" else f"{line}\n" for line in lines)
    text = "".join(f"{line.rstrip()}\n" for line in printed.strip("\n").splitlines())
    return re.fullmatch(pattern, text) is not None


def _without_lines(text: str) -> str:
    numbered = re.sub(r"(\.ya?ml):\d+", r"\1:N", text)
    return re.sub(r"^ +(\d+)? \|", "  N |", numbered, flags=re.M)
