"""Commands of meshwright that README, CONTRIBUTING, CHANGELOG and docs/ name are there, with the options they name."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from meshwright.cli import COMMANDS, main
from tests.docs.page import BLOCK
from tests.docs.reader import ROOT

PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]
_TYPED = {"console": r"\$ (.*)", "sh": r"(.*)", "yaml": r"(?:- )?(?:run: |entry: )?(.*)"}
"""How a line of a block is a command, by the block's language."""
_INLINE = re.compile(r"(?<!`)`(meshwright [^`]+)`(?!`)")
_BEFORE_COMMAND = ("do", "then", "else", "!", "time", "exec")


def typed(text: str) -> Iterator[str]:
    """Yield what a page has typed: lines of its blocks, and what its sentences quote."""
    for block in BLOCK.finditer(text):
        form = _TYPED.get(block["language"])
        for line in block["text"].replace("\\\n", " ").splitlines() if form else ():
            found = re.fullmatch(form or "", line.strip())
            if found and "meshwright" in found[1]:
                yield found[1]
    prose = BLOCK.sub("", text)
    yield from (" ".join(quoted.split()) for quoted in _INLINE.findall(prose))


def calls(line: str) -> Iterator[list[str]]:
    """Yield the words behind each ``meshwright`` that a shell would run."""
    lexer = shlex.shlex(line, posix=True, punctuation_chars=True)
    lexer.whitespace_split = True
    try:
        words = list(lexer)
    except ValueError:  # a quote that ends on another line: no command of its own
        return
    for place, word in enumerate(words):
        begins = place == 0 or _is_operator(words[place - 1]) or words[place - 1] in _BEFORE_COMMAND
        if word == "meshwright" and begins:
            rest = words[place + 1 :]
            end = next((number for number, each in enumerate(rest) if _is_operator(each)), len(rest))
            yield rest[:end]


def _is_operator(word: str) -> bool:
    return bool(word) and set(word) <= set("();<>|&")


def wrong(words: list[str]) -> str:
    """Return what is wrong with the words behind ``meshwright``; empty if nothing is."""
    name, rest = (words[0], words[1:]) if words else ("--help", [])
    if name.startswith("-"):
        known = {each for option in main.get_params(click.Context(main)) for each in option.opts}
        return "" if name in known else f"there is no option {name}"
    command = main.get_command(click.Context(main), name)
    if command is None:
        return f"there is no command {name} (there are {', '.join(COMMANDS)})"
    context = click.Context(command)
    try:
        values, _, _ = command.make_parser(context).parse_args(rest)
    except click.UsageError as problem:
        return problem.format_message()
    for option in command.get_params(context):
        given = values.get(option.name or "")
        choices = option.type.choices if isinstance(option.type, click.Choice) else (given,)
        if isinstance(given, str) and given.islower() and given not in choices:
            return f"{option.opts[0]} cannot be {given}"
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_commands_and_options_that_a_page_names_are_there(page: Path) -> None:
    told = [
        f"{line}: {problem}"
        for line in typed(page.read_text(encoding="utf-8"))
        for words in calls(line)
        if (problem := wrong(words))
    ]
    assert told == []


def test_pages_name_commands() -> None:
    named = {words[0] for page in PAGES for line in typed(page.read_text()) for words in calls(line) if words}
    assert named >= set(COMMANDS)


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("meshwright chek dist", "there is no command chek"),
        ("helm template x | meshwright check - --fromat json", "--fromat"),
        ("for each in dist/*; do meshwright check --format jsn $each; done", "--format cannot be jsn"),
        ("meshwright diff HEAD:dist > report.md --no-such", ""),
    ],
)
def test_a_word_that_is_not_there_is_found(line: str, told: str) -> None:
    (words,) = calls(line)
    assert told in wrong(words)
    assert bool(told) is bool(wrong(words))
