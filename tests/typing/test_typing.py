"""The types themselves: what type checkers accept and refuse."""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from meshwright.tree.node_js import node_executable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
PYRIGHT = ROOT / "tools" / "node" / "node_modules" / "pyright" / "index.js"
PROGRAMS = sorted(file for file in HERE.glob("*.py") if not file.name.startswith("test_"))


def marked_lines() -> set[tuple[str, int]]:
    return {
        (program.name, number)
        for program in PROGRAMS
        for number, line in enumerate(program.read_text().splitlines(), 1)
        if line.endswith("# refused")
    }


def mypy_lines(tmp_path: Path) -> set[tuple[str, int]]:
    config = tmp_path / "mypy.ini"
    config.write_text(f"[mypy]\nstrict = true\nmypy_path = {ROOT / 'constructs'}\ncache_dir = {tmp_path}\n")
    argv = [sys.executable, "-m", "mypy", "--config-file", str(config), *map(str, PROGRAMS)]
    run = subprocess.run(argv, capture_output=True, text=True, cwd=tmp_path, check=False)
    found = re.findall(r"(\w+\.pyi?):(\d+): error:", run.stdout)
    assert found, run.stdout + run.stderr
    return {(name, int(line)) for name, line in found}


def pyright_lines(tmp_path: Path) -> set[tuple[str, int]]:
    config = tmp_path / "pyrightconfig.json"
    for file in PROGRAMS:
        shutil.copy(file, tmp_path)
    settings = {"extraPaths": [str(ROOT / "constructs")], "pythonVersion": "3.11", "typeCheckingMode": "strict"}
    config.write_text(json.dumps(settings))
    argv = [node_executable(), str(PYRIGHT), "-p", str(config), "--outputjson", "--pythonpath", sys.executable]
    run = subprocess.run(argv, capture_output=True, text=True, cwd=tmp_path, check=False)
    report = json.loads(run.stdout)
    errors = [one for one in report["generalDiagnostics"] if one["severity"] == "error"]
    assert report["summary"]["filesAnalyzed"] == len(PROGRAMS)
    return {(Path(one["file"]).name, one["range"]["start"]["line"] + 1) for one in errors}


def test_mypy_strict_accepts_correct_use_and_refuses_each_wrong_line(tmp_path: Path) -> None:
    assert mypy_lines(tmp_path) == marked_lines()


@pytest.mark.skipif(not PYRIGHT.exists(), reason="pyright is not installed: make setup")
def test_pyright_accepts_correct_use_and_refuses_each_wrong_line(tmp_path: Path) -> None:
    assert pyright_lines(tmp_path) == marked_lines()


def test_every_stub_is_sound_for_mypy_strict(tmp_path: Path) -> None:
    environment = {**os.environ, "MYPYPATH": str(ROOT / "constructs")}
    argv = [sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(tmp_path), "-p", "meshwright.imports"]
    run = subprocess.run(argv, capture_output=True, text=True, cwd=tmp_path, env=environment, check=False)
    assert run.stdout.startswith("Success: no issues found in"), run.stdout + run.stderr
