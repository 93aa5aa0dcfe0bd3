"""Conditions on one text as languages: a test for a given word, an automaton for all of them."""

from collections.abc import Callable
from functools import lru_cache

from meshwright.analysis.matching import matches_value
from meshwright.analysis.regex import PatternError
from meshwright.analysis.space.automaton import Automaton
from meshwright.analysis.space.pattern import (
    ANYTHING,
    Assertion,
    Bytes,
    Choice,
    Repeat,
    Sequence,
    Tree,
    UnsupportedPattern,
    literal,
    read_pattern,
)
from meshwright.analysis.text import lowered
from meshwright.traffic import PathMatch, StringMatch

_NICE = "xabcdefghijklmnopqrstuvwyz0123456789/-_.~ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_LONGEST_EXAMPLE = 4096


class Language:
    """The words that one condition accepts. Two of them are equal only when they are the same object.

    Args:
        test: Tells whether one word belongs.
        build: Gives the tree; may raise ``UnsupportedPattern``.
        only: The one word, where there is just one.
        beginning: What every word begins with, letters of ASCII in lower case.
        examples: Words that are likely to belong.
    """

    __slots__ = ("_automaton", "_beginning", "_build", "_fixed", "_why", "examples", "only", "test")

    def __init__(
        self,
        test: Callable[[str], bool],
        build: Callable[[], Tree],
        only: str | None = None,
        beginning: str | None = None,
        examples: tuple[str, ...] | None = None,
    ) -> None:
        self.test = test
        self.only = only
        self.examples = examples
        self._build = build
        self._beginning = beginning
        self._fixed: str | None = None
        self._automaton: Automaton | None = None
        self._why: str | None = None

    @property
    def beginning(self) -> str:
        """What every word begins with, letters of ASCII in lower case."""
        if self._beginning is None:
            try:
                self._beginning = _common_start(self._build(), _letter_of_any_case)
            except UnsupportedPattern:
                self._beginning = ""
        return self._beginning

    @property
    def fixed(self) -> str:
        """What every word begins with, letter for letter."""
        if self._fixed is None:
            try:
                self._fixed = _common_start(self._build(), _exact_letter)
            except UnsupportedPattern:
                self._fixed = ""
        return self._fixed

    def likely(self) -> tuple[str, ...]:
        """Return words that are likely to belong."""
        if self.examples is None:
            try:
                self.examples = (example_word(self._build()),)
            except UnsupportedPattern:
                self.examples = ()
        return self.examples

    @property
    def automaton(self) -> Automaton | None:
        """The automaton; ``None`` where there is none, and ``why`` tells the reason."""
        if self._automaton is None and self._why is None:
            try:
                self._automaton = Automaton(self._build())
            except (UnsupportedPattern, RecursionError) as error:
                self._why = str(error) or "the pattern nests too deeply"
        return self._automaton

    @property
    def why(self) -> str:
        """Why there is no automaton."""
        return self._why or ""


def _never(_: str) -> bool:
    return False


def _always(_: str) -> bool:
    return True


NO_WORD = Language(_never, lambda: Choice(()), examples=(), beginning="")
EVERY_WORD = Language(_always, lambda: ANYTHING, examples=(), beginning="")


@lru_cache(maxsize=1 << 16)
def language_of(match: StringMatch | PathMatch) -> Language:
    """Return the language of a condition; the same object for equal conditions."""
    value = match.value
    ignore_case = match.ignore_case and match.kind != "regex"
    parts: tuple[Tree, ...]
    words: tuple[str, ...]
    match match.kind:
        case "connect":
            return NO_WORD
        case "regex":
            return _regex(value)
        case "exact":
            test = _text_test("exact", value, ignore_case)
            only = None if ignore_case else value
            return Language(test, lambda: literal(value, ignore_case), only, lowered(value), (value,))
        case "prefix":
            parts, words = (literal(value, ignore_case), ANYTHING), (value, value + "x", value.rstrip("/") + "/x")
        case "separated_prefix":
            below = Choice((Sequence(()), Sequence((literal("/"), ANYTHING))))
            parts, words = (literal(value, ignore_case), below), (value, value + "/x")
        case "suffix":
            parts, words = (ANYTHING, literal(value, ignore_case)), (value, "x" + value)
        case _:
            parts, words = (ANYTHING, literal(value, ignore_case), ANYTHING), (value, f"x{value}x")
    begins = lowered(value) if match.kind in ("prefix", "separated_prefix") else ""
    return Language(_text_test(match.kind, value, ignore_case), lambda: Sequence(parts), None, begins, words)


