"""What every command does alike: examples in its help, how much it tells, colours, progress, completion."""

import os
import pty
import re
import shutil
import subprocess
import sys
import termios
from importlib import import_module
from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from meshwright.cli import COMMANDS, main
from meshwright.cli.command import Command

ROOT = Path(__file__).resolve().parents[2]


def command(name: str) -> Command:
    found = main.get_command(click.Context(main), name)
    assert isinstance(found, Command)
    return found


def run(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "constructs"), **environment}
    return subprocess.run(
        [sys.executable, "-m", "meshwright", *words], cwd=ROOT, env=env, capture_output=True, text=True, check=False
    )


@pytest.mark.parametrize("name", COMMANDS)
def test_the_help_has_an_example_and_the_exit_status(name: str) -> None:
    said = CliRunner().invoke(main, [name, "--help"]).output
    assert re.search(r"\nExamples:\n  \S", said)
    assert "Exit status: 0" in said
    assert "--quiet" in said
    assert "--verbose" in said


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_says_what_it_is_for(name: str) -> None:
    silent = [
        option.name
        for option in command(name).params
        if isinstance(option, click.Option) and not option.help and not isinstance(option.type, click.Choice)
    ]
    assert silent == []


@pytest.mark.parametrize("name", COMMANDS)
def test_examples_use_words_that_the_command_knows(name: str) -> None:
    for typed, _ in command(name).examples:
        ours = typed.partition(" | ")[0]
        words = re.findall(r"(?<=\s)--?[a-z][a-z-]*", ours) if ours.startswith("meshwright ") else []
        known = {word for each in command(name).params for word in each.opts}
        assert set(words) <= known, typed


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        pytest.param(["chek"], 'Did you mean "check"?', id="a command"),
        pytest.param(["check", "--explain", "MW999999"], "--explain", id="a check that is near none"),
        pytest.param(["check", "--explain", "MW1O4"], "MW104", id="a check"),
        pytest.param(["check", "--fromat", "json"], "--format", id="an option"),
        pytest.param(["check", "--format", "jsn"], "json", id="a value"),
    ],
)
def test_a_word_that_is_not_known_gets_the_nearest_ones(typed: list[str], meant: str) -> None:
    result = CliRunner().invoke(main, typed)
    assert result.exit_code == 2
    assert meant in result.stderr


def test_verbose_tells_what_was_read_and_how_long_it_took() -> None:
    ran = run("check", "dist", "--verbose")
    assert re.search(r"read dist, \d+ objects: \d+\.\d\d s", ran.stderr)


def test_quiet_leaves_the_answer_alone() -> None:
    assert run("compile", "dist", "--quiet").stdout == run("compile", "dist").stdout


def test_quiet_checks_tell_findings_alone() -> None:
    assert run("check", "dist/argocd", "--quiet").stdout == ""
    assert run("check", "dist/argocd").stdout != ""


@pytest.mark.parametrize(
    ("environment", "coloured"),
    [
        pytest.param({}, False, id="not on a pipe"),
        pytest.param({"FORCE_COLOR": "1"}, True, id="on a pipe when asked"),
        pytest.param({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False, id="never with NO_COLOR"),
    ],
)
def test_colours(environment: dict[str, str], coloured: bool) -> None:
    said = run("check", "no-such-folder", **environment).stderr
    assert ("\x1b[" in said) is coloured
    assert "no such folder" in said


SLOW = """
import sys, time
import click
from meshwright.cli.command import Command
from meshwright.cli.terminal import progress
from meshwright.progress import steps

@click.command(cls=Command)
def command():
    with progress():
        for _ in steps(range(int(sys.argv[1])), "reading"):
            time.sleep(0.1)

command(sys.argv[2:])
"""


@pytest.mark.parametrize(
    ("count", "words", "shown"),
    [
        pytest.param(35, [], True, id="work over two seconds shows how far it is"),
        pytest.param(3, [], False, id="shorter work shows nothing"),
        pytest.param(35, ["--quiet"], False, id="nor does quiet work"),
    ],
)
def test_progress(count: int, words: list[str], shown: bool) -> None:
    terminal, end = pty.openpty()
    termios.tcsetwinsize(end, (24, 80))
    env = {**os.environ, "PYTHONPATH": str(ROOT / "constructs")}
    try:
        subprocess.run([sys.executable, "-c", SLOW, str(count), *words], stderr=end, env=env, check=True)
        os.close(end)
        assert (b"reading" in _read(terminal)) is shown
    finally:
        os.close(terminal)


def _read(terminal: int) -> bytes:
    found = b""
    while True:
        try:
            more = os.read(terminal, 65536)
        except OSError:  # the other end is closed and everything was read
            return found
        if not more:
            return found
        found += more


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        pytest.param("meshwright che", "check", id="commands"),
        pytest.param("meshwright check --for", "--format", id="options"),
        pytest.param("meshwright check --format sa", "sarif", id="values"),
        pytest.param("meshwright check --explain MW10", "MW104", id="codes of checks"),
    ],
)
def test_bash_completes(tmp_path: Path, typed: str, offered: str) -> None:
    program = tmp_path / "meshwright"
    program.write_text(f'#!/bin/sh\nexec {sys.executable} -m meshwright "$@"\n')
    program.chmod(0o755)
    words = " ".join(typed.split())
    script = (
        'eval "$(meshwright completion bash)"; '
        f"COMP_WORDS=({words}); COMP_CWORD={len(typed.split()) - 1}; "
        '_meshwright_completion meshwright; echo "${COMPREPLY[@]}"'
    )
    path = os.pathsep.join([str(tmp_path), os.environ["PATH"]])
    env = {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "constructs")}
    ran = subprocess.run(["bash", "-c", script], env=env, capture_output=True, text=True, check=False)
    assert offered in ran.stdout.split(), ran.stderr


def test_starting_imports_no_command() -> None:
    program = "import sys, meshwright.cli; print([m for m in sys.modules if m.startswith('meshwright.')])"
    said = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "['meshwright.errors', 'meshwright.cli']"
    for name in COMMANDS:
        assert import_module(f"meshwright.cli.{name.replace('import', 'import_crds')}").command.name == name
