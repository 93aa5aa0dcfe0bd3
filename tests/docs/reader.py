"""A reader of the documentation: writes files and types commands where the pages say so."""

import sys
import tempfile
from pathlib import Path

from tests.docs.page import Typed, Written
from tests.docs.shell import Shell

ROOT = Path(__file__).resolve().parents[2]
_PASSED_OVER = {".git", ".meshwright", ".pytest_cache", "__pycache__"}
PROGRAMS = {"meshwright": "-m meshwright ", "python": "", "python3": ""}


def kept_files(folder: Path) -> dict[str, str]:
    """Return the text of each file that someone wrote or synthesised below ``folder``, by its path."""
    return {
        path.relative_to(folder).as_posix(): path.read_text(encoding="utf-8")
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not _PASSED_OVER & set(path.relative_to(folder).parts)
    }


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
