"""What routes of level 2 answer: as istiod and a real Envoy do (tests/recorder/record_charts.py), and as we compile."""

import json
from functools import cache
from math import sqrt
from typing import Any

import pytest

from meshwright.analysis.decide import Decider
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from tests.recorder import charts, istiod


@cache
def recorded(name: str) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = json.loads((charts.ANSWERS / f"{name}.json").read_text())["answers"]
    return answers


@cache
def decider(name: str, caller: str) -> Decider:
    mesh = compile_mesh(read_text(charts.manifests(name)))
    return Decider(mesh.route_table(charts.proxies(name, recorded(name))[caller]))


def sentence(asked: dict[str, Any]) -> str:
    caller = f" from {asked['from']}" if "from" in asked else ""
    said = " ".join(f"{key}:{value}" for key, value in asked.get("headers", {}).items())
    told = asked["answer"].get("status") or asked["answer"]["statuses"]
    return f"{asked['method']} {asked['url']} {said}{caller} is answered {told}"


CASES = [
    pytest.param(name, asked, id=f"{name}: {sentence(asked)}") for name in charts.PROGRAMS for asked in recorded(name)
]


@pytest.mark.parametrize(("name", "asked"), CASES)
def test_the_model_answers_as_recorded(name: str, asked: dict[str, Any]) -> None:
    decision = decider(name, asked.get("from", "")).decide(charts.request_of(asked))
    answer = asked["answer"]
    said = {key: value for key, value in answer.items() if key in ("timeout", "retries", "mirrors")}
    assert charts.said_of(decision.route) == said
    assert decision.location == answer.get("location")
    clusters = {cluster.name: cluster.weight for cluster in decision.clusters}
    if "times" in asked:
        assert clusters.keys() == answer["clusters"].keys()
        return
    if "cluster" in answer and decision.outcome == "route":
        assert list(clusters) == [answer["cluster"]]
        assert decision.path == answer.get("path", charts.request_of(asked).path)
        assert decision.authority == answer.get("authority", charts.request_of(asked).authority)
    if decision.status is not None and "grpc-status" not in asked.get("look", ()):
        assert decision.status == answer["status"]


@pytest.mark.parametrize(
    ("name", "path", "key", "percent"),
    [
        pytest.param(
            "every_field_of_a_route", "/split", "clusters", {"|v1|": 80, "|v2|": 20}, id="weights of versions"
        ),
        pytest.param("gateway_api_twin", "/split", "clusters", {"||cart": 80, "||new": 20}, id="weights of Services"),
        pytest.param("every_field_of_a_route", "/some", "statuses", {"200": 70, "400": 30}, id="a share of faults"),
    ],
)
def test_shares_are_kept_within_four_deviations(name: str, path: str, key: str, percent: dict[str, int]) -> None:
    asked = next(each for each in recorded(name) if each["url"].endswith(path))
    for part, share in percent.items():
        count = sum(found for said, found in asked["answer"][key].items() if part in said)
        expected = asked["times"] * share / 100
        assert abs(count - expected) < 4 * sqrt(expected * (100 - share) / 100)


@pytest.mark.oracle
@pytest.mark.envoy
@pytest.mark.parametrize("name", charts.PROGRAMS)
def test_istiod_and_envoy_still_answer_as_recorded(name: str) -> None:
    if istiod.program() is None:
        pytest.skip("needs the recorder: make recorder")
    now = charts.answers_of_istiod(name, charts.requests(name))
    assert [_certain(answer) for answer in now] == [_certain(answer) for answer in recorded(name)]


def _certain(asked: dict[str, Any]) -> dict[str, Any]:
    """An answer without what chance decides."""
    answer = {key: value for key, value in asked["answer"].items() if key not in ("statuses", "clusters")}
    counted = {key: sorted(asked["answer"][key]) for key in ("statuses", "clusters") if key in asked["answer"]}
    return {**asked, "answer": {**answer, **counted}}
