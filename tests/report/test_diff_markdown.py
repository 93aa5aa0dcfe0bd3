"""The comment on a pull request: what it says, that it fits, and that no name becomes markup."""

import re
from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from meshwright.analysis.traffic_diff import Aspect, DiffReport, ObjectChange, TrafficDiff
from meshwright.report.diff_markdown import MARKER, MOST_BYTES, diff_markdown
from meshwright.report.diff_mermaid import diff_mermaid
from meshwright.report.markdown_text import code, fenced, html
from tests.cli.meshes import SHOP
from tests.report.graph.hostile import BREAKS
from tests.report.graph.test_graph_mermaid import edges
from tests.report.hostile_diff import hostile_report, report_of
from tests.report.mermaid import mermaid_page

AFTER = (
    SHOP.replace("subset: v1}, weight: 90", "subset: v1}, weight: 70")
    .replace("subset: v2}, weight: 10", "subset: v2}, weight: 30")
    .replace("prefix: /old", "prefix: /older")
)
GFM = MarkdownIt("gfm-like", {"linkify": False})
GITHUB_CHARACTERS = 65_536


@pytest.fixture(scope="module")
def report():
    return report_of(SHOP, AFTER)


def markup(text):
    """Everything in the Markdown that is neither text nor code."""
    inner = [each for token in GFM.parse(text) for each in [token, *(token.children or [])]]
    return [each for each in inner if each.type not in ("text", "code_inline", "fence", "softbreak", "inline")]


def test_the_first_line_is_the_marker_and_the_second_the_sum(report):
    first, second, *_ = diff_markdown(report).splitlines()
    assert first == MARKER
    assert second.startswith("### Traffic: 1 newly refused, 1 moved")


def test_each_change_has_its_requests_both_answers_a_witness_and_both_places(report):
    text = diff_markdown(report)
    assert "`cart v1 90 %, v2 10 %` → `cart v1 70 %, v2 30 %`" in text
    assert "```sh\nGET http://shop.example.com/cart\n```" in text
    assert "<sub>before `base/shop.yaml:24` · after `head/shop.yaml:24`</sub>" in text


def test_changes_stand_under_the_app_they_come_from(report):
    assert re.findall("<summary><code>(.*?)</code>", diff_markdown(report)) == ["shop/shop"]


def test_no_change_is_said_in_one_line():
    text = diff_markdown(report_of(SHOP, SHOP + "\n# a comment\n"))
    assert text.splitlines()[1] == "### Traffic: no request is affected: 1 file, 2 lines"
    assert "<details" not in text
    assert "mermaid" not in text


def test_what_does_not_fit_is_counted(report):
    change = report.traffic.changes[0]
    many = replace(report, traffic=TrafficDiff(tuple(change for _ in range(2_000))))
    text = diff_markdown(many)
    told = text.count("\n🔴 **Newly refused**")
    assert 0 < told < 2_000
    assert f"**{2_000 - told:,} more changes left out here:** `meshwright diff base head` tells all." in text
    assert len(text.encode()) <= MOST_BYTES < GITHUB_CHARACTERS
    assert text.count("<details") == text.count("</details>")


@pytest.mark.parametrize("most", [2_000, 5_000, 20_000])
def test_it_is_never_longer_than_it_may_be_whatever_it_tells(most):
    long = "x" * 5_000
    objects = tuple(ObjectChange("changed", long, (Aspect("image", long, long),)) for _ in range(500))
    hostile = hostile_report()
    report = replace(hostile, objects=objects, rollout=(long, long))
    assert len(diff_markdown(report, most).encode()) <= most


def test_objects_beside_traffic_and_the_order_of_rollout_are_told():
    objects = (ObjectChange("changed", "Deployment shop/cart", (Aspect("image", "cart:1", "cart:2"),)),)
    report = DiffReport("a", "b", TrafficDiff(), 1, 2, objects, ("add subset v2 first",))
    text = diff_markdown(report)
    assert "- `Deployment shop/cart: image cart:1 → cart:2`" in text
    assert "**Order of rollout.** `add subset v2 first`" in text


@pytest.mark.parametrize("text", BREAKS)
def test_a_name_in_code_is_nothing_but_code(text):
    assert [each.type for each in markup(code(text))] == ["paragraph_open", "paragraph_close"]
    (block,) = GFM.parse(fenced(text))
    assert block.type == "fence"
    assert not re.search(r"[<>`*\[\]_]", html(text))


def test_no_hostile_name_becomes_markup():
    text = diff_markdown(hostile_report())
    found = markup(text)
    assert not [each for each in found if each.type in ("link_open", "image", "table_open")]
    tags = {tag for each in found if each.type.startswith("html") for tag in re.findall(r"</?([a-z]+)", each.content)}
    assert tags <= {"details", "summary", "code", "sub"}
    assert text.count("<details") == text.count("</details>")


def test_the_graph_tells_what_goes_comes_and_changes_by_colour(report):
    text = diff_mermaid(report.traffic)
    assert '-->|"90 #37; → 70 #37;"|' in text
    colours = dict(re.findall(r"linkStyle ([\d,]+) stroke:(#\w+)", text))
    assert sorted(int(each) for numbers in colours for each in numbers.split(",")) == list(
        range(len(edges(text)) + text.count("==>"))
    )
    assert {"#16a34a", "#dc2626", "#d97706"} == set(colours.values())


@pytest.mark.chromium
def test_the_real_mermaid_draws_the_changed_routes(opened, report):
    page = mermaid_page(opened)
    assert "90 % → 70 %" in page.evaluate("text => render(text)", diff_mermaid(report.traffic))
    hostile = page.evaluate("text => render(text)", diff_mermaid(hostile_report().traffic))
    assert "alert(1)" in hostile
    assert page.evaluate("document.querySelectorAll('#here img, #here script, #here a').length") == 0
