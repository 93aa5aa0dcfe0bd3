"""A git repository whose folder ``dist/`` Argo CD syncs, and what a person does in it: edit, synth, commit."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.e2e.cluster_under_test import ROOT

PROGRAM = {**os.environ, "PYTHONPATH": str(ROOT / "constructs"), "PYTHONDONTWRITEBYTECODE": "1"}


class Repository:
    """A repository that begins as a copy of the files ``names`` of the folder ``source``, synthesised and committed."""

    def __init__(self, folder: Path, source: Path, names: Sequence[str]) -> None:
        self.folder = folder
        for name in names:
            if (source / name).is_dir():
                shutil.copytree(source / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
            else:
                shutil.copy(source / name, folder / name)
        self.edit("main.py", r'REPOSITORY = ".*"', f'REPOSITORY = "file://{folder}"')
        self.git("init", "-q", "-b", "main")
        self.synth()
        self.commit("Start")

    def git(self, *arguments: str) -> str:
        identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
        command = ["git", "-C", str(self.folder), *identity, *arguments]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def edit(self, file: str, pattern: str, replacement: str) -> None:
        path = self.folder / file
        changed, count = re.subn(pattern, replacement, path.read_text())
        assert count, f"{file} has no {pattern}"
        path.write_text(changed)

    def synth(self, environment: Mapping[str, str] | None = None, *, allowed: bool = True) -> str:
        """Run main.py and return what it says; with ``allowed=False`` it has to refuse."""
        done = subprocess.run(
            [sys.executable, "main.py"],
            cwd=self.folder,
            env={**PROGRAM, **(environment or {})},
            check=False,
            capture_output=True,
            text=True,
        )
        assert (done.returncode == 0) is allowed, done.stdout + done.stderr
        return done.stdout + done.stderr

    def meshwright(self, *arguments: str) -> tuple[int, str]:
        """Return the exit status of a command and what it says."""
        command = [sys.executable, "-m", "meshwright", *arguments]
        done = subprocess.run(command, cwd=self.folder, env=PROGRAM, check=False, capture_output=True, text=True)
        return done.returncode, done.stdout + done.stderr

    def commit(self, message: str) -> str:
        """Commit all there is, and return the commit."""
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)
        return self.git("rev-parse", "HEAD").strip()

    def change(self, message: str) -> str:
        """Synthesise and commit, and return the commit."""
        self.synth()
        return self.commit(message)