def _regex(pattern: str) -> Language:
    try:
        test = matches_value(StringMatch("regex", pattern))
    except PatternError:
        test = _never
    return Language(test, lambda: read_pattern(pattern))


def _text_test(kind: str, value: str, ignore_case: bool) -> Callable[[str], bool]:
    if kind == "separated_prefix":
        wanted = lowered(value) if ignore_case else value
        below = wanted + "/"
        if ignore_case:
            return lambda word: (low := lowered(word)) == wanted or low.startswith(below)
        return lambda word: word == wanted or word.startswith(below)
    return matches_value(StringMatch(kind, value, ignore_case))  # type: ignore[arg-type]  # the kinds of both agree


@lru_cache(maxsize=256)
def pattern_language(pattern: str, *examples: str) -> Language:
    """Return the language of a pattern of our own."""
    made = _regex(pattern)
    return Language(made.test, lambda: read_pattern(pattern), examples=examples or None)


def after_one(language: Language) -> Language:
    """Return the words of ``language`` with any one character before them."""
    test, build = language.test, language._build
    first = Bytes(sum(1 << code for code in b"ps"))
    examples = tuple(mark + word for word in language.likely() for mark in "ps")
    return Language(lambda word: test(word[1:]), lambda: Sequence((first, build())), examples=examples)


def example_word(tree: Tree) -> str:
    """Return a word that is likely to be accepted: the shortest way through, in letters that read well."""
    letters: list[str] = []
    _spell(tree, letters)
    return "".join(letters)


def _spell(tree: Tree, letters: list[str]) -> None:
    if isinstance(tree, Bytes):
        nice = next((each for each in _NICE if tree.mask >> ord(each) & 1), None)
        letters.append(nice or chr((tree.mask & -tree.mask).bit_length() - 1 if tree.mask else 0))
    elif isinstance(tree, Sequence):
        for part in tree.parts:
            _spell(part, letters)
    elif isinstance(tree, Choice):
        if tree.parts:
            _spell(tree.parts[0], letters)
    elif isinstance(tree, Repeat):
        for _ in range(tree.least):
            if len(letters) < _LONGEST_EXAMPLE:
                _spell(tree.part, letters)


_Letter = Callable[[int], str | None]


def _common_start(tree: Tree, letter: _Letter) -> str:
    letters: list[str] = []
    _begin(tree, letters, letter)
    return "".join(letters)


def _begin(tree: Tree, letters: list[str], letter: _Letter) -> bool:
    """Collect the characters that every word begins with; tell whether that is all of ``tree``."""
    if isinstance(tree, Bytes):
        found = letter(tree.mask)
        if found is not None:
            letters.append(found)
        return found is not None
    if isinstance(tree, Sequence):
        return all(_begin(part, letters, letter) for part in tree.parts)
    if isinstance(tree, Repeat):
        if tree.least and len(letters) < _LONGEST_EXAMPLE:
            whole = all(_begin(tree.part, letters, letter) for _ in range(min(tree.least, 64)))
            return whole and tree.most == tree.least and tree.least <= 64
        return tree.most == 0
    return isinstance(tree, Assertion)


def _letter_of_any_case(mask: int) -> str | None:
    """Return the letter of ASCII, in lower case, that this set is one or both cases of."""
    code = (mask & -mask).bit_length() - 1
    if not mask or code > 0x7F:
        return None
    letter = chr(code).lower()
    both = 1 << ord(letter) | 1 << ord(letter.upper())
    return letter if mask & ~both == 0 else None


def _exact_letter(mask: int) -> str | None:
    """Return the one letter of ASCII that this set is."""
    return chr(mask.bit_length() - 1) if mask and mask & (mask - 1) == 0 and mask.bit_length() <= 128 else None
