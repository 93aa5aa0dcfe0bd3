"""The SVG: well-formed whatever the names, nothing overlaps, and it needs nothing else."""

import re
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings

from meshwright.analysis.graph import mesh_graph
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from meshwright.report.graph.layout import layout
from meshwright.report.graph.svg import graph_svg
from tests.cli.meshes import SHOP
from tests.differential.meshes import meshes
from tests.report.graph.books import BOOKS
from tests.report.graph.hostile import hostile_mesh

SVG = "{http://www.w3.org/2000/svg}"


def graph_of(text):
    return mesh_graph(compile_mesh(read_text(text)))


def texts(svg):
    return ["".join(each.itertext()) for each in ElementTree.fromstring(svg).iter(f"{SVG}text")]


def test_cards_carry_hosts_rules_shares_and_versions():
    found = texts(graph_svg(graph_of(SHOP)))
    for words in ("shop.example.com", ":443 HTTPS", "/cart*, header end-user = jason", "90 %", "v2", "cart"):
        assert any(each.startswith(words) for each in found), words
    assert any("redirect 301 to path /new" in each for each in found)


def test_hostile_names_stay_text():
    root = ElementTree.fromstring(graph_svg(graph_of(hostile_mesh()), "</title><script>alert(1)</script>"))
    kinds = {each.tag.removeprefix(SVG) for each in root.iter()}
    assert kinds <= {"svg", "g", "title", "style", "rect", "path", "text"}
    names = {name for each in root.iter() for name in each.attrib}
    assert not {name for name in names if name.startswith("on") or "href" in name}


def test_it_names_nothing_outside_of_itself():
    svg = graph_svg(graph_of(BOOKS))
    assert re.findall(r"https?://[^\"]+", svg) == ["http://www.w3.org/2000/svg"]
    assert "url(" not in svg
    assert "@import" not in svg


def overlap(one, other):
    return one.left < other.right and other.left < one.right and one.top < other.bottom and other.top < one.bottom


@given(mesh=meshes())
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
def test_no_card_lies_on_another_or_outside_of_the_picture(mesh):
    placed = layout(graph_of(mesh.text))
    cards = [*placed.entrances, *placed.hosts, *placed.services]
    for number, card in enumerate(cards):
        assert 0 <= card.left < card.right <= placed.width
        assert 0 <= card.top < card.bottom <= placed.height
        assert not any(overlap(card, other) for other in cards[number + 1 :])


@pytest.mark.chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_light_and_dark_follow_the_reader_and_no_text_leaves_its_card(chromium, tmp_path, scheme):
    file = tmp_path / "books.svg"
    file.write_text(graph_svg(graph_of(BOOKS)), encoding="utf-8")
    context = chromium.new_context(color_scheme=scheme, offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    ground = page.evaluate("getComputedStyle(document.querySelector('.page')).fill")
    assert ground == {"light": "rgb(248, 250, 252)", "dark": "rgb(11, 17, 32)"}[scheme]
    outside = page.evaluate(
        """() => [...document.querySelectorAll('g')].filter(g => g.querySelector('.card')).flatMap(g => {
        const card = g.querySelector('.card').getBBox();
        return [...g.querySelectorAll('text')].filter(text => { const box = text.getBBox();
          return box.x < card.x || box.x + box.width > card.x + card.width + 0.5; })
            .map(text => text.textContent); })"""
    )
    assert outside == []
    context.close()
