"""Routes of one path told apart by the one value that most of them ask for: a method, or a header such as x-version."""

from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from meshwright.analysis.space.conditions import PATH, Conditions, Literals
from meshwright.analysis.space.slots import Value

WORTHWHILE = 16
"""Shorter lists are gone through."""


class ValueIndex:
    """Some ascending positions, parted by the value that their routes ask of one slot."""

    __slots__ = ("_by_value", "_rest", "slot")

    def __init__(self, conditions: Conditions, positions: Sequence[int], literals: Sequence[Literals]) -> None:
        counts: Counter[int] = Counter()
        asked: list[dict[int, str]] = []
        for position in positions:
            found = asked_values(conditions, literals[position])
            asked.append(found)
            counts.update(found.keys())
        self.slot = counts.most_common(1)[0][0] if counts else -1
        self._by_value: dict[str, list[int]] = {}
        self._rest: list[int] = []
        for position, found in zip(positions, asked, strict=True):
            value = found.get(self.slot)
            (self._rest if value is None else self._by_value.setdefault(value, [])).append(position)

    def having(self, value: Value) -> Iterator[list[int]]:
        """Return the positions, ascending in each list, of routes that may take a request with this value."""
        yield self._rest
        values: Collection[str] = () if value is None else (value,) if isinstance(value, str) else value
        for each in values:
            found = self._by_value.get(each)
            if found is not None:
                yield found


def asked_values(conditions: Conditions, literals: Literals) -> dict[int, str]:
    """Return the one value that must be there, by slot, where a route asks for one of anything but the path."""
    found: dict[int, str] = {}
    for literal in literals:
        atom = conditions.atoms[literal >> 1]
        if literal & 1 and atom.slot != PATH and not atom.absent and atom.language.only is not None:
            found[atom.slot] = atom.language.only
    return found
