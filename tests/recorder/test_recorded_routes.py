"""Our own cases: what istiod sent for tests/data/routes/CASE is what we compile. A new case is files and no code."""

import json
from pathlib import Path

import pytest

from benchmarks.conformance.routes import by_name
from benchmarks.conformance.verdict import difference
from meshwright.envoy.routes import route_configuration
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_file
from meshwright.traffic import Proxy, RouteTable
from tests.recorder.summary import of_ours

CASES = Path(__file__).resolve().parents[1] / "data" / "routes"
FOLDERS = sorted(folder for folder in CASES.iterdir() if folder.is_dir())


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_compiles_what_istiod_sent(folder):
    asked = json.loads((folder / "question.json").read_text())
    answer = json.loads((folder / "answer.json").read_text())["proxies"]
    options = MeshOptions(config_domain=asked.get("domain", "cluster.local"), mesh_config=asked.get("mesh", {}))
    mesh = compile_mesh(read_file(folder / "mesh.yaml"), options)
    for proxy in asked["proxies"]:
        labels = tuple(sorted(proxy.get("labels", {}).items()))
        ours = _ours(
            mesh.route_table(Proxy(proxy["type"], proxy["namespace"], labels, tuple(proxy.get("addresses", ()))))
        )
        theirs = _theirs(answer[proxy["name"]])
        for part in theirs:
            assert ours[part] == theirs[part], f"{proxy['name']} {part}\n{difference(theirs[part], ours[part])}"


def test_every_case_has_an_answer():
    assert [folder.name for folder in FOLDERS if not (folder / "answer.json").is_file()] == []


def _theirs(answer):
    return {
        "routes": by_name(answer["routes"]),
        "listeners": {listener["name"]: listener for listener in answer["listeners"]},
        "clusters": sorted(answer["clusters"]),
    }


def _ours(table: RouteTable):
    return {
        "routes": by_name(route_configuration(each) for each in table.route_configurations),
        "listeners": {listener.name: of_ours(listener) for listener in table.listeners},
        "clusters": sorted(table.clusters),
    }
