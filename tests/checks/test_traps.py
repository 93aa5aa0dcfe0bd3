"""docs/traps.md names checks that exist, and each tells of its trap."""

import re
from pathlib import Path

import pytest

from tests.checks.findings import findings_in, told
from tests.checks.pages import CODES, examples, needs_everything

PAGE = Path(__file__).resolve().parents[2] / "docs" / "traps.md"
ROWS = {
    int(found[1]): found[2]
    for found in re.finditer(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", PAGE.read_text(), re.MULTILINE)
}
NAMED = [(trap, code) for trap, told_by in ROWS.items() for code in re.findall(r"\[(MW\d+)\]", told_by)]


def test_every_trap_is_there():
    assert list(ROWS) == list(range(1, 37))


@pytest.mark.parametrize(("trap", "told_by"), ROWS.items(), ids=str)
def test_a_trap_has_a_check_or_a_reason(trap, told_by):
    assert re.search(r"\[MW\d+\]\(checks/MW\d+\.md\)", told_by) or told_by.startswith("No check: ")


@pytest.mark.parametrize(("trap", "code"), NAMED, ids=str)
def test_the_check_of_a_trap_tells_of_it(trap, code):
    assert code in CODES
    found = told(findings_in(examples(code)["Wrong"], needs_everything(code)))
    assert code in {each.code for each in found}


SPRUNG = {
    2: ("MW201", "VirtualService", "{hosts: [a.example.com], http: [{redirect: {uri: /a}}, {redirect: {uri: /b}}]}"),
    13: (
        "MW201",
        "VirtualService",
        "{hosts: [a.example.com], http: [{match: [{uri: {prefix: /foo}}], redirect: {uri: /a}},"
        " {match: [{uri: {prefix: /foobar}}], redirect: {uri: /b}}]}",
    ),
    14: (
        "MW803",
        "VirtualService",
        "{hosts: [a.example.com], http: [{match: [{uri: {regex: '/a('}}], redirect: {uri: /b}}]}",
    ),
    17: (
        "MW201",
        "VirtualService",
        "{hosts: [a.example.com], http: [{match: [{uri: {exact: /a}, method: {exact: GET}}], redirect: {uri: /b}},"
        " {match: [{uri: {exact: /a}, method: {exact: GET}}], redirect: {uri: /c}}]}",
    ),
    21: (
        "MW803",
        "VirtualService",
        "{hosts: [a.example.com], http: [{route: [{destination: {host: b.example.com}, weight: 0},"
        " {destination: {host: c.example.com}, weight: 0}]}]}",
    ),
}
"""Traps whose check has a page about something else: what springs them."""


@pytest.mark.parametrize(("code", "kind", "spec"), SPRUNG.values(), ids=map(str, SPRUNG))
def test_a_trap_that_its_check_has_no_page_for_is_told(code, kind, spec):
    text = f"apiVersion: networking.istio.io/v1\nkind: {kind}\nmetadata: {{name: a, namespace: shop}}\nspec: {spec}\n"
    assert code in {each.code for each in told(findings_in(text))}
