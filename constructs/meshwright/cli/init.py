"""``meshwright init``: begin a repository for an app."""

import sys
from pathlib import Path
from typing import Any, Literal

import click

from meshwright.cli.command import Command
from meshwright.cli.terminal import note


@click.command(
    "init",
    cls=Command,
    examples=(
        ("meshwright init shop", "Ask for what has to be known, and write the folder shop."),
        (
            "meshwright init shop --name cart --image example.com/cart:1.0.0 --port 8080 --host cart.example.com",
            "Ask nothing that is given; without a terminal, take the defaults for the rest.",
        ),
    ),
)
@click.argument("folder", default=".", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", help="Of the app.  [default: the folder's]")
@click.option("--image", help="Of its container, with a tag or digest.")
@click.option("--port", type=int, help="On which the container listens.  [default: 8080]")
@click.option("--host", help="Public host at the ingress gateway.  [default: NAME.example.com]")
@click.option("--namespace", help="The app's.  [default: NAME]")
@click.option("--repository", metavar="URL", help="The git repository that Argo CD will sync.")
@click.option("--ci", type=click.Choice(["github", "gitlab", "none"]), help="Whose CI to set up.  [default: github]")
def command(folder: Path, **given: Any) -> None:
    """Begin a repository in FOLDER: one app behind an Istio ingress gateway, tests, CI, Argo CD.

    It works at once: make synth, make test. Files that are there already are never written over.

    Exit status: 0 written, 2 a value cannot be meant, or a file is there already.
    """
    from meshwright.starter.answers import Answers
    from meshwright.starter.repository import write_repository

    name = _asked("Name of the app", given["name"], _name_of(folder))
    ci: Literal["github", "gitlab", "none"] = _asked("CI: github, gitlab or none", given["ci"], "github")
    answers = Answers(
        name=name,
        image=_asked("Image, with its tag or digest", given["image"], f"registry.example.com/{name}:1.0.0"),
        port=int(_asked("Port of the container", given["port"], 8080)),
        host=_asked("Public host", given["host"], f"{name}.example.com"),
        namespace=_asked("Namespace", given["namespace"], name),
        repository=_asked("Git repository", given["repository"], f"https://git.example.com/{name}.git"),
        ci=ci,
    )
    made = write_repository(folder, answers)
    for path in made:
        note(f"  {path}", err=False)
    go = "" if folder == Path() else f"cd {folder} && "
    note(f"\nNow: {go}git init && make test, then read README.md.", err=False)


def _name_of(folder: Path) -> str:
    kept = "".join(char if char.isascii() and char.isalnum() else "-" for char in folder.resolve().name.lower())
    return kept.strip("-") or "shop"


def _asked(what: str, given: Any, default: Any) -> Any:
    """Return what was given; else what someone at the terminal answers; else the default."""
    if given is not None:
        return given
    return click.prompt(what, default=default) if sys.stdin.isatty() else default
