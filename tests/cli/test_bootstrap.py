"""What has to be applied once."""

from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from meshwright.charts import ArgoApplication, ArgoRoot, Environment
from meshwright.cli import main
from meshwright.tree import App

REPOSITORY = "https://git.example.com/shop.git"


def written(folder: Path, root: bool = True, path: str = "dist") -> str:
    app = App(outdir=str(folder))
    argocd = Environment("argocd", namespace="argocd").chart(app, "applications")
    shop = Environment("prod", namespace="shop").chart(app, "shop")
    ArgoApplication(argocd, "shop", chart=shop, repository=REPOSITORY, path=path)
    if root:
        ArgoRoot(argocd, "root", repository=REPOSITORY, path=path)
    app.synth()
    return str(folder)


def test_it_is_the_root_with_its_project_and_nothing_else(tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["bootstrap", written(tmp_path / "dist")])
    assert done.exit_code == 0
    documents = list(yaml.safe_load_all(done.stdout))
    assert [(each["kind"], each["metadata"]["name"]) for each in documents] == [
        ("AppProject", "root"),
        ("Application", "root"),
    ]


def test_it_is_what_stands_in_the_folder_to_the_byte(tmp_path: Path) -> None:
    folder = written(tmp_path / "deploy" / "out", path="deploy/out")
    done = CliRunner().invoke(main, ["bootstrap", folder])
    text = (tmp_path / "deploy" / "out" / "argocd" / "applications.k8s.yaml").read_text()
    assert all(part in text for part in done.stdout.split("---\n"))


def test_the_folder_may_be_the_current_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path / "dist")
    monkeypatch.chdir(tmp_path)
    assert (
        CliRunner().invoke(main, ["bootstrap"]).stdout.startswith("apiVersion: argoproj.io/v1alpha1\nkind: AppProject")
    )


@pytest.mark.parametrize(
    ("root", "path"),
    [pytest.param(False, "dist", id="no root"), pytest.param(True, "elsewhere", id="a root of another folder")],
)
def test_a_folder_without_a_root_is_told(tmp_path: Path, root: bool, path: str) -> None:
    folder = written(tmp_path / "dist", root, path)
    done = CliRunner().invoke(main, ["bootstrap", folder])
    assert done.exit_code == 2
    assert done.stderr == (
        f"{folder}: no Application in it syncs the folder that it stands in. "
        "Write one with ArgoRoot in main.py, in the chart of your ArgoApplications\n"
    )
