"""Where schemas come from: the ``imports`` of cdk8s.yaml.

An entry is a file, a folder, a URL, ``go:MODULE@VERSION/PATH`` or ``k8s@VERSION``, named or not (``NAME:=SOURCE``).
"""

import json
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.request import urlopen

from ryaml import InvalidYamlError, loads, loads_all  # type: ignore[attr-defined]

from meshwright.errors import InputError

_CONFIG = "cdk8s.yaml"


@dataclass(frozen=True)
class Source:
    """One entry of ``imports``.

    Args:
        name: The package it is written to; empty to take the API group's.
        location: What it names.
    """

    name: str
    location: str

    @property
    def kubernetes_version(self) -> str:
        """The version behind ``k8s@``, or nothing."""
        return self.location.removeprefix("k8s@") if self.location.startswith("k8s@") else ""


@dataclass(frozen=True)
class Fetched:
    """The CRDs of a source, and the Go module that declares their types, if there is one."""

    crds: list[dict[str, Any]]
    folder: Path | None = None
    module: str = ""


def read_sources(config: Path) -> list[Source]:
    """Read the ``imports`` list.

    Raises:
        InputError: There is no file, or no list of strings in it.
    """
    try:
        data = loads(config.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(str(config), f"cannot be read: {error.strerror}", "Run this where cdk8s.yaml is") from None
    except InvalidYamlError as error:
        raise InputError(str(config), f"is no YAML: {error}", "Correct it") from None
    imports = data.get("imports") if isinstance(data, dict) else None
    if not isinstance(imports, list) or not all(isinstance(one, str) for one in imports):
        raise InputError(str(config), "has no list of strings under imports", "Add: imports: [crds/my-crd.yaml]")
    return [_source(one, config.parent) for one in imports]


def _source(entry: str, folder: Path) -> Source:
    name, named, location = entry.rpartition(":=")
    if not named:
        location = entry
    if location.startswith(("go:", "k8s@", "http://", "https://")):
        return Source(name, location)
    return Source(name, str(folder / location))


def fetch(source: Source) -> Fetched:
    """Get the CRDs of a source.

    Raises:
        InputError: It cannot be read, or holds no CRD.
    """
    if source.location.startswith("go:"):
        fetched = _from_go(source.location)
    elif source.location.startswith(("http://", "https://")):
        fetched = Fetched(_crds(_download(source.location), source.location))
    else:
        fetched = Fetched(_from_path(Path(source.location), source.location))
    if not fetched.crds:
        raise InputError(source.location, "holds no CustomResourceDefinition", "Name a file or a folder with CRDs")
    return fetched


def go_module(location: str) -> tuple[str, str]:
    """Split ``go:MODULE@VERSION/PATH`` into module with version, and path."""
    module, at, rest = location.removeprefix("go:").partition("@")
    version, _, path = rest.partition("/")
    if not (module and at and version):
        raise InputError(location, "is no Go module with a version", "Write go:MODULE@VERSION/PATH")
    return f"{module}@{version}", path


def _from_go(location: str) -> Fetched:
    module, path = go_module(location)
    go = shutil.which("go")
    if go is None:
        raise InputError(location, "needs Go, which is not on the PATH", "Install Go, or name a file or a URL")
    run = subprocess.run([go, "mod", "download", "-json", module], capture_output=True, text=True, check=False, cwd="/")
    answer = json.loads(run.stdout) if run.stdout.strip() else {}
    if run.returncode or "Dir" not in answer:
        why = answer.get("Error") or run.stderr.strip().partition("\n")[0]
        raise InputError(location, f"cannot be downloaded: {why}", "Check the module, its version and the network")
    folder = Path(answer["Dir"])
    return Fetched(_from_path(folder / path, location), folder, module)


def _from_path(path: Path, label: str) -> list[dict[str, Any]]:
    files = [path] if path.is_file() else sorted([*path.glob("*.yaml"), *path.glob("*.yml"), *path.glob("*.json")])
    if not files:
        raise InputError(label, "is neither a file nor a folder with YAML", "Name a file or a folder with CRDs")
    return [crd for file in files for crd in _crds(file.read_text(encoding="utf-8"), label)]


def _download(url: str) -> str:
    try:
        with urlopen(url, timeout=60) as answer:
            text: str = answer.read().decode("utf-8")
            return text
    except (OSError, ValueError) as error:
        raise InputError(url, f"cannot be downloaded: {error}", "Check the address and the network") from None


def _crds(text: str, label: str) -> list[dict[str, Any]]:
    try:
        documents = loads_all(text) or ()
    except InvalidYamlError as error:
        raise InputError(label, f"is no YAML: {error}", "Correct it") from None
    found = [one for one in documents if isinstance(one, dict)]
    listed = [item for one in found if one.get("kind") == "List" for item in one.get("items", ())]
    return [one for one in (*found, *listed) if one.get("kind") == "CustomResourceDefinition"]
