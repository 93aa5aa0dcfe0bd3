"""The page of a difference in a real Chromium: what it shows, its search, and that no name becomes markup."""

from dataclasses import replace

import pytest

from meshwright.analysis.traffic_diff import Aspect, ObjectChange
from meshwright.report.diff_html import diff_html
from tests.cli.meshes import SHOP
from tests.report.hostile_diff import hostile_report, report_of

AFTER = SHOP.replace("timeout: 3s", "timeout: 5s").replace("prefix: /old", "prefix: /older")


@pytest.fixture(scope="module")
def report():
    return report_of(SHOP, AFTER)


@pytest.mark.chromium
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_each_change_shows_requests_answers_and_the_lines_of_both_sides(opened, report, scheme):
    page = opened(diff_html(report), scheme=scheme)
    assert page.inner_text("h1") == "1 newly refused, 1 altered"
    altered = page.locator("article.altered")
    assert "timeout 3 s → 5 s" in altered.inner_text()
    altered.locator("summary", has_text="lines").click()
    marked = altered.locator("pre .here").all_inner_texts()
    assert "    timeout: 3s" in marked
    assert "    timeout: 5s" in marked
    altered.locator("summary", has_text="request").click()
    assert (
        altered.locator("pre.typed").inner_text().startswith("meshwright explain base GET http://shop.example.com/cart")
    )


@pytest.mark.chromium
def test_search_leaves_the_changes_with_all_the_words(opened, report):
    page = opened(diff_html(report))
    page.keyboard.press("/")
    page.keyboard.type("altered 5 s")
    assert page.locator("article:visible").count() == 1
    assert page.inner_text("#status") == "1 of 2 changes"
    page.keyboard.press("Escape")
    assert page.locator("article:visible").count() == 2


@pytest.mark.chromium
def test_no_script_of_a_manifest_runs_and_no_name_becomes_markup(opened):
    hostile = hostile_report()
    breaks = "<img src=x onerror=alert(1)>"
    objects = (ObjectChange("changed", breaks, (Aspect(breaks, breaks, breaks),)),)
    page = opened(diff_html(replace(hostile, before=breaks, objects=objects, rollout=(breaks,))))
    assert page.evaluate("document.querySelectorAll('img, svg, a, iframe, [onerror], [onload]').length") == 0
    assert page.evaluate("document.scripts.length") == 1
    assert breaks in page.inner_text("main")


@pytest.mark.chromium
def test_no_change_needs_no_search(opened):
    page = opened(diff_html(report_of(SHOP, SHOP)))
    assert page.inner_text("h1").startswith("No request is affected")
    assert page.locator("input").count() == 0
