"""Test files: YAML of one or more documents, told apart by what they hold."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, Literal

from meshwright.errors import InputError
from meshwright.nesting import MAX_DEPTH, may_be_too_deep

Format = Literal["istio-config-validator", "istio-router-check"]
_FORMATS: dict[str, Format] = {"testCases": "istio-config-validator", "tests": "istio-router-check"}


def files_of_tests(paths: tuple[str, ...]) -> Iterator[str]:
    """Yield every file; a folder stands for the YAML files below it, in the order of their names.

    Raises:
        InputError: There is no such file or folder.
    """
    for path in paths:
        if Path(path).is_dir():
            yield from map(str, sorted(each for each in Path(path).rglob("*") if each.suffix in (".yml", ".yaml")))
        elif Path(path).is_file():
            yield path
        else:
            raise InputError(path, "no such file or folder", "Give files of route tests, or a folder of them")


def read_tests(file: str) -> tuple[Format, list[Mapping[str, Any]]]:
    """Return the format of ``file`` and its tests in order.

    Raises:
        InputError: It is no YAML, or no route tests.
    """
    from ryaml import InvalidYamlError, loads_all  # type: ignore[attr-defined]

    try:
        text = Path(file).read_text(encoding="utf-8")
        if may_be_too_deep(text):
            raise InputError(
                file, f"is nested more than {MAX_DEPTH} levels deep", "Write the tests as lists of mappings"
            )
        documents = loads_all(text)
    except (OSError, UnicodeDecodeError, InvalidYamlError) as error:
        raise InputError(file, f"cannot be read: {error}", "Write the tests as YAML in UTF-8") from error
    found: list[Mapping[str, Any]] = []
    kind: Format | None = None
    for document in documents:
        if document is None:
            continue
        key = next((key for key in _FORMATS if isinstance(document, dict) and key in document), None)
        if key is None or (kind is not None and _FORMATS[key] != kind):
            raise InputError(file, "holds no route tests", "Begin with testCases: or tests:")
        kind = _FORMATS[key]
        listed = document[key] or []
        if not isinstance(listed, list) or not all(isinstance(each, dict) for each in listed):
            raise InputError(file, f"{key} is not a list of tests", f"Write {key}: followed by - items")
        found += listed
    if kind is None:
        raise InputError(file, "holds no route tests", "Begin with testCases: or tests:")
    return kind, found
