"""The shortest word that some languages have and others have not."""

from collections.abc import Sequence

from meshwright.analysis.space.automaton import DEAD, UNIVERSAL, Automaton

MOST_STATES = 20_000
"""How many states of a product are walked before the answer is "unknown"."""


class Undecided(Exception):
    """A question was not answered within its bound; the text says which bound."""


def _preferred(order: str) -> tuple[int, ...]:
    first = [ord(each) for each in order]
    return (*first, *(byte for byte in range(256) if byte not in first))


# What people like to read stands first.
_BYTES = _preferred("xabcdefghijklmnopqrstuvwyz0123456789/-_.~ABCDEFGHIJKLMNOPQRSTUVWXYZ")


def shortest_word(inside: Sequence[Automaton], outside: Sequence[Automaton], beginning: str = "") -> str | None:
    """Return a shortest word of all languages ``inside`` and none ``outside``; ``None``: there is none.

    One of those inside has only words of UTF-8.

    Args:
        beginning: What every word of one of those inside begins with; saves the search for it.

    Raises:
        Undecided: The product of the automata is too large.
    """
    automata = (*inside, *outside)
    count = len(inside)
    first = tuple(each.start for each in automata)
    for byte in beginning.encode():
        first = tuple([each.step(part, byte) for each, part in zip(automata, first, strict=True)])
    if not _may_accept(first, count):
        return None
    if _accepted(first, automata, count):
        return beginning
    letters = _letters(automata)
    found: dict[tuple[int, ...], tuple[tuple[int, ...], int] | None] = {first: None}
    level = [first]
    while level:
        following = []
        for state in level:
            for letter in letters:
                reached = tuple([each.step(part, letter) for each, part in zip(automata, state, strict=True)])
                if reached in found or not _may_accept(reached, count):
                    continue
                found[reached] = (state, letter)
                if _accepted(reached, automata, count):
                    return beginning + _spelled(found, reached)
                following.append(reached)
            if len(found) > MOST_STATES:
                raise Undecided(f"the automata of these conditions have more than {MOST_STATES:,} states together")
        level = following
    return None


def _letters(automata: Sequence[Automaton]) -> list[int]:
    """Return one byte of each class that any automaton tells apart."""
    seen: dict[tuple[int, ...], int] = {}
    kinds = list(zip(*(each.classes for each in automata), strict=True))
    for byte in _BYTES:
        seen.setdefault(kinds[byte], byte)
    return list(seen.values())


def _may_accept(state: tuple[int, ...], count: int) -> bool:
    return DEAD not in state[:count] and UNIVERSAL not in state[count:]


def _accepted(state: tuple[int, ...], automata: Sequence[Automaton], count: int) -> bool:
    return all(
        each.accepts(part) == (place < count) for place, (each, part) in enumerate(zip(automata, state, strict=True))
    )


def _spelled(found: "dict[tuple[int, ...], tuple[tuple[int, ...], int] | None]", state: tuple[int, ...]) -> str:
    letters = bytearray()
    step = found[state]
    while step is not None:
        letters.append(step[1])
        step = found[step[0]]
    letters.reverse()
    return letters.decode()
