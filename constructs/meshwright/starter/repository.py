"""Writes the repository: templates filled in, then what its own main.py synthesises, and the snapshots of that."""

import os
import subprocess
import sys
from collections.abc import Iterable
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from meshwright.errors import InputError, MeshwrightError
from meshwright.starter.answers import Answers

_SUFFIX = ".tmpl"
_NAMED_OTHERWISE = {
    "gitignore": ".gitignore",
    "pre-commit-config.yaml": ".pre-commit-config.yaml",
    "vscode-settings.json": ".vscode/settings.json",
    "github.yml": ".github/workflows/pull-request.yml",
    "gitlab-ci.yml": ".gitlab-ci.yml",
}
"""Files that the tools of this repository would take for its own if they bore their names here."""
_OF_CI = {"github.yml": "github", "gitlab-ci.yml": "gitlab"}
_SNAPSHOTS = "tests/__snapshots__/test_manifests"


class _Filled(Template):
    delimiter = "%"
    pattern = r"%(?:(?P<escaped>%)|\{(?P<braced>[a-z_]+)\}|(?P<named>(?!))|(?P<invalid>(?!)))"  # type: ignore[assignment]


def written_files(answers: Answers) -> dict[str, str]:
    """Return the text of each file by its path in the repository, without what is synthesised."""
    found = {}
    for path, template in _templates(files("meshwright.starter") / "files", ""):
        if _OF_CI.get(path, answers.ci) == answers.ci:
            place = _NAMED_OTHERWISE.get(path, path).replace("__module__", answers.words["module"])
            found[place] = _Filled(template.read_text(encoding="utf-8")).substitute(answers.words)
    return found


def write_repository(folder: Path, answers: Answers) -> list[str]:
    """Write the repository into ``folder``, which is made where it is missing.

    Returns:
        The paths of all files, sorted.

    Raises:
        InputError: A file is there already; nothing was written then.
    """
    texts = written_files(answers)
    there = [path for path in (*texts, "dist") if os.path.lexists(folder / path)]
    if there:
        raise InputError(str(folder), f"{_listed(there)} there already", "Choose a folder without them")
    try:
        for path, text in texts.items():
            _write(folder / path, text)
        _synthesise(folder)
    except OSError as error:
        raise InputError(
            str(error.filename), f"cannot be written: {error.strerror}", "Choose another folder"
        ) from error
    manifests = sorted((folder / "dist").rglob("*.yaml"))
    for manifest in manifests:
        name = manifest.relative_to(folder / "dist").as_posix().replace("/", "-")
        _write(folder / _SNAPSHOTS / name, manifest.read_text(encoding="utf-8"))
    made = [*texts, *(each.relative_to(folder).as_posix() for each in manifests), _SNAPSHOTS + "/"]
    return sorted(made)


def _templates(folder: Traversable, path: str) -> Iterable[tuple[str, Traversable]]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from _templates(each, f"{path}{each.name}/")
        elif each.name.endswith(_SUFFIX):
            yield path + each.name.removesuffix(_SUFFIX), each


def _listed(paths: list[str]) -> str:
    shown = ", ".join(paths[:5]) + (f" and {len(paths) - 5} more" if len(paths) > 5 else "")
    return f"{shown} {'is' if len(paths) == 1 else 'are'}"


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _synthesise(folder: Path) -> None:
    done = subprocess.run([sys.executable, "main.py"], cwd=folder, capture_output=True, text=True, check=False)
    if done.returncode:
        raise MeshwrightError(str(folder / "main.py"), done.stderr.strip(), "")
