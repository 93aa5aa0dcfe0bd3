"""Lines of keys and items in plain block YAML, found by indentation, many times as fast as by parsing.

It speaks only of texts in which each line is by itself: a key, an item, or both, with a value that ends on that line.
"""

import re2  # type: ignore[import-untyped]

from meshwright.manifests import scalars
from meshwright.manifests.node import Node

_VALUE = (
    r"(?:\"[^\"\\\n]*\"|'[^'\n]*'|\[[^\n]*\]|\{[^\n]*\}"  # quoted or in brackets, up to the end of the line
    r"|[^\s!&*|>%@`\"'\[\]{},#?:\-](?:[^\n:]|:[^\s])*)"  # or plain
)
_LINE = rf" *(?:- +)*(?:[A-Za-z][A-Za-z0-9_./\-]*:(?: +{_VALUE})?|- *|- +{_VALUE})?(?: +#[^\n]*)? *\r?"
_PLAIN_BLOCK = re2.compile(rf"(?:---(?: *| +#[^\n]*)\r?\n)?(?:(?:{_LINE}| *#[^\n]*)\n)*(?:{_LINE}| *#[^\n]*)")
_SUSPICIOUS = re2.compile(scalars.SUSPICIOUS)


def outline(text: str, first_line: int) -> Node | None:
    """Return the lines in one document, as ``nodes.read`` would find them; ``None`` for a text it cannot speak of."""
    data = text.encode()
    if _SUSPICIOUS.search(data) or not _PLAIN_BLOCK.fullmatch(data):
        return None
    waiting = root = Node(None, 0)  # what deeper lines belong to
    places: list[float] = [-1]  # the columns of the open mappings; of the open lists, half a column further
    holders = [root]
    lone: Node | None = None  # an item of which only the dash was seen so far
    for number, line in enumerate(text.split("\n"), first_line):
        rest = line.lstrip(" ")
        if not rest or rest[0] in "#\r" or rest.startswith("---"):
            continue
        root.line = root.line or number
        column = len(line) - len(rest)
        while rest[:1] == "-":
            holder = _holder(places, holders, column + 0.5, waiting)
            if holder is lone:  # an item whose value begins on a later line is said to be there
                holder.line, lone = number, None
            waiting = holder.children[len(holder.children)] = Node(None, number)
            inner = rest[1:].lstrip(" ")
            column += len(rest) - len(inner)
            rest = inner
            lone = waiting if not rest or rest[0] in "#\r" else None
        name, colon, value = rest.partition(":")
        if colon and name[0].isalpha() and value[:1] in ("", " ", "\r"):
            holder = _holder(places, holders, column, waiting)
            if holder is lone:
                holder.line, lone = number, None
            waiting = holder.children[name] = Node(None, number)
    return root


def _holder(places: list[float], holders: list[Node], place: float, waiting: Node) -> Node:
    """Return the mapping or list that is open at ``place``; else ``waiting`` becomes it. Deeper ones are closed."""
    while places[-1] > place:
        places.pop()
        holders.pop()
    if places[-1] != place:
        places.append(place)
        holders.append(waiting)
    return holders[-1]
