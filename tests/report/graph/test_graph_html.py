"""The page of a mesh in a real Chromium: search, filters, keyboard, the lines behind everything, no foreign script."""

import hashlib
import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from meshwright.analysis.graph import mesh_graph
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from meshwright.report.assets import asset
from meshwright.report.graph.data import graph_data
from meshwright.report.graph.html import graph_html
from meshwright.report.page import embedded
from tests.cli.meshes import SHOP
from tests.report.conftest import NODE_MODULES, until
from tests.report.graph.books import BOOKS
from tests.report.graph.hostile import BREAKS, hostile_mesh

REPOSITORY = Path(__file__).resolve().parents[3]
BUNDLED = {"cytoscape.min.js": "dist/cytoscape.min.js", "cytoscape.LICENSE": "LICENSE"}


def page_of(text):
    return graph_html(mesh_graph(compile_mesh(read_text(text, "shop.yaml"))), "shop")


@pytest.fixture(scope="module")
def books():
    return graph_html(mesh_graph(compile_mesh(read_text(BOOKS, "books.yaml"))), "books")


def listed(page):
    return page.eval_on_selector_all("#results button", "all => all.map(each => each.firstChild.textContent)")


def drawn(page):
    """The titles of the cards in the picture."""
    found = "document.querySelector('#picture')._cyreg.cy.nodes('.card').map(node => node.data('label'))"
    return page.evaluate(found)


def marked(page):
    return page.eval_on_selector_all("#details pre .here", "all => all.map(each => each.textContent)")


@pytest.mark.parametrize("name", BUNDLED)
def test_what_is_bundled_is_byte_for_byte_what_npm_carries(name):
    installed = NODE_MODULES / "cytoscape" / BUNDLED[name]
    if not installed.is_file():
        pytest.skip("Cytoscape.js is not installed: run make setup")
    bundled = REPOSITORY / "constructs" / "meshwright" / "report" / "assets" / name
    assert hashlib.sha256(bundled.read_bytes()).digest() == hashlib.sha256(installed.read_bytes()).digest()


def test_no_text_ends_the_element_it_is_embedded_in():
    text = embedded(BREAKS)
    assert json.loads(text) == BREAKS
    assert not re.search("[<>&\u2028\u2029]", text)


def test_a_secret_beside_a_route_stays_out_of_the_page():
    secret = (
        "---\napiVersion: v1\nkind: Secret\nmetadata: {name: s, namespace: shop}\nstringData: {key: hidden-value}\n"
    )
    html = page_of(f"{SHOP}{secret}")
    assert "VirtualService" in html
    assert "hidden-value" not in html


def test_lines_of_a_rule_end_where_the_next_one_begins():
    data = graph_data(mesh_graph(compile_mesh(read_text(SHOP, "shop.yaml"))), "shop")
    rules = data["hosts"][0]["rules"]
    places = [rule["places"][0] for rule in rules]
    assert [(each["line"], each["last"]) for each in places] == [(20, 21), (22, 23), (24, 30)]
    document = data["documents"][places[0]["doc"]]
    assert document["text"].startswith("apiVersion: networking.istio.io/v1\nkind: VirtualService")
    assert document["text"].endswith("weight: 10}")


@pytest.mark.chromium
def test_the_picture_shows_every_host_and_service(opened, books):
    page = opened(books)
    assert {"bookinfo.example.com", "reviews.default", "ingressgateway", "mesh", "guestbook"} <= set(drawn(page))
    assert page.inner_text("#status") == "7 hosts, 10 services"


@pytest.mark.chromium
def test_typing_finds_what_has_all_the_words(opened, books):
    page = opened(books)
    page.fill("#search", "jason DEFAULT")
    until(page, "document.querySelectorAll('#results button').length === 1")
    assert listed(page) == ["reviews.default"]
    assert set(drawn(page)) == {"mesh", "reviews.default", "reviews"}
    page.fill("#search", "nothing-is-called-so")
    until(page, "document.querySelector('#results').textContent === 'Nothing matches.'")


@pytest.mark.chromium
@pytest.mark.parametrize(
    ("control", "label", "hosts"),
    [
        pytest.param(
            "namespace",
            "drill",
            ["bookinfo.drill.example.com", "ratings.drill", "reviews.drill"],
            id="by namespace",
        ),
        pytest.param("host", "any host (ingressgateway)", ["any host"], id="by host"),
        pytest.param("service", "productpage.default", ["bookinfo.example.com"], id="by service"),
    ],
)
def test_a_filter_leaves_what_it_asks_for(opened, books, control, label, hosts):
    page = opened(books)
    page.select_option(f"#{control}", label=label)
    titles = page.eval_on_selector_all(
        "#results ul:first-of-type button", "all => all.map(b => b.firstChild.textContent)"
    )
    assert titles == hosts
    assert set(hosts) <= set(drawn(page))
    page.click("#clear")
    assert len(listed(page)) == 17


@pytest.mark.chromium
def test_the_keyboard_alone_leads_to_the_yaml_and_back(opened, books):
    page = opened(books)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("ratings.default")
    until(page, "document.querySelectorAll('#results button').length === 2")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    assert page.inner_text("#details h2") == "ratings.default"
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert marked(page)[0].strip() == "- name: everyone"
    page.keyboard.press("Escape")
    assert page.is_hidden("#details")
    assert page.evaluate("document.activeElement.dataset.id").startswith("h")
    page.keyboard.press("Escape")
    assert page.input_value("#search") == ""


