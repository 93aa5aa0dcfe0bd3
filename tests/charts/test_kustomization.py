"""Folders for Kustomize as part of our charts."""

import shutil
from pathlib import Path
from typing import Any

import pytest

from meshwright.charts import Kustomization
from meshwright.charts.render_program import digest
from meshwright.errors import MeshwrightError
from meshwright.tree import Chart, Testing
from tests.charts.constructs import refused
from tests.charts.helm import namespace_shop

BASE = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {level: info}
"""
OVERLAY = """
resources: [../base]
namePrefix: prod-
patches:
- patch: '[{"op": "replace", "path": "/data/level", "value": "warn"}]'
  target: {kind: ConfigMap}
"""


@pytest.fixture(autouse=True)
def kustomize() -> None:
    if shutil.which("kustomize") is None and shutil.which("kubectl") is None:
        pytest.skip("needs kustomize or kubectl")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, text in {"base": "resources: [settings.yaml]\n", "prod": OVERLAY}.items():
        (tmp_path / "apps" / name).mkdir(parents=True)
        (tmp_path / "apps" / name / "kustomization.yaml").write_text(text)
    (tmp_path / "apps" / "base" / "settings.yaml").write_text(BASE)
    return tmp_path / "apps"


def included(path: Path, chart: Chart | None = None, **fields: Any) -> Kustomization:
    scope = chart or namespace_shop()
    given: dict[str, Any] = {"path": path, "overlay": "prod", "digest": digest(scope, path), **fields}
    return Kustomization(scope, "settings", **given)


def test_an_overlay_is_built_and_its_objects_are_reached_by_name(folder: Path) -> None:
    chart = namespace_shop()
    made = included(folder, chart)
    made.object("ConfigMap", "prod-settings").metadata.add_label("team", "shop")
    (found,) = Testing.synth(chart)
    assert found["metadata"] == {"name": "prod-settings", "namespace": "shop", "labels": {"team": "shop"}}
    assert found["data"] == {"level": "warn"}


def test_a_change_in_the_base_changes_the_digest(folder: Path) -> None:
    pin = digest(namespace_shop(), folder)
    (folder / "base" / "settings.yaml").write_text(BASE.replace("info", "debug"))
    with pytest.raises(MeshwrightError, match=f"not {pin}"):
        included(folder, digest=pin)


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("https://example.com/base.yaml", id="a URL"),
        pytest.param("github.com/example/base?ref=v1", id="a repository"),
        pytest.param("git@example.com:base.git", id="a repository by SSH"),
    ],
)
def test_what_is_elsewhere_is_refused_with_its_line(folder: Path, source: str) -> None:
    (folder / "prod" / "kustomization.yaml").write_text(f"resources:\n- {source}\n")
    with pytest.raises(MeshwrightError, match=r"prod/kustomization.yaml:2 names something elsewhere"):
        included(folder)


def test_an_overlay_outside_of_the_folder_is_refused(folder: Path) -> None:
    with pytest.raises(MeshwrightError, match=r"overlay '../..' leads out of"):
        included(folder, overlay="../..")


def test_a_file_outside_of_the_folder_cannot_be_read(folder: Path) -> None:
    (folder.parent / "secret.yaml").write_text(BASE)
    (folder / "prod" / "kustomization.yaml").write_text("resources: [../../secret.yaml]\n")
    with pytest.raises(MeshwrightError, match=r"security; file '.*secret.yaml' is not in or below"):
        included(folder)


def test_kinds_are_admitted_as_of_a_helm_chart(folder: Path) -> None:
    (folder / "prod" / "kustomization.yaml").write_text("resources: [../base]\n")
    (folder / "base" / "settings.yaml").write_text("apiVersion: v1\nkind: Namespace\nmetadata: {name: other}\n")
    chart = namespace_shop()
    included(folder, chart)
    assert "it brings Namespace 'other', a kind that is not admitted" in refused(chart)[0]
