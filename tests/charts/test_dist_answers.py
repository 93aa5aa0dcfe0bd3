"""What dist/ answers: as recorded from istiod and a real Envoy (tests/recorder/record_dist.py), and by our model."""

import json
from typing import Any

import pytest

from meshwright.analysis.decide import Decider
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_folder
from meshwright.traffic import Proxy
from tests.recorder import istiod
from tests.recorder.record_dist import FOLDER, GATEWAY, REPOSITORY, answers_of_istiod, request_of

ANSWERS: list[dict[str, Any]] = json.loads((FOLDER / "answers.json").read_text())["answers"]


def sentence(answer: dict[str, Any]) -> str:
    headers = " ".join(f"{name}:{value}" for name, value in answer.get("headers", {}).items())
    return (
        f"{answer['method']} {answer['url']} {headers} is answered {answer['status']} by {answer['cluster'] or 'none'}"
    )


@pytest.fixture(scope="module")
def deciders() -> dict[str, Decider]:
    mesh = compile_mesh(read_folder(REPOSITORY / "dist"))
    gateway = Proxy("router", GATEWAY["namespace"], tuple(GATEWAY["labels"].items()))
    proxies = {"": gateway, "productpage": Proxy("sidecar", "default", (("app", "productpage"),))}
    return {name: Decider(mesh.route_table(proxy)) for name, proxy in proxies.items()}


@pytest.mark.parametrize("answer", ANSWERS, ids=sentence)
def test_the_model_answers_as_recorded(answer: dict[str, Any], deciders: dict[str, Decider]) -> None:
    decision = deciders[answer.get("from", "")].decide(request_of(answer))
    clusters = [cluster.name for cluster in decision.clusters]
    assert (decision.status or 200, clusters) == (answer["status"], [answer["cluster"]] if answer["cluster"] else [])


@pytest.mark.oracle
@pytest.mark.envoy
def test_istiod_and_envoy_still_answer_as_recorded() -> None:
    if istiod.program() is None:
        pytest.skip("needs the recorder: make recorder")
    assert answers_of_istiod() == ANSWERS
