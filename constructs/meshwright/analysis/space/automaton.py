"""Automata over bytes that are made deterministic only as far as somebody walks them."""

from meshwright.analysis.space.byte_classes import ALL, WORD
from meshwright.analysis.space.pattern import Assertion, Bytes, Choice, Repeat, Sequence, Tree, UnsupportedPattern

DEAD = 0
"""The state from which no word is accepted."""
UNIVERSAL = 1
"""The state from which every word is."""

MOST_NODES = 20_000
"""Patterns that need more are not supported; RE2's own limit lies near."""

_MATCH, _EVERYTHING = 0, 1
_AT_START, _AFTER_OTHER, _AFTER_WORD = 0, 1, 2


class Automaton:
    """The words of one tree.

    States are numbers, made when first reached; bytes that the tree never tells apart are one class.

    Args:
        classes: The class of each byte.
        start: The first state.

    Raises:
        UnsupportedPattern: The tree is too large.
    """

    __slots__ = (
        "_accepting",
        "_asserts",
        "_members",
        "_moves",
        "_nodes",
        "_representatives",
        "_states",
        "classes",
        "start",
    )

    def __init__(self, tree: Tree) -> None:
        nodes = _Nodes()
        first = nodes.add(tree, _MATCH)
        self._nodes = nodes.nodes
        self._asserts = nodes.asserts
        self.classes, self._representatives = _byte_classes(nodes)
        everything = frozenset((_EVERYTHING,))
        self._states: dict[tuple[frozenset[int], int], int] = {
            (frozenset(), _AT_START): DEAD,
            (everything, _AT_START): UNIVERSAL,
        }
        self._members: list[tuple[frozenset[int], int]] = list(self._states)
        self._moves: list[dict[int, int]] = [{}, {}]
        self._accepting: list[bool | None] = [False, True]
        self.start = self._state(self._closed({first}), _AT_START)

    def step(self, state: int, byte: int) -> int:
        """Return the state behind one byte."""
        if state <= UNIVERSAL:
            return state
        number = self.classes[byte]
        moves = self._moves[state]
        found = moves.get(number)
        if found is None:
            found = moves[number] = self._move(state, self._representatives[number])
        return found

    def accepts(self, state: int) -> bool:
        """Tell whether the word that led to ``state`` is one of the language."""
        found = self._accepting[state]
        if found is None:
            members, before = self._members[state]
            if self._asserts:
                members = self._closed(members, before, at_end=True)
            found = self._accepting[state] = _MATCH in members or _EVERYTHING in members
        return found

    def _move(self, state: int, byte: int) -> int:
        members, before = self._members[state]
        if self._asserts:
            members = self._closed(members, before, word_next=bool(WORD >> byte & 1))
            if _EVERYTHING in members:
                return UNIVERSAL
        reached = set()
        for member in members:
            node = self._nodes[member]
            if isinstance(node, tuple) and node[0] >> byte & 1:
                reached.add(node[1])
        after = _AFTER_WORD if WORD >> byte & 1 else _AFTER_OTHER
        return self._state(self._closed(reached), after)

    def _state(self, members: frozenset[int], after: int) -> int:
        if _EVERYTHING in members:
            return UNIVERSAL
        if not members:
            return DEAD
        if not self._asserts:
            after = _AFTER_OTHER
        key = (members, after)
        found = self._states.get(key)
        if found is None:
            found = self._states[key] = len(self._members)
            self._members.append(key)
            self._moves.append({})
            self._accepting.append(None)
        return found

    def _closed(
        self,
        members: "set[int] | frozenset[int]",
        before: int | None = None,
        *,
        word_next: bool = False,
        at_end: bool = False,
    ) -> frozenset[int]:
        """Add what is reached without a byte; assertions are passed only when it is known what stands ``before``."""
        pending = list(members)
        seen = set(pending)
        while pending:
            node = self._nodes[pending.pop()]
            if isinstance(node, list):
                following = node
            elif isinstance(node, _Place) and before is not None and _holds(node.kind, before, word_next, at_end):
                following = [node.following]
            else:
                continue
            for each in following:
                if each not in seen:
                    seen.add(each)
                    pending.append(each)
        return frozenset(each for each in seen if not isinstance(self._nodes[each], list))


class _Place:
    __slots__ = ("following", "kind")

    def __init__(self, kind: str, following: int) -> None:
        self.kind = kind
        self.following = following


_Node = tuple[int, int] | list[int] | _Place | None
"""A set of bytes and what follows, a choice, an assertion, or the end."""


class _Nodes:
    """Builds nodes from the end to the beginning, so that each knows what follows it."""

    def __init__(self) -> None:
        self.nodes: list[_Node] = [None, None]
        self.asserts = False

    def add(self, tree: Tree, following: int) -> int:
        """Return the node at which ``tree`` begins."""
        if isinstance(tree, Bytes):
            return self._new((tree.mask, following))
        if isinstance(tree, Sequence):
            for part in reversed(tree.parts):
                following = self.add(part, following)
            return following
        if isinstance(tree, Choice):
            return self._new([self.add(part, following) for part in tree.parts])
        if isinstance(tree, Assertion):
            self.asserts = True
            return self._new(_Place(tree.kind, following))
        return self._repeat(tree, following)

    def _repeat(self, tree: Repeat, following: int) -> int:
        if tree.most is None:
            if following in (_MATCH, _EVERYTHING) and tree.part == Bytes(ALL):
                following = _EVERYTHING
            else:
                choice: list[int] = []
                loop = self._new(choice)
                choice += [self.add(tree.part, loop), following]
                following = loop
        else:
            end = following
            for _ in range(tree.most - tree.least):
                following = self._new([self.add(tree.part, following), end])
        for _ in range(tree.least):
            following = self.add(tree.part, following)
        return following

    def _new(self, node: _Node) -> int:
        if len(self.nodes) >= MOST_NODES:
            raise UnsupportedPattern("the pattern is too large")
        self.nodes.append(node)
        return len(self.nodes) - 1


def _byte_classes(nodes: _Nodes) -> tuple[bytes, list[int]]:
    """Return the class of each byte, and one byte of each class."""
    classes = [ALL]
    masks = {node[0] for node in nodes.nodes if isinstance(node, tuple)}
    if nodes.asserts:
        masks.add(WORD)
    for mask in masks:
        parts = []
        for each in classes:
            inside = each & mask
            parts += [part for part in (inside, each ^ inside) if part]
        classes = parts
    of_byte = bytearray(256)
    representatives = []
    for number, mask in enumerate(classes):
        representatives.append((mask & -mask).bit_length() - 1)
        while mask:
            lowest = mask & -mask
            of_byte[lowest.bit_length() - 1] = number
            mask ^= lowest
    return bytes(of_byte), representatives


def _holds(kind: str, before: int, word_next: bool, at_end: bool) -> bool:
    if kind == "begin":
        return before == _AT_START
    if kind == "end":
        return at_end
    boundary = (before == _AFTER_WORD) != (word_next and not at_end)
    return boundary == (kind == "boundary")
