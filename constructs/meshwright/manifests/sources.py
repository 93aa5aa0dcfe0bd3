"""The source map that a synth leaves beside its folder: which construct, on which line of Python, made each object.

`meshwright.tree.sources` writes it and says what it looks like. It counts only for files that are byte for byte what
was synthesised on this machine.
"""

import os
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache
from pathlib import PurePath
from typing import NamedTuple
from zlib import crc32

from meshwright.traffic.origin import MadeBy

_FOLDER = ".meshwright"
_HEAD = "meshwright sources 1"
_DEEPEST = 3
"""Files stand in the folder, or in folders of it, such as one for an environment."""

_WHERE = re.compile(r"(.*):([0-9]+)")


class _Document(NamedTuple):
    """A document in the map: the construct, its place, and the places of fields that were written elsewhere."""

    path: str
    where: str
    fields: dict[str, str]


class _File(NamedTuple):
    """A file in the map: what identifies its content, and its documents in their order."""

    crc: int
    length: int
    documents: list[_Document]


def made_by(file: str, content: str, start: int, field: str) -> MadeBy | None:
    """Return what made a field of an object, or its nearest parent.

    Args:
        file: Where the object was read from.
        content: The whole text of that file.
        start: Where its document starts in the text, ``---`` included.
        field: A path inside the object: ``spec.http[1]``.
    """
    found = _documents(file, content)
    if found is None:
        return None
    documents, root = found
    number = document_number(content, start)
    if number >= len(documents):
        return None
    document = documents[number]
    where = document.where
    for parent in _parents(field) if document.fields else ():
        if parent in document.fields:
            where = document.fields[parent]
            break
    known = _WHERE.fullmatch(where)
    name, line = (known[1], int(known[2])) if known else (where, 0)
    return MadeBy(document.path, str(root / name), line)


def document_number(content: str, start: int) -> int:
    """Return the position among the documents of a file as synth writes it, of one that starts at ``start``."""
    return content.count("\n---\n", 0, start + 4)


def _parents(field: str) -> Iterator[str]:
    """Yield a field and what it is part of, the nearest first."""
    while field:
        yield field
        field = field[: max(field.rfind("."), field.rfind("["), 0)]


def _documents(file: str, content: str) -> tuple[list[_Document], PurePath] | None:
    inner = PurePath(file)
    for depth in range(1, min(_DEEPEST, len(inner.parts) - 1) + 1):
        folder = PurePath(*inner.parts[:-depth])
        told = _read(folder).get("/".join(inner.parts[-depth:]))
        if told is not None:
            same = (told.crc, told.length) == _identity(content)
            return (told.documents, folder.parent) if same else None
    return None


@lru_cache(maxsize=2048)
def _identity(content: str) -> tuple[int, int]:
    data = content.encode("utf-8", "surrogatepass")
    return crc32(data), len(data)


def _read(folder: PurePath) -> Mapping[str, _File]:
    parent, name = os.path.split(os.path.realpath(folder))
    path = os.path.join(parent, _FOLDER, f"{name}.sources")  # noqa: PTH118
    try:
        return _parsed(path, os.stat(path).st_mtime_ns)  # noqa: PTH116
    except (OSError, ValueError):
        return {}


@lru_cache(maxsize=16)
def _parsed(path: str, changed: int) -> Mapping[str, _File]:
    """Read a map; ``changed`` tells one state of the file from another.

    Raises:
        OSError, ValueError: It cannot be read, or is no map.
    """
    with open(path, encoding="utf-8", errors="replace") as stream:  # noqa: PTH123
        lines = stream.read().split("\n")
    files: dict[str, _File] = {}
    if lines[0] != _HEAD:
        return files
    documents: list[_Document] = []
    for line in lines[1:]:
        parts = line.split("\t", 2)
        if len(parts) == 1 and line:
            crc, length, name = line.split(" ", 2)
            documents = []
            files[name] = _File(int(crc, 16), int(length), documents)
        elif len(parts) == 3 and parts[1]:
            documents.append(_Document(parts[2], parts[1], {}))
        elif len(parts) == 3 and documents:
            where, _, field = parts[2].partition("\t")
            documents[-1].fields[field] = where
    return files