@pytest.mark.chromium
def test_a_click_on_a_line_opens_the_rule_and_the_version_behind_it(opened, books):
    page = opened(books)
    place = page.evaluate(
        """() => { const cy = document.querySelector('#picture')._cyreg.cy;
        const edge = cy.edges().filter(each => each.data('label') === '80 %')[0];
        const middle = edge.renderedMidpoint(), box = document.querySelector('#picture').getBoundingClientRect();
        return [box.x + middle.x, box.y + middle.y]; }"""
    )
    page.mouse.click(*place)
    page.wait_for_selector("#details:not([hidden])")
    headings = page.eval_on_selector_all("#details h3", "all => all.map(each => each.textContent)")
    assert [each.partition(" ")[0] for each in headings if "/" in each] == ["VirtualService", "DestinationRule"]
    assert any("weight: 80" in line for line in marked(page))


MAIN = """\
from meshwright.imports.kubernetes.core import Service, ServicePort
from meshwright.tree import App, Chart

app = App(outdir="dist")
Service(Chart(app, "shop"), "cart", metadata={"name": "cart"}, ports=[ServicePort(port=80)])
app.synth()
"""


@pytest.mark.chromium
def test_the_line_of_python_is_shown_where_it_is_known(opened, tmp_path):
    (tmp_path / "main.py").write_text(MAIN)
    (tmp_path / "cdk8s.yaml").write_text("app: python main.py\n")
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-m", "meshwright", "synth"], cwd=tmp_path, env=environment, check=True)
    asked = [sys.executable, "-m", "meshwright", "graph", "dist", "--format", "html"]
    html = subprocess.run(asked, cwd=tmp_path, env=environment, check=True, capture_output=True, text=True).stdout
    page = opened(html, fragment="#s0")
    assert "made by main.py:5, shop/cart" in page.inner_text("#details")
    assert marked(page)[0].startswith('Service(Chart(app, "shop"), "cart"')


@pytest.mark.chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_control_has_a_name_and_text_stands_out(opened, books, scheme):
    page = opened(books, scheme=scheme)
    nameless = page.evaluate(
        """() => [...document.querySelectorAll('button, input, select, [role=img], nav, aside')].filter(each =>
        !(each.getAttribute('aria-label') || each.textContent.trim() || (each.labels && each.labels.length)
        )).map(each => each.outerHTML)"""
    )
    assert nameless == []
    colour, ground = page.evaluate(
        "[getComputedStyle(document.body).color, getComputedStyle(document.body).backgroundColor]"
    )
    light, dark = sorted((luminance(colour), luminance(ground)))
    assert (dark + 0.05) / (light + 0.05) > 7


def luminance(colour):
    parts = [int(each) / 255 for each in re.findall(r"\d+", colour)[:3]]
    linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return sum(weight * part for weight, part in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


@pytest.mark.chromium
def test_no_script_of_a_manifest_runs_and_no_name_becomes_markup(opened):
    page = opened(page_of(hostile_mesh()))
    total = page.eval_on_selector_all("#results button", "all => all.length")
    assert total >= 2 * len(BREAKS)
    for number in range(total):
        page.evaluate("number => document.querySelectorAll('#results button')[number].click()", number)
        for rule in range(page.eval_on_selector_all("#details .rules button", "all => all.length")):
            page.evaluate("number => document.querySelectorAll('#results button')[number].click()", number)
            page.evaluate("rule => document.querySelectorAll('#details .rules button')[rule].click()", rule)
    foreign = page.evaluate("document.querySelectorAll('img, svg, a, iframe, [onerror], [onload]').length")
    assert foreign == 0
    assert page.evaluate("document.scripts.length") == 5
    assert "</script><script>alert(1)</script>" in page.inner_text("#results")


@pytest.mark.chromium
def test_a_script_that_slips_in_is_stopped_by_the_policy(chromium, tmp_path):
    html = page_of(SHOP).replace("<body>", "<body><script>window.slipped = true</script>")
    file = tmp_path / "page.html"
    file.write_text(html, encoding="utf-8")
    context = chromium.new_context(offline=True)
    page = context.new_page()
    page.goto(file.as_uri())
    page.wait_for_selector("html[data-ready]")
    assert page.evaluate("window.slipped") is None
    context.close()


@pytest.mark.chromium
def test_a_link_to_a_part_opens_it(opened, books):
    page = opened(books, fragment="#h0r0")
    assert page.inner_text("#details h2") == "any host"
    assert marked(page)


def test_the_page_is_one_file_that_names_no_other():
    html = page_of(SHOP)
    assert not re.search(r"<(?:script|link|img|iframe)[^>]+(?:src|href)=", html)
    assert "default-src 'none'" in html
    assert asset("graph.js") in html


GATE = """apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: all, namespace: fleet}
spec: {servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}
"""
APP = """---
apiVersion: v1
kind: Service
metadata: {{name: app-{0}, namespace: fleet}}
spec: {{ports: [{{name: http, port: 80}}]}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: app-{0}, namespace: fleet}}
spec: {{hosts: [app-{0}.example.com], gateways: [all], http: [{{route: [{{destination: {{host: app-{0}}}}}]}}]}}
"""


@pytest.mark.chromium
def test_of_hundreds_of_hosts_some_are_drawn_and_all_are_found(opened):
    page = opened(page_of(GATE + "".join(APP.format(number) for number in range(250))))
    assert page.inner_text("#note span").startswith("40 of 250 hosts are drawn.")
    assert sum(title.endswith(".example.com") for title in drawn(page)) == 40
    page.fill("#search", "app-249.")
    until(page, "document.querySelector('#status').textContent === '1 host, 1 service'")
    assert "app-249.example.com" in drawn(page)
    page.keyboard.press("Escape")
    page.click("#note button")
    assert len(drawn(page)) >= 500
    assert page.is_hidden("#note")
