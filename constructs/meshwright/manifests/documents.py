"""Text to documents: the fast reader, and the exact one where the fast one is not to be trusted."""

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, NamedTuple

import re2  # type: ignore[import-untyped]
from ryaml import InvalidYamlError, loads  # type: ignore[attr-defined]

from meshwright.manifests import scalars
from meshwright.nesting import may_be_too_deep

if TYPE_CHECKING:
    from meshwright.manifests.nodes import YamlProblem

_SEPARATOR = re.compile(r"\n---(?=[ \t\r\n]|\Z)")
_SUSPICIOUS = re2.compile(scalars.SUSPICIOUS)


class Chunk(NamedTuple):
    """A stretch of a file from one ``---`` to the next; ``start`` and ``end`` count characters."""

    start: int
    end: int
    documents: tuple[Any, ...]
    problems: "tuple[YamlProblem, ...]" = ()
    unreadable: bool = False


def split(text: str) -> Iterator[tuple[int, int]]:
    """Yield where each document of ``text`` starts and ends."""
    start = 0
    for separator in _SEPARATOR.finditer(text):
        end = separator.start() + 1
        if text[start:end].lstrip().startswith("%"):  # directives belong to the document they stand above
            continue
        yield start, end
        start = end
    yield start, len(text)


_shared: dict[str, list[Chunk]] | None = None


@contextmanager
def sharing_texts() -> Iterator[None]:
    """Read each text once, however many files hold it; their objects then share their values, which nobody changes."""
    global _shared
    _shared = {}
    try:
        yield
    finally:
        _shared = None


def chunks_of(text: str) -> list[Chunk]:
    """Return each document of ``text`` as JSON-shaped data, with the problems found in it."""
    if _shared is None:
        return list(read_chunks(text))
    chunks = _shared.get(text)
    if chunks is None:
        chunks = _shared[text] = list(read_chunks(text))
    return chunks


def read_chunks(text: str) -> Iterator[Chunk]:
    """Yield each document of ``text`` as JSON-shaped data, with the problems found in it."""
    trusted = not _SUSPICIOUS.search(text.encode())
    for start, end in split(text):
        part = text[start:end]
        if part.removeprefix("---").lstrip().startswith(("{", "[")):
            yield from _read_json(text, start, end)
        else:
            yield _read_yaml(text, start, end, trusted)


def _read_yaml(text: str, start: int, end: int, trusted: bool) -> Chunk:
    part = text[start:end]
    if (trusted or not _SUSPICIOUS.search(part.encode())) and not may_be_too_deep(part):
        try:
            return Chunk(start, end, (loads(part),))
        except (InvalidYamlError, ValueError):
            pass
    return _exact(text, start, end)


def _read_json(text: str, start: int, end: int) -> list[Chunk]:
    """Read one JSON document after the other; what is no JSON may be YAML in braces."""
    chunks = []
    place = start + 3 if text.startswith("---", start) else start
    try:
        while (place := _SPACE.match(text, place, end).end()) < end:  # type: ignore[union-attr]
            value, stop = _JSON.raw_decode(text, place)
            chunks.append(Chunk(place, stop, (value,)))
            place = stop
    except (ValueError, RecursionError):
        return [_exact(text, start, end)]
    return chunks


def _exact(text: str, start: int, end: int) -> Chunk:
    from meshwright.manifests import nodes  # needs PyYAML, which costs start-up time that most folders do not need

    try:
        documents = nodes.read(text[start:end], 1 + text.count("\n", 0, start))
    except nodes.YamlProblem as problem:
        return Chunk(start, end, (), (problem,), unreadable=True)
    values = tuple(document.root.value if document.root else None for document in documents)
    return Chunk(start, end, values, tuple(problem for document in documents for problem in document.duplicates))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    read = dict(pairs)
    if len(read) != len(pairs):
        raise ValueError("a key stands twice")
    return read


def _float(text: str) -> scalars.Scalar:
    return scalars.as_json(float(text))


def _constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


_JSON = json.JSONDecoder(object_pairs_hook=_object, parse_float=_float, parse_constant=_constant)
_SPACE = re.compile(r"\s*")
