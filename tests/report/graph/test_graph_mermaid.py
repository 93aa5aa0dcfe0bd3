"""The Mermaid graph: what the real Mermaid draws of it, and what no name can do to it."""

import re

import pytest

from meshwright.analysis.graph import mesh_graph
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from meshwright.report.graph.mermaid import graph_mermaid
from meshwright.report.graph.mermaid_text import MOST_CHARACTERS, MOST_EDGES, escaped
from tests.cli.meshes import SHOP
from tests.report.graph.books import BOOKS
from tests.report.graph.hostile import BREAKS, hostile_mesh
from tests.report.mermaid import mermaid_page

LINE = re.compile(
    r"flowchart LR|  classDef \w+ [\w:#,.-]+( \d)?"
    r'|  \w+(\(\[|\[)"[^"]*"(\]\)|\]):::\w+'
    r'|  \w+ (-->|-\.->)(\|"[^"]*"\|)? \w+'
)


def mermaid_of(text):
    return graph_mermaid(mesh_graph(compile_mesh(read_text(text))))


def edges(text):
    return [line for line in text.splitlines() if "-->" in line or "-.->" in line]


def test_rules_shares_and_answers_stand_in_the_graph():
    text = mermaid_of(SHOP)
    assert '  e0 -->|":80 HTTP, :443 HTTPS"| h0' in text
    assert '  h0r2 -->|"90 #37;"| s0v0' in text
    assert '  h0r1a(["redirect 301 to path /new"]):::answer' in text


@pytest.mark.parametrize("text", [pytest.param(each, id=str(number)) for number, each in enumerate(BREAKS)])
def test_no_name_ends_its_label(text):
    assert not re.search(r"[\"`<>\[\]{}()|\\\n\u2028]", escaped(text))
    assert all(LINE.fullmatch(line) for line in mermaid_of(hostile_mesh()).splitlines())


def test_a_fleet_is_cut_to_what_github_draws_and_the_rest_is_counted():
    hosts = [
        f"""---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: app-{number}, namespace: fleet}}
spec:
  hosts: [app-{number}.example.com]
  gateways: [all]
  http: [{{route: [{{destination: {{host: app-{number}.example.org}}}}]}}]
"""
        for number in range(400)
    ]
    gateway = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: all, namespace: fleet}
spec: {servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
"""
    text = mermaid_of(gateway + "".join(hosts))
    drawn = len(re.findall(r"^  h\d+\[", text, re.MULTILINE))
    assert 0 < drawn < 400
    assert f'more["… and {400 - drawn} more hosts"]' in text
    assert len(text) <= MOST_CHARACTERS
    assert len(edges(text)) <= MOST_EDGES


@pytest.mark.chromium
def test_the_real_mermaid_draws_it(opened):
    page = mermaid_page(opened)
    shown = page.evaluate("text => render(text)", mermaid_of(BOOKS))
    for words in ("bookinfo.example.com", "80 %", "2 · /*", "delays 10 % by 5 s", "reviews v3"):
        assert words in shown


@pytest.mark.chromium
def test_the_real_mermaid_shows_hostile_names_as_text(opened):
    page = mermaid_page(opened)
    shown = page.evaluate("text => render(text)", mermaid_of(hostile_mesh()))
    assert "<img src=x onerror=alert(1)>" in shown
    assert "]; click h0 " in shown
    found = page.evaluate(
        "document.querySelectorAll('#here img, #here script, #here a, #here [onerror], #here [onload]').length"
    )
    assert found == 0
