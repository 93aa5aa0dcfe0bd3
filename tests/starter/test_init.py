"""``meshwright init`` writes what was asked for, and nothing over what is there."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner, Result

from meshwright.cli import main


def init(folder: Path, *words: str) -> Result:
    return CliRunner().invoke(main, ["init", str(folder), *words])


@pytest.mark.parametrize(
    ("ci", "there"),
    [("github", [".github/workflows/pull-request.yml"]), ("gitlab", [".gitlab-ci.yml"]), ("none", [])],
)
def test_one_ci_is_set_up(tmp_path: Path, ci: str, there: list[str]) -> None:
    assert init(tmp_path / "shop", "--ci", ci).exit_code == 0
    known = [".github/workflows/pull-request.yml", ".gitlab-ci.yml"]
    found = [name for name in known if (tmp_path / "shop" / name).exists()]
    assert found == there
    for name in found:
        assert yaml.safe_load((tmp_path / "shop" / name).read_text())


def test_what_was_asked_for_is_in_the_manifests(tmp_path: Path) -> None:
    words = ["--name", "big-cart", "--image", "example.com/cart@sha256:" + "0" * 64, "--port", "9000"]
    said = init(tmp_path / "x", *words, "--host", "cart.shop.example.org", "--namespace", "carts")
    assert said.exit_code == 0, said.output
    objects = [
        each
        for file in (tmp_path / "x" / "dist").rglob("*.yaml")
        for each in yaml.safe_load_all(file.read_text())
        if each["metadata"].get("namespace") == "carts"
    ]
    by_kind = {each["kind"]: each for each in objects}
    container = by_kind["Deployment"]["spec"]["template"]["spec"]["containers"][0]
    assert container["image"].startswith("example.com/cart@sha256:")
    assert container["ports"][0]["containerPort"] == 9000
    assert by_kind["VirtualService"]["spec"]["hosts"] == ["cart.shop.example.org"]
    assert by_kind["Service"]["metadata"]["name"] == "big-cart"


def test_its_types_hold(tmp_path: Path) -> None:
    assert init(tmp_path / "shop").exit_code == 0
    command = [sys.executable, "-m", "mypy", "--config-file", "pyproject.toml"]
    checked = subprocess.run(command, cwd=tmp_path / "shop", capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(
    ("words", "told"),
    [
        pytest.param(["--name", "Shop!"], '--name: "Shop!" is no name', id="a name"),
        pytest.param(["--image", "shop"], '--image: "shop" names no version', id="an image without a tag"),
        pytest.param(["--image", 'a:1"; import os'], "--image", id="an image that is a program"),
        pytest.param(["--host", "shop"], '--host: "shop" is no public host', id="a host of one label"),
        pytest.param(["--host", "*.example.com"], "--host", id="a wildcard"),
        pytest.param(["--port", "0"], "--port: 0 is no port", id="a port"),
        pytest.param(["--repository", "here"], "--repository", id="a repository"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused(tmp_path: Path, words: list[str], told: str) -> None:
    said = init(tmp_path / "shop", *words)
    assert said.exit_code == 2
    assert told in said.stderr
    assert not (tmp_path / "shop").exists()


def test_nothing_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "Makefile").write_text("mine")
    said = init(tmp_path)
    assert said.exit_code == 2
    assert "Makefile is there already" in said.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["Makefile"]


def test_an_empty_repository_is_a_good_place(tmp_path: Path) -> None:
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    assert init(tmp_path, "--name", "shop").exit_code == 0
