"""Which conditions on paths can hold for a path, or for some path that another condition holds for.

Conditions are found by what each of their paths begins with, in lower case; whole paths are found by hash.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence

from meshwright.analysis.space.language import language_of
from meshwright.analysis.text import lowered
from meshwright.traffic import PathMatch


class PathIndex:
    """The paths of routes in their order."""

    def __init__(self, paths: Sequence[PathMatch]) -> None:
        self._exact: dict[str, list[int]] = {}
        self._open: dict[str, list[int]] = {}
        self._connect: list[int] = []
        self._keys = [_key(path) for path in paths]
        for position, (path, key) in enumerate(zip(paths, self._keys, strict=True)):
            if path.kind == "connect":
                self._connect.append(position)
            else:
                kind = self._exact if path.kind == "exact" else self._open
                kind.setdefault(key, []).append(position)
        self._lengths = sorted({len(key) for key in self._open})
        self._sorted = sorted({*self._open, *self._exact})

    def candidates(self, path: str | None) -> Iterator[list[int]]:
        """Return ascending positions of the conditions that may hold for ``path``; ``None``: for CONNECT."""
        if path is None:
            yield self._connect
            return
        low = lowered(path)
        yield from self._shorter(low)
        exact = self._exact.get(low)
        if exact is not None:
            yield exact

    def meeting(self, path: PathMatch) -> Iterator[list[int]]:
        """Return ascending positions of the conditions that may share a path with ``path``."""
        if path.kind == "connect":
            yield self._connect
            return
        key = _key(path)
        if path.kind == "exact":
            yield from self.candidates(path.value)
            return
        yield from self._shorter(key)
        for place in range(bisect_left(self._sorted, key), len(self._sorted)):
            longer = self._sorted[place]
            if not longer.startswith(key):
                break
            if longer != key and longer in self._open:
                yield self._open[longer]
            if longer in self._exact:
                yield self._exact[longer]

    def _shorter(self, key: str) -> Iterator[list[int]]:
        size = len(key)
        for length in self._lengths:
            if length > size:
                break
            found = self._open.get(key[:length])
            if found is not None:
                yield found


def _key(path: PathMatch) -> str:
    return "" if path.kind == "connect" else language_of(path).beginning
