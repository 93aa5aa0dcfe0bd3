"""Canaries and blue-green: which routes they write."""

from datetime import timedelta
from typing import Any

import pytest

from meshwright.charts import Abort, BlueGreen, Canary, Fault, HttpApp, IngressGateway, Match, Step
from meshwright.tree import Chart
from tests.charts.constructs import refused, shop, specs

STEPS = [Step.header("x-canary"), Step.share(5), Step.cookie("canary", "yes"), Step.share(100)]


def app(chart: Chart) -> HttpApp[str]:
    return HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=80)


def rules(chart: Chart) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = specs(chart, "VirtualService")[0]["http"]
    return found


def shares(rule: dict[str, Any]) -> dict[str, int | None]:
    return {to["destination"]["subset"]: to.get("weight") for to in rule["route"]}


@pytest.mark.parametrize(
    ("weight", "expected"),
    [
        pytest.param(0, {"v1": None}, id="at 0 percent all goes to the stable version"),
        pytest.param(20, {"v1": 80, "v2": 20}, id="at 20 percent a fifth goes to the canary"),
        pytest.param(100, {"v2": None}, id="at 100 percent all goes to the canary"),
    ],
)
def test_a_canary_gets_its_share(weight: int, expected: dict[str, int | None]) -> None:
    chart = shop()
    Canary(chart, "canary", of=app(chart), stable="v1", canary="v2", weight=weight)
    assert [shares(rule) for rule in rules(chart)] == [expected]


@pytest.mark.parametrize(
    ("at", "testers", "expected"),
    [
        pytest.param(0, 0, {"v1": None}, id="before the first step nobody sees the canary"),
        pytest.param(1, 1, {"v1": None}, id="then those who ask by a header"),
        pytest.param(2, 1, {"v1": 95, "v2": 5}, id="then a share of the others"),
        pytest.param(3, 2, {"v1": 95, "v2": 5}, id="then those with a cookie, too"),
        pytest.param(4, 2, {"v2": None}, id="in the end everybody"),
    ],
)
def test_steps_come_into_force_one_by_one(at: int, testers: int, expected: dict[str, int | None]) -> None:
    chart = shop()
    Canary(chart, "canary", of=app(chart), stable="v1", canary="v2", steps=STEPS, at=at)
    *first, last = rules(chart)
    assert shares(last) == expected
    assert [(len(rule["match"]), shares(rule)) for rule in first] == ([(testers, {"v2": None})] if testers else [])


def test_faults_and_timeouts_hold_for_every_request() -> None:
    chart = shop()
    fault = Fault(abort=Abort(503, percent=1))
    testers = Match.any().header("a")
    Canary(
        chart,
        "canary",
        of=app(chart),
        stable="v1",
        canary="v2",
        weight=5,
        testers=testers,
        fault=fault,
        timeout=timedelta(seconds=1),
    )
    written = [(rule["timeout"], rule["fault"]["abort"]["httpStatus"]) for rule in rules(chart)]
    assert written == [("1s", 503), ("1s", 503)]


def test_a_canary_behind_a_gateway_is_for_its_public_hosts() -> None:
    chart = shop()
    gateway = IngressGateway(chart, "gateway", hosts=["www.example.com"])
    Canary(
        chart,
        "canary",
        of=app(chart),
        stable="v1",
        canary="v2",
        weight=5,
        hosts=["www.example.com"],
        gateways=[gateway],
    )
    assert [(spec["hosts"], spec["gateways"]) for spec in specs(chart, "VirtualService")] == [
        (["www.example.com"], ["shop/gateway"])
    ]


def test_blue_green_shows_the_preview_to_those_who_ask() -> None:
    chart = shop()
    BlueGreen(chart, "release", of=app(chart), live="v1", preview="v2")
    preview, live = rules(chart)
    assert preview["match"] == [{"headers": {"x-preview": {"exact": "true"}}}]
    assert (shares(preview), shares(live)) == ({"v2": None}, {"v1": None})


def test_blue_green_without_a_preview_has_one_route() -> None:
    chart = shop()
    BlueGreen(chart, "release", of=app(chart), live="v2")
    assert [shares(rule) for rule in rules(chart)] == [{"v2": None}]


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"weight": 101}, "canary: weight is 101", id="a weight above 100"),
        pytest.param({"weight": -1}, "canary: weight is -1", id="a weight below 0"),
        pytest.param({"weight": 2.5}, "canary: weight is 2.5", id="half a percent"),
        pytest.param({"weight": 5, "stable": "v2"}, "stable and canary are both 'v2'", id="one version twice"),
        pytest.param({"weight": 5, "canary": "v3"}, "it has no version 'v3'", id="a version that is not there"),
        pytest.param({"steps": STEPS, "at": 5}, "canary: at is 5", id="a step that is not there"),
        pytest.param({"steps": [Step()], "at": 0}, "it needs one of weight and testers", id="a step of nothing"),
        pytest.param(
            {"steps": [Step.share(5), Step.share(5)], "at": 0}, "weight 5 is not above 5", id="weights that do not grow"
        ),
    ],
)
def test_a_canary_refuses(fields: dict[str, Any], said: str) -> None:
    chart = shop()
    Canary(chart, "canary", **{"of": app(chart), "stable": "v1", "canary": "v2", **fields})
    assert said in refused(chart)[0]


def test_blue_green_refuses_a_preview_of_what_is_live_and_a_match_for_no_preview() -> None:
    chart = shop()
    BlueGreen(chart, "one", of=app(chart), live="v1", preview="v1")
    assert refused(chart)[0].startswith("live and preview are both 'v1'")
    chart = shop()
    BlueGreen(chart, "two", of=app(chart), live="v1", preview_match=Match.any().header("a"))
    assert refused(chart)[0].startswith("preview_match without a preview")
