"""Manners towards a terminal: colours, how much is told, and progress where something takes long.

Answers go to standard output, everything told beside them to standard error.
"""

import os
import sys
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

import click

from meshwright.progress import watch

_VERBOSITY = "meshwright.cli.verbosity"
_PATIENCE_S = 2
"""Work that takes no longer shows no progress."""


def colours() -> bool | None:
    """Return whether to write colours: ``None`` leaves it to what the output is (only a terminal gets them).

    Source: https://no-color.org and https://force-color.org, which most command-line programs obey.
    """
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return False if os.environ.get("TERM") == "dumb" else None


def colourful() -> bool:
    """Tell whether standard output gets colours, for reports that write their own."""
    wanted = colours()
    return sys.stdout.isatty() if wanted is None else wanted


def set_verbosity(ctx: click.Context, parameter: click.Parameter, value: bool) -> None:
    """Remember ``--quiet`` and ``--verbose`` for the command that is running."""
    if value:
        ctx.meta[_VERBOSITY] = -1 if parameter.name == "quiet" else 1


def _verbosity() -> int:
    ctx = click.get_current_context(silent=True)
    return int(ctx.meta.get(_VERBOSITY, 0)) if ctx is not None else 0


def is_quiet() -> bool:
    """Tell whether nothing beside the answer is to be told."""
    return _verbosity() < 0


def note(text: str, *, err: bool = True) -> None:
    """Tell something beside the answer, unless ``--quiet``."""
    if _verbosity() >= 0:
        click.echo(text, err=err)


def detail(text: str) -> None:
    """Tell something only with ``--verbose``."""
    if _verbosity() > 0:
        click.echo(text, err=True)


@contextmanager
def timed(what: str) -> Iterator[list[str]]:
    """Tell with ``--verbose`` how long the block took, and what it adds to the list that it is given."""
    started = time.perf_counter()
    more: list[str] = []
    yield more
    detail(f"{', '.join([what, *more])}: {time.perf_counter() - started:.2f} s")


@contextmanager
def progress() -> Iterator[None]:
    """Show how far `meshwright.progress.steps` has come, once that takes two seconds, on a terminal alone."""
    if _verbosity() < 0 or not sys.stderr.isatty():
        yield
        return
    stop = watch(_bar)
    try:
        yield
    finally:
        stop()


def _bar(items: Iterable[Any], doing: str) -> Iterable[Any]:
    from tqdm import tqdm

    bar: Iterable[Any] = tqdm(
        items, desc=doing, delay=_PATIENCE_S, leave=False, file=sys.stderr, dynamic_ncols=True, unit=""
    )
    return bar
