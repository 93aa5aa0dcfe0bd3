"""Parts of a request that conditions speak of, what values each can have, and values that meet conditions."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from meshwright.analysis.space.automaton import Automaton
from meshwright.analysis.space.language import Language
from meshwright.analysis.space.words import Undecided, shortest_word

Value = str | tuple[str, ...] | None
"""``None`` where the request has no such part; all values of a header that may be repeated."""


@dataclass(frozen=True, slots=True, eq=False)
class Domain:
    """The words that one part of a request can be.

    Args:
        inside: All of them are words of this.
        outside: None is a word of these.
        examples: Words to try before any automaton is asked.
        test: Tells whether a word can be there; without one the languages do.
        usual: The examples are what clients send; others are only tried after them.
    """

    inside: Language
    outside: tuple[Language, ...] = ()
    examples: tuple[str, ...] = ()
    test: Callable[[str], bool] | None = None
    usual: bool = False

    def has(self, word: str) -> bool:
        """Tell whether the part can be ``word``."""
        if self.test is not None:
            return self.test(word)
        return self.inside.test(word) and not any(each.test(word) for each in self.outside)


@dataclass(frozen=True, slots=True, eq=False)
class Slot:
    """One part of a request.

    Args:
        optional: A request may lack it.
        possible: A request may have it.
        repeats: It may be there several times, and conditions ask for one of its values.
        known: What it is can be chosen by whoever sends the request.
    """

    name: str
    domain: Domain
    optional: bool = False
    possible: bool = True
    repeats: bool = False
    known: bool = True
    computed: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Atom:
    """A condition on one slot, which holds or not; ``absent`` is the answer where the request lacks the part."""

    slot: int
    language: Language
    absent: bool = False


def value_for(slot: Slot, positive: Sequence[Atom], negative: Sequence[Atom]) -> "tuple[Value] | None":
    """Return a value, in a tuple, for which all ``positive`` and no ``negative`` conditions hold; ``None``: none does.

    Absence is preferred where it will do, then one value before several.

    Raises:
        Undecided: A condition has no automaton, or the automata are too large.
    """
    absent = all(each.absent for each in positive) and not any(each.absent for each in negative)
    if slot.optional and absent:
        return (None,)
    if not slot.possible:
        return None
    wanted = [each.language for each in positive]
    unwanted = [each.language for each in negative]
    word = word_for(slot.domain, wanted, unwanted)
    if word is not None:
        return ((word,) if slot.repeats else word,)
    if not slot.repeats or len(wanted) < 2:
        return None
    words = [word_for(slot.domain, [each], unwanted) for each in wanted]
    several = tuple(dict.fromkeys(each for each in words if each is not None))
    return None if None in words else (several,)


def word_for(domain: Domain, wanted: Sequence[Language], unwanted: Sequence[Language]) -> str | None:
    """Return a word of ``domain`` in all of ``wanted`` and none of ``unwanted``; ``None``: there is none.

    Raises:
        Undecided: A condition has no automaton, or the automata are too large.
    """
    if any(each is other for each in wanted for other in unwanted):
        return None
    word = next((each for each in _likely(domain, wanted) if _fits(each, domain, wanted, unwanted)), None)
    if word is not None or any(each.only is not None for each in wanted):
        return word
    inside, whys = _automata((domain.inside, *wanted))
    outside, more_whys = _automata((*domain.outside, *unwanted))
    beginning = max((each.fixed for each in wanted if each.automaton is not None), key=len, default="")
    word = shortest_word(inside, outside, beginning)
    if word is not None and not _fits(word, domain, wanted, unwanted):
        raise Undecided(next(iter((*whys, *more_whys)), "no value was found that surely fits"))
    return word


def _likely(domain: Domain, wanted: Sequence[Language]) -> Iterator[str]:
    for each in wanted:
        if each.only is not None:
            yield each.only
            return
    if domain.usual:
        yield from domain.examples
    for each in sorted(wanted, key=lambda each: -len(each.beginning)) if len(wanted) > 1 else wanted:
        yield from each.likely()
    yield from domain.examples
    if len(wanted) > 1:
        yield from _joined(wanted)


def _joined(wanted: Sequence[Language]) -> Iterator[str]:
    """Return the longest beginning that one asks for, with the ends of what others ask for behind it."""
    beginning = max((each.fixed for each in wanted), key=len)
    stem = beginning.rstrip("/")
    for word in dict.fromkeys(example for each in wanted for example in each.likely()[:1]):
        yield beginning + word[len(beginning) :]
        for place in range(len(word) - 1, -1, -1):
            if word[place] == "/":
                yield stem + word[place:]


def _fits(word: str, domain: Domain, wanted: Sequence[Language], unwanted: Sequence[Language]) -> bool:
    for each in wanted:
        if not each.test(word):
            return False
    for each in unwanted:
        if each.test(word):
            return False
    return domain.has(word)


def _automata(languages: Iterable[Language]) -> tuple[list[Automaton], list[str]]:
    found, whys = [], []
    for each in languages:
        automaton = each.automaton
        if automaton is None:
            whys.append(each.why)
        else:
            found.append(automaton)
    return found, whys
