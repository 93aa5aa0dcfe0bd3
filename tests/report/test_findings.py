"""Reports of findings: well-formed whatever stands in the manifests, and nothing that a reader would obey."""

import json
import re
from dataclasses import dataclass
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft4Validator
from markdown_it import MarkdownIt

from meshwright.analysis.finding import SEVERITIES, Finding
from meshwright.report.findings_json import findings_json
from meshwright.report.findings_junit import findings_junit
from meshwright.report.findings_markdown import findings_markdown
from meshwright.report.findings_sarif import findings_sarif
from meshwright.report.findings_text import findings_text
from meshwright.traffic import MadeBy, Origin

SCHEMA = Path(__file__).resolve().parents[1] / "data" / "sarif" / "sarif-2.1.0-rtm.5.json"
VALIDATOR = Draft4Validator(json.loads(SCHEMA.read_text()))
HOSTILE = [
    "\x1b[31mred\x1b]0;title\x07",
    "one\ntwo: error: forged",
    "a|b<script>alert(1)</script>",
    "[link](https://example.com) ![img](x) @team #1",
    "`code` *bold* _under_ ~~gone~~ \\",
    "\u202eright to left\u2066",
    "\x00\x85\ufffe",
    "&amp; <b> https://example.com/x www.example.com",
]


@dataclass(frozen=True)
class Text:
    """A place whose every part is what somebody else wrote."""

    file: str
    content: str
    made: MadeBy | None = None

    def line_of(self, field: str) -> int:
        return 1

    def text_of(self, line: int) -> str:
        return self.content

    def made_by(self, field: str) -> MadeBy | None:
        return self.made


def findings_with(text: str) -> list[Finding]:
    place = Text(f"dist/{text}.yaml", text, MadeBy(f"shop/{text}", f"{text}.py", 3))
    origins = [Origin(f"Service shop/{text}", f"spec.{text}", place), Origin(f"Service shop/{text}")]
    return [
        Finding("MW104", severity, f'"{text}" is wrong', f"Change {text}.", origin, tuple(reversed(origins)))
        for severity in SEVERITIES
        for origin in origins
    ]


@pytest.mark.parametrize("text", ["plain", *HOSTILE])
def test_sarif_is_valid_by_its_schema(text: str) -> None:
    written = json.loads(findings_sarif(findings_with(text), {"MW104": text}))
    assert [error.message for error in VALIDATOR.iter_errors(written)] == []
    locations = [each["locations"][0].get("physicalLocation") for each in written["runs"][0]["results"]]
    assert {bool(location) for location in locations} == {True, False}


def test_the_schema_would_tell() -> None:
    broken = findings_sarif(findings_with("plain"), {}).replace('"startLine": 1', '"startLine": 0')
    assert list(VALIDATOR.iter_errors(json.loads(broken)))


def test_no_finding_is_valid_too() -> None:
    assert VALIDATOR.is_valid(json.loads(findings_sarif([], {})))


@pytest.mark.parametrize("text", HOSTILE)
def test_the_terminal_gets_one_line_for_each_thing_told_and_nothing_to_obey(text: str) -> None:
    plain, hostile = findings_text(findings_with("plain")), findings_text(findings_with(text))
    assert hostile.count("\n") == plain.count("\n")
    assert all(char.isprintable() or char == "\n" for char in hostile)


@given(st.text(max_size=30))
def test_no_name_reaches_the_terminal_as_it_is(text: str) -> None:
    told = findings_text(findings_with(text))
    assert all(char.isprintable() or char == "\n" for char in told)


@pytest.mark.parametrize("text", HOSTILE)
def test_markdown_keeps_what_a_user_wrote_inside_its_cell(text: str) -> None:
    written = findings_markdown(findings_with(text))
    html = MarkdownIt("gfm-like", {"linkify": False}).render(written)
    assert html.count("<tr>") == 1 + 2 * (len(SEVERITIES) - 1)
    assert set(re.findall(r"<(\w+)", html)) == {"table", "thead", "tbody", "tr", "th", "td", "p"}
    assert not re.search(r"(?<!\\)[@#]", written)


@pytest.mark.parametrize("text", HOSTILE)
def test_junit_and_json_can_be_read_back(text: str) -> None:
    assert ElementTree.fromstring(findings_junit(findings_with(text), {"MW104": text})).tag == "testsuites"
    found = json.loads(findings_json(findings_with(text)))["findings"]
    assert found[0]["made_by"]["construct"] == f"shop/{text}"
