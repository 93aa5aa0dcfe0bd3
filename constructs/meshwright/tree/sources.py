# ruff: noqa: PTH105, PTH120, PTH123
# pathlib takes longer to import than a small app takes to synthesise.
"""The source map: which construct, on which line of the user's program, made each object of the folder.

It stands beside the folder as ``.meshwright/NAME.sources``, so that Argo CD, which reads the folder, never sees it, and
git ignores it. `meshwright.manifests.sources` reads it. A file of the folder is a line ``crc32 length name``; below it
stands a line for each of its documents in their order, ``<tab>file:line<tab>path of the construct``, and below that one
for each field that was written elsewhere, ``<tab><tab>file:line<tab>field``.
"""

import os
from zlib import crc32

from meshwright.tree.beside import FOLDER, own_path, private_folder
from meshwright.tree.construct import line_number, path_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from types import CodeType

    from meshwright.tree.synthesis import Document

HEAD = "meshwright sources 1"


def sources_path(outdir: str) -> str:
    """Where the source map of a folder stands."""
    parent, name = os.path.split(os.path.realpath(outdir))
    return f"{parent}/{FOLDER}/{name}.sources"


def write_sources(outdir: str, files: "dict[str, bytes]", documents: "dict[str, list[Document]]") -> None:
    """Write the source map of a folder that has just been written; where it cannot be written, there is none.

    Args:
        outdir: The folder.
        files: Paths inside it with their bytes.
        documents: The objects in those that have some.
    """
    path = sources_path(outdir)
    content = sources_text(os.path.dirname(os.path.dirname(path)), files, documents).encode("utf-8", "replace")
    try:
        if _holds(path, content):
            return
        folder, name = os.path.split(path)
        fresh = own_path(private_folder(os.path.dirname(folder)), name)
        with open(fresh, "wb") as stream:
            stream.write(content)
        os.replace(fresh, path)
    except OSError:
        return


def _holds(path: str, content: bytes) -> bool:
    try:
        with open(path, "rb") as stream:
            return stream.read() == content
    except FileNotFoundError:
        return False


def sources_text(root: str, files: "dict[str, bytes]", documents: "dict[str, list[Document]]") -> str:
    """The text of a source map; files of the program are told as seen from ``root``."""
    known: dict[tuple[CodeType | None, int], str] = {}
    lines = [HEAD]
    for name, made in documents.items():
        if made:
            content = files[name]
            lines.append(f"{crc32(content):08x} {len(content)} {name}")
        for document in made:
            construct = document.construct
            place = construct._code, construct._at
            where = known.get(place)
            if where is None:
                where = known[place] = users_place(root, *place)
            lines.append(f"\t{where}\t{path_of(construct)}")
            parts = getattr(construct, "_lines", None)
            for field, place in parts.items() if parts else ():
                lines.append(f"\t\t{users_place(root, *place)}\t{field}")
    lines.append("")
    return "\n".join(lines)


def users_place(root: str, code: "CodeType | None", at: int) -> str:
    """The file and line of an instruction, as seen from ``root``."""
    if code is None:
        return ""
    file = os.path.realpath(code.co_filename)
    return f"{file.removeprefix(f'{root}/')}:{line_number(code, at)}"
