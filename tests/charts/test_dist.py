"""What this repository's own apps synthesise: the snapshots a reviewer reads are the files that Argo CD syncs."""

import importlib
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import jsonschema
import kubernetes_validate
import pytest
import yaml
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

ROOT = Path(__file__).resolve().parents[2]
DIST = ROOT / "dist"
CHARTS = sorted(file.relative_to(DIST).as_posix().removesuffix(".k8s.yaml") for file in DIST.rglob("*.k8s.yaml"))
KUBERNETES = ["1.33", "1.34", "1.35", "1.36", "1.37"]

SOURCES = {
    "istio.io": ("istio.io/api@v1.31.1", "kubernetes/customresourcedefinitions.gen.yaml"),
    "argoproj.io": ("github.com/argoproj/argo-cd/v3@v3.2.0", "manifests/crds"),
}


class ManifestSnapshot(SingleFileSnapshotExtension):
    """A snapshot that is YAML as it stands in ``dist/``."""

    _write_mode = WriteMode.TEXT
    file_extension = "k8s.yaml"

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        """The name of the chart, as in ``dist/``."""
        return str(index)


@pytest.fixture
def manifests(snapshot: SnapshotAssertion) -> SnapshotAssertion:
    return snapshot.use_extension(ManifestSnapshot)


@pytest.fixture(scope="module")
def synthesised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder into which main.py has just synthesised."""
    out = tmp_path_factory.mktemp("dist")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CDK8S_OUTDIR", str(out))
        importlib.import_module("main")
    return out


def snapshot_of(chart: str) -> str:
    """The name of the snapshot of a file in ``dist/``: ``prod-guestbook``."""
    return chart.replace("/", "-")


def documents(file: Path) -> list[dict[str, Any]]:
    return list(yaml.safe_load_all(file.read_text()))


def objects(*, custom: bool) -> list[Any]:
    """The objects of dist/: those of CRDs, or those of Kubernetes itself."""
    return [
        pytest.param(document, id=f"{chart}: {document['kind']} {document['metadata']['name']}")
        for chart in CHARTS
        for document in documents(DIST / f"{chart}.k8s.yaml")
        if document["apiVersion"].partition("/")[0].endswith(tuple(SOURCES)) is custom
    ]


@pytest.mark.parametrize("chart", CHARTS)
def test_a_chart_is_its_snapshot(chart: str, synthesised: Path, manifests: SnapshotAssertion) -> None:
    assert (synthesised / f"{chart}.k8s.yaml").read_text() == manifests(name=snapshot_of(chart))


@pytest.mark.parametrize("chart", CHARTS)
def test_a_snapshot_is_the_file_in_dist_to_the_byte(chart: str) -> None:
    folder = Path(__file__).parent / "__snapshots__" / "test_dist"
    assert (folder / f"{snapshot_of(chart)}.k8s.yaml").read_bytes() == (DIST / f"{chart}.k8s.yaml").read_bytes()


def test_no_chart_is_missing_from_dist(synthesised: Path) -> None:
    written = [file.relative_to(synthesised).as_posix() for file in synthesised.rglob("*") if file.is_file()]
    assert sorted(written) == [f"{chart}.k8s.yaml" for chart in CHARTS]


@pytest.mark.parametrize("version", KUBERNETES)
@pytest.mark.parametrize("document", objects(custom=False))
def test_kubernetes_accepts_each_object(document: dict[str, Any], version: str) -> None:
    assert kubernetes_validate.validate(document, version, strict=True) == version


@cache
def crds(module: str, path: str) -> dict[tuple[str, str], Any]:
    """The schemas of a pinned Go module's CRDs, by apiVersion and kind."""
    if shutil.which("go") is None:
        pytest.skip("needs Go, to fetch the pinned CRDs")
    done = subprocess.run(["go", "mod", "download", "-json", module], capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"the pinned CRDs of {module} cannot be fetched: {done.stdout[-200:]}")
    source = Path(json.loads(done.stdout)["Dir"]) / path
    files = sorted(source.glob("*-crd.yaml")) if source.is_dir() else [source]
    return {
        (f"{crd['spec']['group']}/{version['name']}", crd["spec"]["names"]["kind"]): version["schema"][
            "openAPIV3Schema"
        ]
        for file in files
        for crd in documents(file)
        if crd and crd["kind"] == "CustomResourceDefinition"
        for version in crd["spec"]["versions"]
    }


def crd_schema(api_version: str, kind: str) -> Any:
    group = api_version.partition("/")[0]
    source = next(source for suffix, source in SOURCES.items() if group.endswith(suffix))
    return crds(*source)[api_version, kind]


@pytest.mark.parametrize("document", objects(custom=True))
def test_the_crds_accept_each_custom_object(document: dict[str, Any]) -> None:
    validator = jsonschema.Draft7Validator(crd_schema(document["apiVersion"], document["kind"]))
    assert [error.message for error in validator.iter_errors(document)] == []
