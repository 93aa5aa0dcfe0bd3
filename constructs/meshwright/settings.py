# ruff: noqa: PTH123
# pathlib takes longer to import than a small app takes to synthesise.
"""What a repository says of itself: ``cdk8s.yaml``, and ``[tool.meshwright]`` in ``pyproject.toml``.

Both may have a section for each subject, ``check`` for example, as a mapping or, where one word is enough, as that
word, which is the setting ``synth``: ``check: warn`` is ``check: {synth: warn}``. What ``cdk8s.yaml`` says wins.
Parsers are loaded only where the file speaks of the subject.
"""

from meshwright.errors import InputError
from meshwright.nesting import MAX_DEPTH, may_be_too_deep

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from typing import Any

CDK8S, PYPROJECT = "cdk8s.yaml", "pyproject.toml"
_WORDS = {str: "text", bool: "true or false", list: "a list"}


def setting(subject: str, key: str) -> "tuple[Any, str]":
    """Return one setting and where it was written: ``cdk8s.yaml: check.synth``; None where nothing says it.

    Raises:
        InputError: A file cannot be read, or its section is neither a mapping nor a word.
    """
    for values, where in sections(subject):
        if values.get(key) is not None:
            return values[key], f"{where}.{key}"
    return None, ""


def sections(subject: str) -> "list[tuple[dict[str, Any], str]]":
    """Return the sections of a subject that the files of the current folder have, each with its place.

    Raises:
        InputError: As for `setting`.
    """
    found = []
    text = _text(CDK8S)
    if f"{subject}:" in text:
        found += _section(read_yaml(text, CDK8S).get(subject), f"{CDK8S}: {subject}")
    text = _text(PYPROJECT)
    if "tool.meshwright" in text:
        tool: Any = _read_toml(text).get("tool")
        ours = tool.get("meshwright") if isinstance(tool, dict) else None
        if ours is not None and not isinstance(ours, dict):
            raise InputError(f"{PYPROJECT}: tool.meshwright", "is no table", "Write [tool.meshwright]")
        found += _section((ours or {}).get(subject), f"{PYPROJECT}: tool.meshwright.{subject}")
    return found


def read_sections(
    subject: str, known: "Mapping[str, type]"
) -> "tuple[dict[str, Any], list[tuple[dict[str, Any], str]]]":
    """Return the settings of a subject, and the sections that they come from.

    Args:
        subject: Its name.
        known: The settings that there are, with their types.

    Raises:
        InputError: As for `setting`; or a setting is unknown or of the wrong type.
    """
    found = sections(subject)
    values: dict[str, Any] = {}
    for section, where in found:
        for key, value in section.items():
            if key not in known:
                raise _unknown(f"{where}.{key}", key, known)
            if value is not None and not isinstance(value, known[key]):
                raise InputError(f"{where}.{key}", f"is {value!r}", f"Give {_WORDS[known[key]]}")
            values.setdefault(key, value)
    return {key: value for key, value in values.items() if value is not None}, found


def _unknown(where: str, key: str, known: "Iterable[str]") -> InputError:
    from difflib import get_close_matches

    near = get_close_matches(key, known, 1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return InputError(where, "is no setting", f"{hint}Known: {', '.join(known)}")


def read_yaml(text: str, file: str) -> "dict[str, Any]":
    """Read a configuration in YAML.

    Raises:
        InputError: It is no YAML, or no mapping.
    """
    from ryaml import InvalidYamlError, loads  # type: ignore[attr-defined]

    if may_be_too_deep(text):
        raise InputError(file, f"it is nested more than {MAX_DEPTH} levels deep", "Correct the file")
    try:
        read: Any = loads(text)
    except (InvalidYamlError, ValueError) as problem:
        raise InputError(file, f"it cannot be read: {problem}", "Correct the file") from problem
    if not isinstance(read, dict):
        raise InputError(file, "it is no mapping", "Add a line such as app: python main.py")
    return read


def _section(value: object, where: str) -> "list[tuple[dict[str, Any], str]]":
    if value is None:
        return []
    if value is False:  # what some readers of YAML make of off
        value = "off"
    if isinstance(value, str):
        value = {"synth": value}
    if not isinstance(value, dict):
        raise InputError(where, f"is {value!r}", "Write a mapping, or one of error, warn, off")
    return [({str(key).replace("-", "_"): each for key, each in value.items()}, where)]


def _text(file: str) -> str:
    try:
        with open(file, encoding="utf-8") as stream:
            return stream.read()
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as problem:
        raise InputError(file, f"it cannot be read: {problem}", "Correct the file") from problem


def _read_toml(text: str) -> "dict[str, Any]":
    from tomllib import TOMLDecodeError, loads

    try:
        return loads(text)
    except TOMLDecodeError as problem:
        raise InputError(PYPROJECT, f"it cannot be read: {problem}", "Correct it") from problem
