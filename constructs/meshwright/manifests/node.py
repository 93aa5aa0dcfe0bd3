"""A value in a document, and the lines of what is inside of it."""

import re
from typing import Any

_INDEX = re.compile(r"\[(\d+)\]")


class Node:
    """A value and where it was written: ``children`` by key or position, ``size`` counts what aliases repeat."""

    __slots__ = ("children", "line", "merged", "size", "value")

    def __init__(self, value: Any, line: int) -> None:
        self.value = value
        self.line = line
        self.size = 1
        self.merged = False
        self.children: dict[str | int, Node] = {}

    def line_of(self, field: str) -> int:
        """Return the line of ``field`` (``spec.http[1].match[0]``), or of its nearest written parent."""
        node, rest = self, field
        while rest:
            rest = rest.removeprefix(".")
            step = _step(node, rest)
            if step is None:
                break
            key, rest = step
            node = node.children[key]
        return node.line


def _step(node: Node, rest: str) -> tuple[str | int, str] | None:
    index = _INDEX.match(rest)
    if index and int(index[1]) in node.children:
        return int(index[1]), rest[index.end() :]
    fitting = [
        key
        for key in node.children
        if isinstance(key, str) and rest.startswith(key) and rest[len(key) : len(key) + 1] in ("", ".", "[")
    ]
    if not fitting:
        return None
    key = max(fitting, key=len)
    return key, rest[len(key) :]
