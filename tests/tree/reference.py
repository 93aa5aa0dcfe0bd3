"""Asks the real cdk8s, in one Node process for many cases."""

import json
import subprocess
import tarfile
import tempfile
from functools import cache
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

from meshwright.tree.node_js import node_executable

_folder = tempfile.TemporaryDirectory(prefix="cdk8s-js-")


@cache
def _modules() -> Path:
    """A folder with the JavaScript of cdk8s and constructs, out of their Python packages."""
    folder = Path(_folder.name)
    for name in ("cdk8s", "constructs"):
        archives = [file for file in distribution(name).files or [] if file.name.endswith(".jsii.tgz")]
        with tarfile.open(str(archives[0].locate())) as archive:
            archive.extractall(folder / "node_modules" / name, filter="data")
        package = folder / "node_modules" / name / "package"
        for part in package.iterdir():
            part.rename(folder / "node_modules" / name / part.name)
    return folder


def ask_cdk8s(cases: list[dict[str, Any]], **environment: str) -> list[dict[str, Any]]:
    """What the real cdk8s answers to each case: ``{"answer": …}`` or ``{"error": …}``."""
    modules = _modules()
    script = Path(__file__).with_name("reference.js").read_text()
    done = subprocess.run(
        [node_executable(), "-e", script],
        input=json.dumps(cases).encode(),
        capture_output=True,
        check=True,
        cwd=modules,
        env={"NODE_PATH": str(modules / "node_modules"), "TMPDIR": tempfile.gettempdir(), **environment},
    )
    answers: list[dict[str, Any]] = json.loads(done.stdout)
    return answers
