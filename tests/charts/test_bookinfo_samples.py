"""Istio's networking samples of Bookinfo by level 2: in fewer lines, with the same meaning to istiod and to us."""

import ast
import importlib
import inspect
import json
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from benchmarks.conformance.routes import by_name
from meshwright.charts import Environment
from meshwright.envoy.routes import route_configuration
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from meshwright.traffic import Proxy
from meshwright.tree import App
from tests.charts.bookinfo_samples.bookinfo import Bookinfo
from tests.recorder import istiod
from tests.recorder.record import shortened

PROGRAMS = Path(__file__).parent / "bookinfo_samples"
SAMPLES = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "samples" / "bookinfo"
NAMES = sorted(file.stem for file in PROGRAMS.glob("*.py") if file.stem not in ("__init__", "bookinfo"))
PROXIES = {
    "gateway": Proxy("router", "istio-system", (("istio", "ingressgateway"),)),
    **{app: Proxy("sidecar", "default", (("app", app),)) for app in ("productpage", "reviews", "ratings", "details")},
}

needs_samples = pytest.mark.skipif(not SAMPLES.is_dir(), reason="Istio's samples are not beside the repository")


def module(name: str) -> ModuleType:
    return importlib.import_module(f"tests.charts.bookinfo_samples.{name}")


def refers(name: str) -> bool:
    """Whether a sample refers to the subsets that another file defines."""
    return len(inspect.signature(module(name).program).parameters) > 1


def yaml_of(name: str) -> str:
    return (SAMPLES / "networking" / f"{name.replace('_', '-')}.yaml").read_text()


def services() -> str:
    """The Services of Bookinfo; its workloads change no route."""
    documents = read_text((SAMPLES / "platform" / "kube" / "bookinfo.yaml").read_text())
    return "\n---\n".join(json.dumps(each.body) for each in documents if each.kind == "Service")


@cache
def ours(name: str) -> str:
    app, program = App(), module(name)
    chart = Environment("demo", namespace=getattr(program, "NAMESPACE", "default")).chart(app, "sample")
    if refers(name):
        program.program(chart, Bookinfo(Environment("demo").chart(app, "bookinfo")))
    else:
        program.program(chart)
    return f"{app.synth_yaml()}\n---\n{services()}"


@cache
def theirs(name: str) -> str:
    subsets = yaml_of("destination_rule_all") if refers(name) else ""
    return f"{yaml_of(name)}\n---\n{subsets}\n---\n{services()}"


def compiled(manifests: str) -> dict[str, Any]:
    mesh = compile_mesh(read_text(manifests))
    tables = {name: mesh.route_table(proxy) for name, proxy in PROXIES.items()}
    return {
        name: {
            "routes": by_name(route_configuration(each) for each in table.route_configurations),
            "clusters": sorted(table.clusters),
        }
        for name, table in tables.items()
    }


def recorded(manifests: list[str]) -> list[dict[str, Any]]:
    proxies = [
        {"name": name, "type": proxy.type, "namespace": proxy.namespace, "labels": dict(proxy.labels)}
        for name, proxy in PROXIES.items()
    ]
    with istiod.Istiod() as asking:
        answers = [asking.ask(istiod.question("sample", each, proxies)) for each in manifests]
    return [
        {
            name: {"routes": by_name(sent["routes"]), "clusters": sent["clusters"]}
            for name, sent in shortened(answer).items()
        }
        for answer in answers
    ]


def code_lines(name: str) -> int:
    """The lines of a program without blank ones, comments and its docstring."""
    text = (PROGRAMS / f"{name}.py").read_text()
    doc = ast.parse(text).body[0]
    assert isinstance(doc, ast.Expr) and doc.end_lineno is not None
    return sum(1 for line in text.splitlines()[doc.end_lineno :] if line.strip() and not line.lstrip().startswith("#"))


def yaml_lines(name: str) -> int:
    lines = [line.strip() for line in yaml_of(name).splitlines()]
    return sum(1 for line in lines if line and not line.startswith("#") and line != "---")


@needs_samples
def test_each_sample_has_its_program() -> None:
    assert sorted(file.stem.replace("-", "_") for file in (SAMPLES / "networking").glob("*.yaml")) == NAMES


@needs_samples
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_takes_fewer_lines_than_its_yaml(name: str) -> None:
    assert code_lines(name) < yaml_lines(name)


@needs_samples
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_compiles_to_the_routes_of_its_yaml(name: str) -> None:
    assert compiled(ours(name)) == compiled(theirs(name))


@needs_samples
@pytest.mark.oracle
@pytest.mark.parametrize("name", NAMES)
def test_a_sample_means_the_same_to_istiod(name: str) -> None:
    if istiod.program() is None:
        pytest.skip("needs the recorder: make recorder")
    own, yaml = recorded([ours(name), theirs(name)])
    assert own == yaml
    assert any(sent["routes"] for sent in own.values())


@pytest.mark.parametrize("name", NAMES)
def test_a_program_synthesises_without_a_problem(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(f"{__name__}.services", str)
    assert "apiVersion" in ours.__wrapped__(name)
