"""No name and no value of a manifest makes a terminal, a pull request or a page do anything."""

import json
import re
import xml.etree.ElementTree as ElementTree
from html.parser import HTMLParser
from pathlib import Path

import click
import markdown
import pytest
from click.testing import CliRunner, Result

from meshwright.cli import COMMANDS, main
from tests.abuse.hostile import HOSTILE, obeyed, shop

ARGUMENTS = {
    "check": ["a.yaml"],
    "compile": ["a.yaml"],
    "diff": ["a.yaml", "b.yaml"],
    "explain": ["a.yaml", "GET", "http://shop.example.com/a"],
    "graph": ["a.yaml"],
    "guard": ["a.yaml", "b.yaml"],
}
"""Commands that tell of manifests; others do not read any, or serve them until they are ended."""

PLAIN = "plain"


def styles(command: str) -> list[str]:
    found = main.get_command(click.Context(main), command)
    options = [each for each in found.params if "--format" in each.opts] if found is not None else []
    return [style for each in options if isinstance(each.type, click.Choice) for style in each.type.choices]


REPORTS = [(command, style) for command in ARGUMENTS if command in COMMANDS for style in styles(command)]


def report(command: str, style: str, text: str) -> Result:
    Path("a.yaml").write_text(shop(text))
    Path("b.yaml").write_text(shop(text, "/b"))
    return CliRunner().invoke(main, [command, *ARGUMENTS[command], "--format", style])


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


class Tags(HTMLParser):
    """The tags of a page, and where its links and images lead."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.seen: list[str] = []
        self.leading: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.seen.append(tag)
        self.leading += [value or "" for name, value in attributes if name in ("src", "href", "xlink:href")]
        assert not [name for name, _ in attributes if name.startswith("on")]


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize(("command", "style"), [each for each in REPORTS if each[1] != "html"])
def test_a_terminal_obeys_no_name(command: str, style: str, kind: str) -> None:
    run = report(command, style, HOSTILE[kind])
    assert run.exit_code in (0, 1), run.output
    assert obeyed(run.output) == set()


@pytest.mark.parametrize(("command", "style"), [each for each in REPORTS if each[1] in ("text", "markdown")])
def test_no_name_adds_a_line_of_its_own(command: str, style: str) -> None:
    lines = report(command, style, HOSTILE["lines"]).output.splitlines()
    assert not [line for line in lines if line.startswith(("dist/all.yaml", "error: fake"))]


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize(("command", "style"), [each for each in REPORTS if each[1] == "markdown"])
def test_markdown_has_no_tag_link_or_mention_of_a_name(command: str, style: str, kind: str) -> None:
    rendered = [
        Tags(markdown.markdown(report(command, style, text).output, extensions=["tables", "fenced_code"]))
        for text in (HOSTILE[kind], PLAIN)
    ]
    assert set(rendered[0].seen) <= set(rendered[1].seen) | {"br"}
    assert [each for each in rendered[0].leading if "evil" in each or "javascript" in each] == []
    assert not re.search(r"(?<!\\)@all", report(command, style, HOSTILE[kind]).output)


@pytest.mark.parametrize(("command", "style"), [each for each in REPORTS if each[1] in ("html", "svg")])
def test_a_page_has_no_tag_of_a_name(command: str, style: str) -> None:
    hostile, plain = (Tags(report(command, style, text).output) for text in (HOSTILE["markdown"], PLAIN))
    assert set(hostile.seen) <= set(plain.seen)
    assert hostile.seen.count("script") == plain.seen.count("script")
    assert not [each for each in hostile.leading if "evil" in each or "javascript" in each]


@pytest.mark.parametrize("kind", HOSTILE)
@pytest.mark.parametrize(("command", "style"), [each for each in REPORTS if each[1] in ("json", "sarif", "envoy")])
def test_json_stays_json(command: str, style: str, kind: str) -> None:
    run = report(command, style, HOSTILE[kind])
    assert json.loads(run.output) is not None


@pytest.mark.parametrize("kind", HOSTILE)
def test_junit_stays_xml(kind: str) -> None:
    assert ElementTree.fromstring(report("check", "junit", HOSTILE[kind]).output).tag == "testsuites"


@pytest.mark.parametrize("kind", HOSTILE)
def test_route_tests_obey_no_name(kind: str) -> None:
    Path("a.yaml").write_text(shop(HOSTILE[kind]).replace("[(", "a"))
    tested = {
        "description": HOSTILE[kind],
        "wantMatch": True,
        "request": {"authority": [HOSTILE[kind]], "method": ["GET"], "uri": ["/"]},
        "route": [{"destination": {"host": HOSTILE[kind]}}],
    }
    Path("tests.yaml").write_text(json.dumps({"testCases": [tested]}))
    run = CliRunner().invoke(main, ["test", "tests.yaml", "--config", "a.yaml"])
    assert run.exit_code == 1, run.output
    assert "FAILED tests.yaml: " in run.output
    assert obeyed(run.output) == set()
    assert not [line for line in run.output.splitlines() if line.startswith(("dist/all.yaml", "error: fake"))]


@pytest.mark.parametrize("kind", HOSTILE)
def test_errors_obey_no_name(kind: str) -> None:
    body = {"apiVersion": "v1", "kind": HOSTILE[kind], "metadata": {"name": 3, "namespace": HOSTILE[kind]}}
    Path("a.yaml").write_text(json.dumps(body))
    run = CliRunner().invoke(main, ["check", "a.yaml"])
    assert run.exit_code == 2
    assert obeyed(run.output) == set()
    assert len(run.output.splitlines()) == 1
