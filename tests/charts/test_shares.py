"""Shares of requests: what a real Envoy did with istiod's configuration, as recorded in tests/data/charts."""

import json
from math import sqrt
from typing import Any

import pytest

from tests.recorder import charts

RATINGS = "ratings:9080/ratings/0"


def answer(name: str, url: str) -> tuple[int, dict[str, Any]]:
    """How often the first request to a URL was sent, and what came of it."""
    recorded = json.loads((charts.ANSWERS / f"{name}.json").read_text())["answers"]
    asked = next(each for each in recorded if each["url"] == f"http://{url}" and "times" in each)
    return asked["times"], asked["answer"]


@pytest.mark.parametrize(
    ("name", "url", "key", "percent"),
    [
        pytest.param("releases", "cart:8080/", "clusters", {"|v1|": 80, "|v2|": 20}, id="a canary of 20 percent"),
        pytest.param("releases", "prices:8080/", "clusters", {"|v1|": 50, "|v2|": 50}, id="a step of 50 percent"),
        pytest.param("bookinfo_demo", RATINGS, "clusters", {"|v1|": 80, "|v2|": 20}, id="Bookinfo's canary"),
        pytest.param("bookinfo_drill", RATINGS, "statuses", {"200": 70, "400": 30}, id="Bookinfo's faults"),
        pytest.param("bookinfo_demo", RATINGS, "statuses", {"200": 100}, id="no fault outside of the drill"),
    ],
)
def test_are_kept_within_four_deviations(name: str, url: str, key: str, percent: dict[str, int]) -> None:
    times, got = answer(name, url)
    for part, share in percent.items():
        count = sum(found for said, found in got[key].items() if part in said)
        expected = times * share / 100
        assert abs(count - expected) <= 4 * sqrt(expected * (100 - share) / 100)
