"""``meshwright synth``: run the program that cdk8s.yaml names, as ``cdk8s synth`` does, without waiting for Node."""

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click

from meshwright.cli.command import Command
from meshwright.cli.guard_options import guard_options
from meshwright.cli.terminal import note
from meshwright.errors import InputError
from meshwright.guards.permission import environment_of
from meshwright.settings import read_yaml
from meshwright.tree.node_js import tell_jsii


@click.command(
    "synth",
    cls=Command,
    examples=(
        ("meshwright synth", "What cdk8s.yaml says: run main.py, write dist/."),
        ("meshwright synth --app 'python other.py' --output elsewhere", "Another program, another folder."),
        ("meshwright synth --allow-prune Namespace/shop", "A namespace is meant to go."),
    ),
)
@click.option("--app", "-a", help="The program to run; by default the one that cdk8s.yaml names.")
@click.option("--output", "-o", help="The folder to write; by default the one that cdk8s.yaml names, or dist.")
@guard_options
def command(app: str | None, output: str | None, allow_503: bool, allow_prune: tuple[str, ...]) -> None:
    """Write dist/ from main.py: the manifests of all apps, as a whole or not at all.

    A change against the last commit is refused if requests would get 503 while it reaches the proxies, or if it deletes
    more than a share of all objects, a Namespace, a CRD, a PVC or the last route of a host.

    Exit status: 0 written (or nothing had changed), 1 the program found something wrong and dist/ is as it was,
    2 cdk8s.yaml could not be read.
    """
    config = read_config(Path("cdk8s.yaml"), needed=app is None)
    outdir = output or config.get("output") or "dist"
    program = app or config.get("app")
    if not program:
        raise InputError("cdk8s.yaml", "it names no app", "Add a line such as app: python main.py")
    env = environment(str(outdir), recorded=bool(config.get("validations")))
    if run(str(program), {**env, **environment_of(allow_503, allow_prune)}) != 0:
        sys.exit(1)
    manifests = sorted(path for path in Path(outdir).rglob("*.yaml") if path.is_file())
    for path in manifests:
        note(f"  - {path.as_posix()}", err=False)
    if not manifests:
        click.echo(f"{outdir}: {program!r} wrote no manifests. Does it call app.synth()?", err=True)
        sys.exit(1)


def read_config(path: Path, needed: bool) -> dict[str, Any]:
    """Read cdk8s.yaml.

    Args:
        path: The file.
        needed: Whether it must be there; if not, an empty configuration stands for it.

    Raises:
        InputError: It is missing, or is no mapping.
    """
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        if not needed:
            return {}
        remedy = "Run this in the folder that holds it, or give --app 'python main.py'"
        raise InputError(str(path), "there is no such file here", remedy) from None
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(str(path), f"it cannot be read: {problem}", "Correct the file") from problem
    return read_yaml(text, str(path))


def environment(outdir: str, recorded: bool) -> dict[str, str]:
    """What the program finds in its environment: as under ``cdk8s synth``, and where Node is, should it ask for it."""
    tell_jsii()
    out = {**os.environ, "CDK8S_OUTDIR": outdir}
    out.setdefault("CDK8S_RECORD_CONSTRUCT_METADATA", "true" if recorded else "false")
    return out


def run(program: str, env: dict[str, str]) -> int:
    """Run a program by the shell; one that is ``python FILE …`` by this interpreter, which has meshwright.

    Returns:
        Its exit status.
    """
    arguments = python_arguments(program)
    if arguments is not None:
        return subprocess.run([sys.executable, *arguments], env=env, check=False).returncode
    return subprocess.run(program, env=env, check=False, shell=True).returncode


def python_arguments(program: str) -> list[str] | None:
    """What follows ``python`` in a command that is nothing but a call of it, None for any other command."""
    if any(char in program for char in "|&;<>()$`*?[]{}~\n"):
        return None
    try:
        words = shlex.split(program)
    except ValueError:
        return None
    if words[:2] == ["pipenv", "run"]:
        words = words[2:]
    if len(words) > 1 and words[0] in ("python", "python3"):
        return words[1:]
    return None
