"""Every example in README.md runs and does what the text says."""

import os
import re
import shlex
import subprocess
import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

import pytest
import yaml

INSTALLED = any(point.value == "meshwright.pytest_plugin" for point in entry_points(group="pytest11"))
ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text()
PYTHON = re.findall(r"```python\n(.*?)```", README, re.S)
COMMANDS = [
    line.split("  #")[0].strip()
    for block in re.findall(r"```sh\n(.*?)```", README, re.S)
    for line in block.splitlines()
    if "meshwright" in line
]
# A program that serves until it is ended is tested in tests/cli; a chart of Helm stands for any program that prints.
STANDS_FOR = {
    "helm template my-chart": "cat dist/prod/guestbook.k8s.yaml",
    "preview dist": "preview --help",
    " --output mesh.html": "",
}


def environment() -> dict[str, str]:
    path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "PYTHONPATH": str(ROOT / "constructs")}


def test_the_program_writes_a_canary_behind_a_gateway(tmp_path: Path) -> None:
    (tmp_path / "main.py").write_text(PYTHON[0])
    subprocess.run([sys.executable, "main.py"], cwd=tmp_path, env=environment(), check=True)
    objects: list[dict[str, Any]] = list(yaml.safe_load_all((tmp_path / "dist" / "prod" / "shop.k8s.yaml").read_text()))
    routes = next(item for item in objects if item["kind"] == "VirtualService")["spec"]["http"]
    assert [[to.get("weight") for to in route["route"]] for route in routes] == [[None], [80, 20]]


def test_the_route_test_passes(tmp_path: Path) -> None:
    file = tmp_path / "test_routes.py"
    file.write_text(PYTHON[1])
    plugin = [] if INSTALLED else ["-p", "meshwright.pytest_plugin"]
    command = [sys.executable, "-m", "pytest", *plugin, "-p", "no:cacheprovider", "--rootdir", str(tmp_path), str(file)]
    ran = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_answers(command: str) -> None:
    for said, done in STANDS_FOR.items():
        command = command.replace(said, done)
    program = command.replace("meshwright ", f"{shlex.quote(sys.executable)} -m meshwright ")
    ran = subprocess.run(program, shell=True, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert ran.stdout
