"""A reader of the documentation: writes files and types commands where the pages say so."""

import sys
import tempfile
from pathlib import Path

from tests.docs.page import Typed, Written
from tests.docs.shell import Shell

ROOT = Path(__file__).resolve().parents[2]
PROGRAMS = {"meshwright": "-m meshwright ", "python": "", "python3": ""}


class Reader:
    """Someone with meshwright installed, in an empty folder.

    Args:
        folder: The empty folder.
    """

    def __init__(self, folder: Path) -> None:
        self._programs = tempfile.TemporaryDirectory()
        own = Path(self._programs.name)
        for name, words in PROGRAMS.items():
            (own / name).write_text(f'#!/bin/sh\nexec {sys.executable} {words}"$@"\n', encoding="utf-8")
            (own / name).chmod(0o755)
        self._shell = Shell(folder, [own, Path(sys.executable).parent], {"PYTHONPATH": str(ROOT / "constructs")})

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, *raised: object) -> None:
        self._shell.end()
        self._programs.cleanup()

    def does(self, step: Written | Typed) -> str:
        """Return what doing one step prints."""
        if isinstance(step, Typed):
            return self._shell.type(step.command)
        place = Path(self._shell.type("pwd").strip()) / step.path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(step.text, encoding="utf-8")
        return ""
