"""Regular expressions of RE2, read into a tree of byte sets. Source: RE2, "Syntax".

RE2 itself says first whether a pattern is one, so the reader takes what is left for granted. Which of several matches
RE2 prefers does not matter here: greedy and lazy ask for the same words.
"""

import re
from dataclasses import dataclass
from typing import Literal

from meshwright.analysis.regex import PatternError, compiled
from meshwright.analysis.space.byte_classes import ALL, PERL, POSIX, folded, range_mask, unicode_mask


class UnsupportedPattern(ValueError):
    """The pattern has no automaton here; the text says why."""


@dataclass(frozen=True, slots=True)
class Bytes:
    """One byte of a set."""

    mask: int


@dataclass(frozen=True, slots=True)
class Sequence:
    """One after the other; nothing for an empty one."""

    parts: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Choice:
    """Any of them."""

    parts: "tuple[Tree, ...]"


@dataclass(frozen=True, slots=True)
class Repeat:
    """``least`` to ``most`` times; ``None``: as often as it likes."""

    part: "Tree"
    least: int
    most: int | None


@dataclass(frozen=True, slots=True)
class Assertion:
    """Nothing, at a place of a certain kind."""

    kind: Literal["begin", "end", "boundary", "no boundary"]


Tree = Bytes | Sequence | Choice | Repeat | Assertion

NOTHING = Sequence(())
ANYTHING = Repeat(Bytes(ALL), 0, None)

_REPEATS = {"*": (0, None), "+": (1, None), "?": (0, 1)}
_COUNTS = re.compile(r"\{(\d+)(?:(,)(\d*))?\}")
_FLAGS = re.compile(r"\?([imsU]*)(?:-([imsU]+))?([:)])")
_NAME = re.compile(r"\?P?<[^>]*>")
_POSIX = re.compile(r"\[:(\^?)(\w+):\]")
_PROPERTY = re.compile(r"\{(\^?)(\w+)\}|(\w)")
_CONTROLS = {"a": 7, "f": 12, "t": 9, "n": 10, "r": 13, "v": 11}
_PLACES: dict[str, Assertion] = {
    "A": Assertion("begin"),
    "z": Assertion("end"),
    "b": Assertion("boundary"),
    "B": Assertion("no boundary"),
}


def literal(text: str, ignore_case: bool = False) -> Tree:
    """Return the tree for exactly this text, letters of ASCII in any case if asked."""
    masks = (1 << code for code in text.encode())
    if not ignore_case:
        return Sequence(tuple(map(Bytes, masks)))
    ascii_only = range_mask(0, 0x7F)
    return Sequence(tuple(Bytes(folded(mask) if mask & ascii_only else mask) for mask in masks))


def read_pattern(pattern: str) -> Tree:
    """Return the tree of an RE2 pattern, as it stands for whole values.

    Line breaks count as any other character: no part of a request has one.

    Raises:
        UnsupportedPattern: RE2 does not take it, or it asks for a script of Unicode.
    """
    try:
        compiled(pattern)
    except PatternError as error:
        raise UnsupportedPattern(f"RE2 cannot read {pattern!r}: {error}") from error
    reader = _Reader(pattern.encode().decode("latin-1"))
    try:
        tree = reader.choice()
    except (IndexError, RecursionError) as error:
        raise UnsupportedPattern(f"{pattern!r} nests too deeply") from error
    if reader.place != len(reader.text):
        raise UnsupportedPattern(f"{pattern!r} could not be read from character {reader.place + 1} on")
    return tree


