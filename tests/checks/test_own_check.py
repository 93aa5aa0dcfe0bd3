"""A check of another package, installed as pip installs it, runs like the others."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

MODULE = """
from meshwright.checks import Check, Problem

def _find(shown):
    for resource in shown.of_kind("Service"):
        yield Problem(resource.origin("metadata"), f"nobody owns {resource.name}", "Add the label owner.")

CHECK = Check("ACME1", "owner", "error", "A Service without an owner.", _find)
"""
PYPROJECT = """
[build-system]
requires = ["hatchling"]
build-backend = "hatchling.build"
[project]
name = "acme-checks"
version = "1.0"
[project.entry-points."meshwright.checks"]
owner = "acme_checks:CHECK"
[tool.hatch.build.targets.wheel]
include = ["acme_checks.py"]
"""
SERVICE = "apiVersion: v1\nkind: Service\nmetadata: {name: cart, namespace: shop}\nspec: {ports: [{port: 80}]}\n"


@pytest.fixture
def installed(tmp_path: Path) -> dict[str, str]:
    (tmp_path / "acme_checks.py").write_text(MODULE)
    (tmp_path / "pyproject.toml").write_text(PYPROJECT)
    (tmp_path / "manifests").mkdir()
    (tmp_path / "manifests" / "cart.yaml").write_text(SERVICE)
    site = tmp_path / "site"
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--target",
        str(site),
    ]
    subprocess.run([*pip, str(tmp_path)], check=True, capture_output=True)
    constructs = Path(__file__).resolve().parents[2] / "constructs"
    return {**os.environ, "PYTHONPATH": f"{constructs}{os.pathsep}{site}"}


def test_a_check_that_a_package_offers_runs_and_is_listed(installed: dict[str, str], tmp_path: Path) -> None:
    def check(*arguments: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "meshwright", "check", *arguments]
        return subprocess.run(
            command, cwd=tmp_path / "manifests", env=installed, capture_output=True, text=True, check=False
        )

    done = check(".")
    assert done.returncode == 1
    assert "Service shop/cart metadata: nobody owns cart. Add the label owner. [ACME1]" in done.stdout
    assert "ACME1  error    owner" in check("--list").stdout
