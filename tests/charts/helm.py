"""What tests of Helm charts share: where helm is, and charts to render."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from meshwright.tree import App, Chart

BUILT = Path(__file__).resolve().parents[2] / ".cache" / "bin"
"""Where ``make helm`` puts it."""


def find_helm(monkeypatch: pytest.MonkeyPatch) -> None:
    """Have helm on the PATH, or skip the test."""
    monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{BUILT}")
    if shutil.which("helm") is None:
        pytest.skip("needs helm: make helm")


def chart_folder(folder: Path, version: str = "1.2.3", **templates: str) -> Path:
    """Write a chart with templates by their names."""
    (folder / "templates").mkdir(parents=True)
    (folder / "Chart.yaml").write_text(f"apiVersion: v2\nname: {folder.name}\nversion: {version}\n")
    for name, text in templates.items():
        (folder / "templates" / f"{name}.yaml").write_text(text)
    return folder


def packed(folder: Path) -> Path:
    """Pack a chart as helm does."""
    done = subprocess.run(
        ["helm", "package", str(folder), "-d", str(folder.parent)], capture_output=True, text=True, check=True
    )
    return Path(done.stdout.strip().rpartition(": ")[2])


def namespace_shop() -> Chart:
    """A chart of ours in namespace shop."""
    return Chart(App(), "shop", namespace="shop")