class _Reader:
    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.ignore_case = False

    def choice(self) -> Tree:
        before = self.ignore_case
        parts = [self._sequence()]
        while self._take("|"):
            parts.append(self._sequence())
        self.ignore_case = before
        return parts[0] if len(parts) == 1 else Choice(tuple(parts))

    def _sequence(self) -> Tree:
        parts: list[Tree] = []
        while self.place < len(self.text) and self.text[self.place] not in "|)":
            parts.extend(self._repeated(self._one()))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts))

    def _repeated(self, parts: list[Tree]) -> list[Tree]:
        """Apply what follows to the last part; ``\\Q…\\E`` may have given several."""
        while parts and (bounds := self._bounds()) is not None:
            self._take("?")
            parts[-1] = Repeat(parts[-1], *bounds)
        return parts

    def _bounds(self) -> tuple[int, int | None] | None:
        if self.place == len(self.text):
            return None
        found = _REPEATS.get(self.text[self.place])
        if found is not None:
            self.place += 1
            return found
        counts = _COUNTS.match(self.text, self.place)
        if counts is None:
            return None
        self.place = counts.end()
        least = int(counts[1])
        if not counts[2]:
            return least, least
        return least, int(counts[3]) if counts[3] else None

    def _one(self) -> list[Tree]:
        character = self._next()
        if character == "(":
            return self._group()
        if character == "[":
            return [Bytes(self._class())]
        if character == ".":
            return [Bytes(ALL)]
        if character == "^":
            return [Assertion("begin")]
        if character == "$":
            return [Assertion("end")]
        if character == "\\":
            return self._escape()
        return [self._byte(1 << ord(character))]

    def _byte(self, mask: int) -> Bytes:
        return Bytes(folded(mask) if self.ignore_case else mask)

    def _group(self) -> list[Tree]:
        flags = _FLAGS.match(self.text, self.place)
        before = self.ignore_case
        if flags is not None:
            self.place = flags.end()
            self.ignore_case = (before or "i" in flags[1]) and "i" not in (flags[2] or "")
            if flags[3] == ")":
                return []
        elif (name := _NAME.match(self.text, self.place)) is not None:
            self.place = name.end()
        tree = self.choice()
        self._next()
        self.ignore_case = before
        return [tree]

    def _escape(self) -> list[Tree]:
        character = self.text[self.place]
        if character == "Q":
            end = self.text.find("\\E", self.place)
            quoted = self.text[self.place + 1 : end if end >= 0 else None]
            self.place = end + 2 if end >= 0 else len(self.text)
            return [self._byte(1 << ord(each)) for each in quoted]
        if character in _PLACES:
            self.place += 1
            return [_PLACES[character]]
        if character == "C":
            self.place += 1
            return [Bytes(ALL)]
        group = self._named_class()
        return [Bytes(group)] if group is not None else [self._byte(self._code_mask())]

    def _named_class(self) -> int | None:
        """Return the class that ``\\d`` or ``\\pL`` names, the backslash read already."""
        character = self.text[self.place]
        if character in PERL:
            self.place += 1
            return PERL[character]
        if character not in "pP":
            return None
        found = _PROPERTY.match(self.text, self.place + 1)
        mask = unicode_mask(found[2] or found[3]) if found is not None else None
        if found is None or mask is None:
            raise UnsupportedPattern(f"{self.text!r} asks for letters by a script of Unicode")
        self.place = found.end()
        mask = folded(mask) if self.ignore_case else mask
        return ALL & ~mask if (character == "P") != bool(found[1]) else mask

    def _code_mask(self) -> int:
        code = self._code()
        return 1 << code if code < 256 else 0

    def _code(self) -> int:
        """Return the code of an escaped character, the backslash read already."""
        character = self._next()
        if character == "x":
            digits = re.compile(r"\{([0-9A-Fa-f]+)\}|([0-9A-Fa-f]{2})").match(self.text, self.place)
            if digits is None:
                raise UnsupportedPattern(f"{self.text!r} has an escape that is not known")
            self.place = digits.end()
            return int(digits[1] or digits[2], 16)
        if character in "01234567":
            start = self.place - 1
            while self.place < min(start + 3, len(self.text)) and self.text[self.place] in "01234567":
                self.place += 1
            return int(self.text[start : self.place], 8)
        return _CONTROLS.get(character, ord(character))

    def _class(self) -> int:
        negated = self._take("^")
        mask = 0
        first = True
        while first or self.text[self.place] != "]":
            first = False
            mask |= self._class_item()
        self.place += 1
        return ALL & ~mask if negated else mask

    def _class_item(self) -> int:
        posix = _POSIX.match(self.text, self.place)
        if posix is not None and posix[2] in POSIX:
            self.place = posix.end()
            found = folded(POSIX[posix[2]]) if self.ignore_case else POSIX[posix[2]]
            return ALL & ~found if posix[1] else found
        if self.text[self.place] == "\\":
            self.place += 1
            group = self._named_class()
            if group is not None:
                return group
            low = self._code()
        else:
            low = ord(self._next())
        high = low
        if self.text[self.place] == "-" and self.text[self.place + 1] != "]":
            self.place += 1
            high = self._code() if self._take("\\") else ord(self._next())
        mask = range_mask(low, high)
        return folded(mask) if self.ignore_case else mask

    def _next(self) -> str:
        character = self.text[self.place]
        self.place += 1
        return character

    def _take(self, character: str) -> bool:
        if self.place < len(self.text) and self.text[self.place] == character:
            self.place += 1
            return True
        return False
