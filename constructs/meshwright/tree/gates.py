# ruff: noqa: PTH113, PTH123
# pathlib takes longer to import than a small app takes to synthesise.
"""Gates: what is asked about an app's output after it is known to be sound and before its folder is touched.

A gate is a module named in ``GATES`` with a function ``look(output: Output) -> Iterable[Told]``. It is loaded when an
app is written, so the tree knows no gate, and one that is off costs nothing. It may read what is about to be written
(texts, objects and where each was made) and what the folder holds now. What it tells as ``error`` refuses the synth
together with what all other gates tell, and the folder stays as it was; a ``warning`` is printed on stderr.

How a gate is run is its mode: ``error``, ``warn`` (its errors are told as warnings) or ``off``. An argument of the app
wins (``App(check="warn")``), then the environment (``MESHWRIGHT_CHECK=off``), then ``cdk8s.yaml`` and
``pyproject.toml`` of the current folder (`meshwright.settings`), then ``error``.
"""

import os
import sys

from meshwright.errors import ConfigurationError, MeshwrightError
from meshwright.tree.construct import line_text, path_of
from meshwright.tree.synthesis import raise_all

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any, Literal, Protocol

    from meshwright.tree.app import App
    from meshwright.tree.synthesis import Document

    Mode = Literal["error", "warn", "off"]

    class Gate(Protocol):
        """A module in ``GATES``."""

        def look(self, output: "Output") -> "Iterable[Told]":
            """Say what is wrong with what is about to be written."""


GATES: "dict[str, str]" = {
    "check": "meshwright.gates.checks",
    "guard": "meshwright.guards.gate",
}
"""What an app and its configuration call a gate -> its module, in the order in which they are asked."""

MODES = ("error", "warn", "off")


class Told:
    """What a gate tells.

    Args:
        problem: Where, what is wrong, what to do; see `Made.problem`.
        refuses: Whether it keeps the folder from being written, where the mode allows that.
    """

    __slots__ = ("problem", "refuses")

    def __init__(self, problem: MeshwrightError, refuses: bool) -> None:
        self.problem = problem
        self.refuses = refuses


class Made:
    """One object that is about to be written.

    Args:
        file: The path of its file inside the folder.
        number: Its position among the documents of that file, from 0.
        document: What it is made from.
    """

    __slots__ = ("_document", "_json", "file", "number")

    def __init__(self, file: str, number: int, document: "Document") -> None:
        self.file = file
        self.number = number
        self._document = document
        self._json: dict[str, Any] | None = None

    @property
    def json(self) -> "dict[str, Any]":
        """The object as plain data, as it will stand in the file."""
        if self._json is None:
            self._json = self._document.to_json()
        return self._json

    @property
    def path(self) -> str:
        """The path of its construct: ``demo/web/deployment``."""
        return path_of(self._document.construct)

    @property
    def where(self) -> str:
        """Its construct and the user's line: ``demo/web/deployment (main.py:12)``."""
        return f"{self.path} ({self._document.construct.defined_at})"

    def problem(self, wrong: str, remedy: str, field: str = "") -> ConfigurationError:
        """Return a problem of this object, or of a field of it, which names its construct and the user's line."""
        construct = self._document.construct
        if construct._is_api_object:
            code, at = construct.line_of(field)  # type: ignore[attr-defined]
            return construct.error(wrong, remedy, code and line_text(code, at))
        return construct.error(wrong, remedy)


class Output:
    """What an app is about to write, and what its folder holds now.

    Args:
        app: The app.
        files: Paths inside the folder with their bytes; a path that ends in ``/`` is a folder.
        documents: The objects in those that have some.
    """

    def __init__(self, app: "App", files: "Mapping[str, bytes]", documents: "Mapping[str, list[Document]]") -> None:
        self.app = app
        self.outdir = app.outdir
        self.files = files
        self._documents = documents
        self._objects: list[Made] | None = None
        self._made: dict[tuple[str, int], Made] | None = None
        self._before: dict[str, bytes] | None = None

    @property
    def objects(self) -> "list[Made]":
        """All objects, by file, in their order."""
        if self._objects is None:
            self._objects = [
                Made(file, number, document)
                for file, made in self._documents.items()
                for number, document in enumerate(made)
            ]
        return self._objects

    @property
    def made(self) -> "dict[tuple[str, int], Made]":
        """The same by file and position."""
        if self._made is None:
            self._made = {(made.file, made.number): made for made in self.objects}
        return self._made

    @property
    def before(self) -> "dict[str, bytes]":
        """What the folder holds now, by path inside it: files that will be replaced, removed, or stay."""
        if self._before is None:
            self._before = {}
            for parent, folders, names in os.walk(self.outdir):
                folders[:] = sorted(name for name in folders if not name.startswith("."))
                for name in sorted(names):
                    path = f"{parent}/{name}"
                    if not name.startswith(".") and os.path.isfile(path):
                        with open(path, "rb") as stream:
                            self._before[os.path.relpath(path, self.outdir)] = stream.read()
        return self._before

    @property
    def staying(self) -> "dict[str, bytes]":
        """The part of `before` that the app neither writes nor removes."""
        if not self.before:
            return {}
        from meshwright.tree.output import changes

        _, gone = changes(os.path.realpath(self.outdir), dict(self.files), self.app.output_file_extension)
        return {path: text for path, text in self.before.items() if path not in self.files and path not in gone}


def pass_gates(app: "App", files: "Mapping[str, bytes]", documents: "Mapping[str, list[Document]]") -> None:
    """Ask all gates; print their warnings.

    Raises:
        Errors: One refuses the output.
    """
    refused: list[MeshwrightError] = []
    output = Output(app, files, documents)
    for name, module in GATES.items():
        mode = _mode(app, name)
        if mode == "off":
            continue
        gate: Gate = __import__(module, fromlist=["look"])
        for told in gate.look(output):
            if told.refuses and mode == "error":
                refused.append(told.problem)
            else:
                problem = told.problem
                print(type(problem)(problem.where, f"warning: {problem.wrong}", problem.remedy), file=sys.stderr)
    raise_all(refused)


def _mode(app: "App", name: str) -> str:
    given: str | None = app.modes.get(name)
    variable = f"MESHWRIGHT_{name.upper()}"
    where = f"App({name}=…)"
    if given is None:
        given, where = os.environ.get(variable) or None, variable
    if given is None:
        from meshwright.settings import setting

        given, where = setting(name, "synth")
    if given is None:
        return "error"
    if given not in MODES:
        raise ConfigurationError(where, f"the mode is {given!r}", f"Give one of {', '.join(MODES)}")
    return given
