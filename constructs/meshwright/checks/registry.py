"""All checks: those of the package, and those that other packages add by the entry point ``meshwright.checks``."""

import os
import sys
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from meshwright.checks.check import Check
from meshwright.checks.rules import CHECKS
from meshwright.errors import InputError

if TYPE_CHECKING:
    from importlib.metadata import EntryPoint

GROUP = "meshwright.checks"


def entry_points(group: str) -> "Iterable[EntryPoint]":
    """Return the entry points of a group; without any, ``importlib.metadata``, which is slow, is not loaded."""
    if not any(f"[{group}]" in text for text in _offers()):
        return ()
    from importlib import metadata

    return metadata.entry_points(group=group)


def _offers() -> Iterator[str]:
    """Yield what the installed distributions offer, as text."""
    for folder in dict.fromkeys(sys.path):
        try:
            names = os.listdir(folder or ".")  # noqa: PTH208
        except OSError:
            continue
        for name in names:
            if name.endswith((".dist-info", ".egg-info")):
                try:
                    with open(f"{folder or '.'}/{name}/entry_points.txt", encoding="utf-8") as stream:  # noqa: PTH123
                        yield stream.read()
                except OSError:
                    continue


def all_checks() -> tuple[Check, ...]:
    """Return the checks, sorted by code.

    Raises:
        InputError: An entry point cannot be loaded, is no `Check`, or has a code that is taken.
    """
    found = {check.code: check for check in CHECKS}
    for entry in entry_points(group=GROUP):
        where = f"entry point {entry.name}"
        try:
            check = entry.load()
        except Exception as error:
            raise InputError(where, f"cannot be loaded: {error}", f"Correct {entry.value}, or uninstall it") from error
        if not isinstance(check, Check):
            raise InputError(where, f"{entry.value} is no meshwright.checks.Check", "Make it one")
        if check.code in found:
            raise InputError(where, f"its code {check.code} is taken", "Give it a code with letters of your own")
        found[check.code] = check
    return tuple(found[code] for code in sorted(found))
