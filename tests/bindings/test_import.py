"""`meshwright import`: sources, files, errors."""

import json
import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from meshwright.bindings.generate import generate
from meshwright.bindings.sources import Source, go_module, read_sources
from meshwright.cli.import_crds import command
from meshwright.errors import InputError

DATA = Path(__file__).parent / "data"
ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    shutil.copy(DATA / "cache.yaml", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command, arguments)


def test_the_imports_list_becomes_packages_below_imports(here: Path) -> None:
    (here / "cdk8s.yaml").write_text("language: python\nimports: ['storage:=cache.yaml']\n")
    result = run()
    assert (result.exit_code, result.output) == (0, "2 files in imports\n")
    assert sorted(path.relative_to(here).as_posix() for path in (here / "imports").rglob("*.py*")) == [
        "imports/__init__.py",
        "imports/storage/__init__.py",
        "imports/storage/__init__.pyi",
    ]


def test_generating_twice_gives_the_same_bytes(here: Path) -> None:
    source = Source("storage", str(here / "cache.yaml"))
    assert generate(source) == generate(source)


def test_generated_text_names_no_folder_of_this_machine(here: Path) -> None:
    assert not [path for path, text in generate(Source("", str(here / "cache.yaml"))).items() if str(here) in text]


def test_a_file_that_was_generated_and_is_no_more_goes(here: Path) -> None:
    (here / "cdk8s.yaml").write_text("imports: ['storage:=cache.yaml']\n")
    run()
    stale = here / "imports" / "storage" / "gone.py"
    shutil.copy(here / "imports" / "storage" / "__init__.py", stale)
    assert run().exit_code == 0
    assert not stale.exists()


def test_a_file_that_people_wrote_is_never_overwritten(here: Path) -> None:
    (here / "cdk8s.yaml").write_text("imports: ['storage:=cache.yaml']\n")
    (here / "imports" / "storage").mkdir(parents=True)
    (here / "imports" / "storage" / "__init__.py").write_text("mine = 1\n")
    with pytest.raises(InputError, match="was not written by meshwright import"):
        CliRunner().invoke(command, [], catch_exceptions=False, standalone_mode=False)
    assert (here / "imports" / "storage" / "__init__.py").read_text() == "mine = 1\n"


@pytest.mark.parametrize(
    ("config", "told"),
    [
        pytest.param(None, "cdk8s.yaml: cannot be read", id="no cdk8s.yaml"),
        pytest.param("language: python\n", "has no list of strings under imports", id="no imports"),
        pytest.param("imports: [a.yaml", "is no YAML", id="no YAML"),
        pytest.param("imports: [gone.yaml]", "gone.yaml: is neither a file nor a folder", id="no such file"),
        pytest.param("imports: ['go:example.com/m']", "is no Go module with a version", id="no version"),
        pytest.param("imports: ['k8s@1.2.3']", "is not in the installed kubernetes-validate", id="no such Kubernetes"),
        pytest.param("imports: ['http://127.0.0.1:1/a.yaml']", "a.yaml: cannot be downloaded", id="no server"),
        pytest.param("imports: [/dev/null]", "is neither a file nor a folder", id="no regular file"),
        pytest.param("imports: [cdk8s.yaml]", "holds no CustomResourceDefinition", id="no CRD"),
    ],
)
def test_a_source_that_cannot_be_read_is_named(here: Path, config: str | None, told: str) -> None:
    if config is not None:
        (here / "cdk8s.yaml").write_text(config)
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(command, [], catch_exceptions=False, standalone_mode=False)
    assert told in str(caught.value)
    assert not (here / "imports").exists()


@pytest.mark.parametrize(
    ("schema", "told"),
    [
        pytest.param({}, "Thing: spec.a: it has no type", id="no type"),
        pytest.param({"type": "array"}, "Thing: spec.a: it is a list without items", id="a list of nothing"),
        pytest.param({"type": "string", "$ref": "#/x"}, "spec.a: the keyword '$ref' is not known", id="a reference"),
        pytest.param({"type": "string", "oneOf": [{"pattern": "a"}]}, "spec.a: it has oneOf", id="oneOf on a string"),
        pytest.param(
            {"type": "object", "properties": {"b": {"type": "tuple"}}},
            "spec.a.b: its type is 'tuple'",
            id="a strange type",
        ),
        pytest.param(
            {"type": "object", "properties": {"b": {"type": "string"}}, "additionalProperties": {"type": "string"}},
            "spec.a: it has properties and additionalProperties",
            id="an open object",
        ),
        pytest.param({"type": "string", "pattern": "(?<=a"}, "spec.a: the pattern", id="a pattern Python cannot read"),
    ],
)
def test_a_field_that_cannot_be_expressed_is_an_error_that_names_it(tmp_path: Path, schema: Any, told: str) -> None:
    body = {"type": "object", "properties": {"spec": {"type": "object", "properties": {"a": schema}}}}
    crd = {
        "kind": "CustomResourceDefinition",
        "metadata": {"name": "things.a.example.com"},
        "spec": {
            "group": "a.example.com",
            "names": {"kind": "Thing"},
            "versions": [{"name": "v1", "schema": {"openAPIV3Schema": body}}],
        },
    }
    (tmp_path / "crd.json").write_text(json.dumps(crd))
    with pytest.raises(InputError) as caught:
        generate(Source("", str(tmp_path / "crd.json")))
    assert told in str(caught.value)


def test_a_rule_that_only_a_cluster_can_judge_is_noted(here: Path) -> None:
    stub = generate(Source("", str(here / "cache.yaml")))["example/storage.pyi"]
    assert "self.size >= oldSelf.size (it compares with the object's earlier state)" in stub


def test_a_go_location_has_module_version_and_path() -> None:
    assert go_module("go:istio.io/api@v1.31.1/kubernetes/a.yaml") == ("istio.io/api@v1.31.1", "kubernetes/a.yaml")


@pytest.mark.parametrize("source", read_sources(ROOT / "cdk8s.yaml"), ids=lambda source: source.name)
def test_what_is_committed_is_what_the_pinned_sources_give(source: Source, monkeypatch: pytest.MonkeyPatch) -> None:
    if source.location.startswith("go:"):
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}:/usr/local/go/bin")
        if shutil.which("go") is None:
            pytest.skip("needs Go")
    try:
        files = generate(source)
    except InputError as error:
        pytest.skip(f"the source cannot be reached: {error}")
    differing = [path for path, text in files.items() if (ROOT / "imports" / path).read_text() != text]
    assert differing == []


def test_names_of_messages_win_over_what_a_stub_imports(tmp_path: Path) -> None:
    stub = (ROOT / "imports" / "istio" / "telemetry.pyi").read_text()
    assert "Literal as _Literal" in stub and "class Literal(TypedDict" in stub
    assert re.findall(r"\bLiteral\[", stub) == []
