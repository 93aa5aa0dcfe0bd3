"""What is published: the contents of wheel and sdist, and a repository begun from the wheel alone."""

import os
import shutil
import subprocess
import sys
import tarfile
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a wheel and a sdist."""
    pytest.importorskip("hatchling")
    out = tmp_path_factory.mktemp("published")
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(out), str(ROOT)]
    built = subprocess.run(command, capture_output=True, text=True, check=False)
    assert built.returncode == 0, built.stdout + built.stderr
    return out


@pytest.fixture(scope="module")
def installed(published: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The programs of an environment that holds the wheel and what it needs."""
    place = tmp_path_factory.mktemp("environment")
    venv.create(place, with_pip=True)
    command = [str(place / "bin" / "pip"), "install", "--quiet", str(next(published.glob("*.whl")))]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip(f"no package index can be reached: {done.stderr.strip().splitlines()[-1]}")
    return place / "bin"


def run(installed: Path, *words: str, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run a program with nothing of this repository in reach."""
    kept = ("HOME", "LANG", "PIP_INDEX_URL", "PIP_CONFIG_FILE", "HTTPS_PROXY", "HTTP_PROXY", "SSL_CERT_FILE")
    env = {name: os.environ[name] for name in kept if name in os.environ}
    env["PATH"] = os.pathsep.join([str(installed), "/usr/bin", "/bin"])
    return subprocess.run(words, cwd=cwd, env=env, capture_output=True, text=True, check=False)


def test_the_wheel_has_all_that_runs_and_nothing_else(published: Path) -> None:
    names = zipfile.ZipFile(next(published.glob("*.whl"))).namelist()
    assert {name.split("/")[0] for name in names} == {"meshwright", "meshwright-0.1.0.dist-info"}
    needed = {"py.typed", "checks/pages/MW104.md", "imports/istio/networking.pyi", "starter/files/main.py.tmpl"}
    assert {f"meshwright/{name}" for name in needed} <= set(names)
    stray = ("tests/", "meshwright/dist/", "apps/", "benchmarks/")
    assert [name for name in names if name.startswith(stray) or "__pycache__" in name] == []


def test_the_sdist_has_neither_tests_nor_manifests(published: Path) -> None:
    with tarfile.open(next(published.glob("*.tar.gz"))) as archive:
        assert any(name.endswith("/meshwright/imports/istio/networking.py") for name in archive.getnames())
        tops = {name.split("/")[1] for name in archive.getnames() if "/" in name}
    assert {"constructs", "pyproject.toml", "README.md", "LICENSE"} <= tops
    assert tops.isdisjoint({"tests", "dist", "benchmarks", "apps", "tools"})


def test_the_program_starts_by_its_name_and_as_a_module(installed: Path, tmp_path: Path) -> None:
    by_name = run(installed, "meshwright", "--version", cwd=tmp_path)
    assert by_name.stdout == "meshwright, version 0.1.0\n"
    assert run(installed, "python", "-m", "meshwright", "--version", cwd=tmp_path).stdout == by_name.stdout


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("make") is None, reason="there is no make")
def test_a_repository_begun_from_the_wheel_works_at_once(installed: Path, tmp_path: Path) -> None:
    began = run(installed, "meshwright", "init", "shop", cwd=tmp_path)
    assert began.returncode == 0, began.stderr
    shop = tmp_path / "shop"
    before = {path: path.read_bytes() for path in (shop / "dist").rglob("*.yaml")}
    for task in ("synth", "test"):
        done = run(installed, "make", task, cwd=shop)
        assert done.returncode == 0, done.stdout + done.stderr
    assert {path: path.read_bytes() for path in (shop / "dist").rglob("*.yaml")} == before
    assert len(before) > 1
    asked = run(installed, "meshwright", "explain", "dist", "GET", "http://shop.example.com/", cwd=shop)
    assert "shop.shop.svc.cluster.local" in asked.stdout
    assert run(installed, "meshwright", "check", cwd=shop).returncode == 0
