"""The option ``--output``: where a report goes instead of standard output."""

from collections.abc import Callable
from pathlib import Path

import click

from meshwright.errors import InputError


def output_option(command: Callable[..., None]) -> Callable[..., None]:
    """Give a command ``--output FILE``, as argument ``output``."""
    kind = click.Path(dir_okay=False, path_type=Path)
    return click.option("--output", type=kind, metavar="FILE", help="Write there, not to standard output.")(command)


def write_output(text: str, output: Path | None) -> None:
    """Write a report.

    Raises:
        InputError: The file cannot be written.
    """
    if output is None:
        click.echo(text, nl=False)
        return
    try:
        output.write_text(text, encoding="utf-8")
    except OSError as error:
        raise InputError(str(output), f"cannot be written: {error.strerror}", "Choose another file") from error
