"""The exact reader: YAML as Kubernetes reads it, with the line of each key and item, and what is wrong with it.

It is slower than the fast reader of documents.py, and is asked for documents that the fast one may misread or refuses,
and for lines. Bounded: nesting and the size that aliases expand to have limits.
"""

import json
import re
from collections.abc import Iterator
from typing import Any

import yaml

from meshwright.manifests import scalars
from meshwright.manifests.node import Node

MAX_DEPTH = 200
MAX_EXPANSION = 100_000


class YamlProblem(Exception):
    """Something that keeps a document from being read; ``line`` is 1-based."""

    def __init__(self, line: int, wrong: str, remedy: str) -> None:
        super().__init__(line, wrong, remedy)
        self.line = line
        self.wrong = wrong
        self.remedy = remedy


_MERGE = "<<"
_NOT_SCALAR: Any = object()


class Document:
    """One document: its root (``None`` when empty) and the duplicate keys in it."""

    __slots__ = ("duplicates", "root")

    def __init__(self, root: Node | None, duplicates: list[YamlProblem]) -> None:
        self.root = root
        self.duplicates = duplicates


def read(text: str, first_line: int) -> list[Document]:
    """Read the documents in ``text``, whose first line has the number ``first_line``.

    Raises:
        YamlProblem: The first thing that is no YAML, or that Kubernetes refuses.
    """
    events = _events(text, first_line)
    starts = (event for event in events if isinstance(event, yaml.DocumentStartEvent))
    return [_Builder(events, first_line).document() for _ in starts]


def _events(text: str, first_line: int) -> Iterator[yaml.Event]:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        while loader.check_event():
            yield loader.get_event()
    except yaml.MarkedYAMLError as error:
        raise _syntax_problem(error, text, first_line) from None
    except yaml.YAMLError as error:
        position = getattr(error, "position", 0) or 0
        line = first_line + text.encode()[:position].count(b"\n")
        raise YamlProblem(line, f"no YAML: {getattr(error, 'reason', error)}", "Remove that character") from None
    finally:
        loader.dispose()


def _syntax_problem(error: yaml.MarkedYAMLError, text: str, first_line: int) -> YamlProblem:
    mark = error.problem_mark or error.context_mark
    row = mark.line if mark else 0
    lines = text.split("\n")
    row = min(row, len(lines) - 1)
    while row > 0 and not lines[row].strip():
        row -= 1
    written = lines[row]
    if re.match(r"[ ]*\t", written):
        return YamlProblem(
            first_line + row, "a tab in the indentation", "Indent with spaces: YAML allows no tabs there"
        )
    star = re.search(r"\*[^\s,\]}]*", written)
    if star and "alias" in (error.context or ""):
        wrong = f"{star[0]} begins with *, which YAML takes for an alias"
        return YamlProblem(first_line + row, wrong, f'Put it in quotes: "{star[0]}"')
    reason = " ".join(part for part in (error.context, error.problem) if part)
    quoted = written.strip()[:80]
    return YamlProblem(first_line + row, f"no YAML at {quoted!r}: {reason}", "Correct the line, or the one above it")


class _Open:
    """A mapping or list whose end has not come yet."""

    __slots__ = ("anchor", "key", "key_line", "node")

    def __init__(self, node: Node, anchor: str | None) -> None:
        self.node = node
        self.anchor = anchor
        self.key: str | None = None
        self.key_line = 0

    @property
    def wants_key(self) -> bool:
        return self.key is None and isinstance(self.node.value, dict)


