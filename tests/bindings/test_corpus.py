"""Manifests that people wrote, through the checks of the generated kinds."""

from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from ryaml import InvalidYamlError, loads_all

from meshwright.tree.kind import Kind
from meshwright.tree.typed_problems import problems
from meshwright.tree.typed_values import Wrong

ROOT = Path(__file__).resolve().parents[2]
CORPUS = ROOT.parent / "shared" / "corpus"
IDENTITY = ("apiVersion", "kind", "metadata", "status", "spec")

pytestmark = pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus is not here")


def kinds() -> dict[tuple[str, str], type[Kind]]:
    found: dict[tuple[str, str], type[Kind]] = {}
    for path in sorted((ROOT / "imports").rglob("*.pyi")):
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        types = import_module(f"meshwright.{name}").TYPES
        found |= {(declared[0], kind): types(kind) for kind, declared in types.kinds.items()}
    return found


def bodies() -> Iterator[tuple[type[Kind], dict[str, Any]]]:
    known = kinds()
    for path in sorted(CORPUS.rglob("*.y*ml")):
        try:
            documents = loads_all(path.read_text()) or ()
        except InvalidYamlError:
            continue
        for document in documents:
            kind = known.get((document.get("apiVersion"), document.get("kind"))) if isinstance(document, dict) else None
            if kind is not None:
                beside = {key: value for key, value in document.items() if key not in IDENTITY}
                yield kind, {**(document.get("spec") or {}), **beside} if kind._declared[2] else beside


def as_json(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): as_json(item) for key, item in value.items() if item is not None}
    return [as_json(item) for item in value] if isinstance(value, list) else value


def test_each_manifest_passes_unchanged_or_is_refused_with_a_named_field() -> None:
    taken = refused = 0
    for kind, body in bodies():
        try:
            out = kind._compile()(body)
        except Wrong:
            told = list(problems(kind._types, kind._declared[1], body))
            assert told, f"no reason for refusing {body}"
            refused += 1
        else:
            assert as_json(out) == as_json(body)
            taken += 1
    assert taken > refused > 0
