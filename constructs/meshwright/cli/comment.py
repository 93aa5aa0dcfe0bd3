"""``meshwright comment``: let a pull request carry a report."""

import os
import sys
from pathlib import Path

import click

from meshwright.cli.command import Command
from meshwright.cli.mesh_options import files
from meshwright.cli.terminal import note
from meshwright.errors import InputError


@click.command(
    "comment",
    cls=Command,
    examples=(
        ("meshwright comment diff.md", "Where meshwright diff --format markdown --output diff.md ran before."),
        ("meshwright comment diff.md --number 12", "Of another pull request than the run is for."),
    ),
)
@click.argument("file", shell_complete=files)
@click.option(
    "--number", type=click.IntRange(min=1), help="Of the pull or merge request.  [default: what the run is for]"
)
def command(file: str, number: int | None) -> None:
    """Let the pull request (GitHub) or merge request (GitLab) of this run carry the report in FILE.

    FILE may be - for standard input. It begins with a marker, as "meshwright diff --format markdown" writes it: the
    comment with this marker is renewed, so that there is never more than one. The token comes from GITHUB_TOKEN or
    GITLAB_TOKEN.

    Exit status: 0 the request carries it, 2 it does not.
    """
    from meshwright.comments import platform_of, put

    body = _read(file)
    note(f"comment {put(platform_of(os.environ, number), body)}")


def _read(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(file, f"cannot be read: {error}", "Give the file of a report") from error
