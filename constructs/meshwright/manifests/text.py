"""Bytes to text, and text to lines: what a file must be like before YAML is looked for in it."""

from functools import lru_cache

from meshwright.errors import InputError
from meshwright.manifests.node import Node
from meshwright.manifests.outline import outline
from meshwright.traffic.origin import MadeBy

MAX_BYTES = 64 * 1024 * 1024
"""The largest file or stream that is read."""

_BOMS = (("utf-8-sig", b"\xef\xbb\xbf"), ("utf-16", b"\xff\xfe"), ("utf-16", b"\xfe\xff"))
_CONTROL = bytes(code for code in range(32) if code not in b"\t\n\r\f\v")


def too_large(where: str, size: int | None = None) -> InputError:
    """Return the error for a file or stream over ``MAX_BYTES``."""
    found = f"{size / 1024 / 1024:.0f} MiB" if size is not None else f"more than {MAX_BYTES >> 20} MiB"
    return InputError(where, f"{found} of manifests", f"Split it into files of at most {MAX_BYTES >> 20} MiB")


def decode(data: bytes, where: str) -> str:
    """Return the text in ``data``, which is UTF-8, or UTF-16 with a byte order mark.

    Raises:
        InputError: It is neither.
    """
    encoding = next((name for name, mark in _BOMS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = 1 + data.count(b"\n", 0, error.start)
        wrong = f"byte 0x{data[error.start]:02x} is not {encoding.removesuffix('-sig').upper()}"
        raise InputError(f"{where}:{line}", wrong, "Save the file as UTF-8") from None
    if encoding != "utf-16" and data.translate(None, _CONTROL) != data:
        offset, code = next((offset, code) for offset, code in enumerate(data) if code in _CONTROL)
        line = 1 + data.count(b"\n", 0, offset)
        wrong = f"byte 0x{code:02x} at offset {offset}: this is no text"
        raise InputError(f"{where}:{line}", wrong, "Give YAML or JSON, saved as UTF-8")
    return text


class Text:
    """A file's text, kept so that lines can be found when they are asked for."""

    __slots__ = ("content", "file")

    def __init__(self, file: str, content: str) -> None:
        self.file = file
        self.content = content

    def line_at(self, offset: int) -> int:
        """Return the 1-based line of the character at ``offset``."""
        return 1 + self.content.count("\n", 0, offset)


class TextPlace:
    """Where one object stands: a document of a text, or an item of the List in it."""

    __slots__ = ("end", "number", "path", "start", "text")

    def __init__(self, text: Text, start: int, end: int, number: int, path: str = "") -> None:
        self.text = text
        self.start = start
        self.end = end
        self.number = number
        self.path = path

    @property
    def file(self) -> str:
        """Path as the user gave it, ``<stdin>`` or ``REV:PATH``."""
        return self.text.file

    @property
    def content(self) -> str:
        """The whole text, of which this place is a part."""
        return self.text.content

    def text_of(self, line: int) -> str:
        """Return a line without its end; empty where there is no such line."""
        lines = self.text.content.splitlines()
        return lines[line - 1] if 0 < line <= len(lines) else ""

    @property
    def document(self) -> int:
        """Its position among the documents of a file that a synth wrote, from 0."""
        from meshwright.manifests.sources import document_number

        return document_number(self.content, self.start)

    def made_by(self, field: str) -> MadeBy | None:
        """Return what made ``field`` or its nearest parent, where the text is what was synthesised on this machine."""
        from meshwright.manifests.sources import made_by

        return made_by(self.file, self.content, self.start, f"{self.path}.{field}" if self.path else field)

    def line_of(self, field: str) -> int:
        """Return the 1-based line of ``field``, or of its nearest written parent."""
        root = _positions(self.text, self.start, self.end, self.number)
        if root is None:
            return self.text.line_at(self.start)
        dot = "." if self.path and field and not field.startswith("[") else ""
        return root.line_of(f"{self.path}{dot}{field}")


@lru_cache(maxsize=4096)
def _positions(text: Text, start: int, end: int, number: int) -> Node | None:
    content, first_line = text.content[start:end], text.line_at(start)
    found = outline(content, first_line)
    if found is not None:
        return found
    from meshwright.manifests import nodes  # needs PyYAML, which costs start-up time

    try:
        documents = nodes.read(content, first_line)
    except nodes.YamlProblem:  # JSON that is no YAML
        return None
    return documents[number].root if number < len(documents) else None