class _Builder:
    """Builds one document from its events without recursion, so that the limit of the depth is ours."""

    def __init__(self, events: Iterator[yaml.Event], first_line: int) -> None:
        self.events = events
        self.first_line = first_line
        self.anchors: dict[str, Node | None] = {}
        self.duplicates: list[YamlProblem] = []
        self.stack: list[_Open] = []
        self.written = 0

    def document(self) -> Document:
        """Consume the events up to the end of the document."""
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentEndEvent):
                break
            self.written += 1
            line = self.first_line + (event.start_mark.line if event.start_mark else 0)
            if self.stack and self.stack[-1].wants_key and not isinstance(event, yaml.CollectionEndEvent):
                self._key(event, line)
                continue
            node = self._node(event, line)
            if node is not None and self.stack:
                self._add(self.stack[-1], node)
            elif node is not None:
                root = node
        return Document(root if root is not None and root.value is not None else None, self.duplicates)

    def _key(self, event: yaml.Event, line: int) -> None:
        parent = self.stack[-1]
        if isinstance(event, yaml.ScalarEvent) and event.implicit[0] and event.value == "<<":
            parent.key, parent.key_line = _MERGE, line
            return
        value = self._scalar(event, line, as_key=True).value if isinstance(event, yaml.ScalarEvent) else _NOT_SCALAR
        if isinstance(event, yaml.AliasEvent):
            value = self._alias(event.anchor, line).value
        if not isinstance(value, scalars.Scalar):
            raise YamlProblem(line, "a key that is itself a mapping or a list", "Quote it if it is meant as text")
        try:
            parent.key, parent.key_line = scalars.key_text(value), line
        except ValueError as error:
            raise YamlProblem(line, f"a key that {error}", "Quote the key") from None

    def _node(self, event: yaml.Event, line: int) -> Node | None:
        """Return the node that ``event`` completes."""
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, line)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event.anchor, line)
        if isinstance(event, yaml.CollectionStartEvent):
            if len(self.stack) >= MAX_DEPTH:
                raise YamlProblem(
                    line, f"nested deeper than {MAX_DEPTH} levels", "Remove the nesting: no object needs it"
                )
            self.stack.append(_Open(Node([] if isinstance(event, yaml.SequenceStartEvent) else {}, line), event.anchor))
            if event.anchor:
                self.anchors[event.anchor] = None
            return None
        closed = self.stack.pop()
        if closed.anchor:
            self.anchors[closed.anchor] = closed.node
        return closed.node

    def _scalar(self, event: yaml.ScalarEvent, line: int, as_key: bool = False) -> Node:
        try:
            if event.implicit[0] and event.tag is None:
                value = scalars.plain(event.value)
            else:
                value = scalars.tagged(None if event.implicit[1] else event.tag, event.value)
            node = Node(value if as_key else scalars.as_json(value), line)
        except ValueError as error:
            remedy = "Correct the value, or quote it if it is meant as text"
            raise YamlProblem(line, f"{event.value!r} {error}", remedy) from None
        if event.anchor:
            self.anchors[event.anchor] = node
        return node

    def _alias(self, name: str | None, line: int) -> Node:
        if name is None or name not in self.anchors:
            remedy = f"Define &{name} first, or quote the text (a host such as *.example.com needs quotes)"
            raise YamlProblem(line, f"alias *{name} without an anchor above it", remedy)
        target = self.anchors[name]
        if target is None:
            raise YamlProblem(line, f"alias *{name} stands inside its own anchor", "Write the value out")
        copy = Node(target.value, line)
        copy.children, copy.size = target.children, target.size
        return copy

    def _add(self, parent: _Open, node: Node) -> None:
        """Put ``node`` into the mapping or list that it stands in."""
        holder = parent.node
        if parent.key is None:
            holder.children[len(holder.value)] = node
            holder.value.append(node.value)
        elif parent.key is _MERGE:
            self._merge(holder, node)
        else:
            earlier = holder.children.get(parent.key)
            if earlier is not None and not earlier.merged:
                self.duplicates.append(_duplicate(parent.key, earlier, parent.key_line))
            node.line = parent.key_line
            holder.value[parent.key] = node.value
            holder.children[parent.key] = node
        parent.key = None
        holder.size += node.size
        if holder.size > MAX_EXPANSION and holder.size > 10 * self.written:
            raise YamlProblem(
                node.line, f"aliases that expand to more than {MAX_EXPANSION} values", "Write the values out"
            )

    def _merge(self, holder: Node, node: Node) -> None:
        """Take over the keys of ``node`` (or of each mapping in it, the first one counts) as ``<<`` asks."""
        sources = [node] if isinstance(node.value, dict) else list(node.children.values())[::-1]
        if not isinstance(node.value, dict | list) or not all(isinstance(source.value, dict) for source in sources):
            raise YamlProblem(
                node.line, "<< with something that is no mapping", "Merge a mapping, or a list of mappings"
            )
        for source in sources:
            for key, child in source.children.items():
                taken = Node(child.value, child.line)
                taken.children, taken.size, taken.merged = child.children, child.size, True
                holder.value[key] = child.value
                holder.children[key] = taken


def _duplicate(key: str, earlier: Node, line: int) -> YamlProblem:
    lost = json.dumps(earlier.value, ensure_ascii=False)
    lost = lost if len(lost) <= 60 else lost[:57] + "..."
    place = "before it on this line" if earlier.line == line else f"of line {earlier.line}"
    wrong = f'key "{key}" stands twice in one mapping, so its value {lost} {place} is lost without a word'
    return YamlProblem(line, wrong, f'Keep one "{key}", or make two list items of them')
