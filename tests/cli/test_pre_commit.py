"""The hook that other repositories take from this one."""

import os
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text())
WRONG = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], http: [{route: [{destination: {host: cart, subset: v9}}]}]}
"""


@pytest.mark.parametrize(
    ("text", "status"),
    [
        pytest.param(WRONG, 1, id="what cannot work keeps a commit back"),
        pytest.param(WRONG.replace(", subset: v9", ""), 0, id="what works passes"),
    ],
)
def test_the_hook_checks_the_manifests_of_another_repository(tmp_path: Path, text: str, status: int) -> None:
    """pre-commit runs entry and args in the root of the repository, without names of files."""
    (hook,) = [hook for hook in HOOKS if hook["id"] == "meshwright-check"]
    assert hook["pass_filenames"] is False and hook["language"] == "python"
    program, *rest = [*shlex.split(hook["entry"]), *hook["args"]]
    assert program == "meshwright"
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "shop.yaml").write_text(text)
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "constructs")}
    command = [sys.executable, "-m", program, *rest]
    done = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == status, done.stdout + done.stderr
    assert ("[MW104]" in done.stdout) == bool(status)
