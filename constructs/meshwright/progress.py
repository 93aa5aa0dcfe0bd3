"""How far long work has come, told to whoever watches; nothing below cli prints, so nothing happens until cli does.

``for file in steps(files, "reading")`` costs one call where nobody watches.
"""

from collections.abc import Callable, Iterable
from typing import TypeVar

T = TypeVar("T")

_watchers: list[Callable[[Iterable[object], str], Iterable[object]]] = []


def steps(items: Iterable[T], doing: str) -> Iterable[T]:
    """Return ``items`` as they are, and tell the watcher of each that is taken.

    Args:
        items: What is gone through; one that knows its length shows how much is left.
        doing: In one word, with -ing.
    """
    for watcher in _watchers:
        items = watcher(items, doing)  # type: ignore[assignment]
    return items


def watch(watcher: Callable[[Iterable[object], str], Iterable[object]]) -> Callable[[], None]:
    """Have ``watcher`` wrap what `steps` is given from now on; returns what ends that."""
    _watchers.append(watcher)
    return lambda: _watchers.remove(watcher)
