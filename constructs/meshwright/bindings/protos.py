"""Messages and enums of .proto files: enough of proto3 to name the types behind a CRD's fields."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_TOKEN = re.compile(r'//[^\n]*|/\*.*?\*/|"(?:\\.|[^"\\])*"|\'(?:\\.|[^\'\\])*\'|[\w.]+|[{}\[\]()<>;=,\-]', re.DOTALL)
_SKIPPED = ("option", "reserved", "extensions", "syntax", "import", "edition")


@dataclass
class ProtoMessage:
    """A message: ``fields`` maps the JSON name to the type as written (of the value, for a map)."""

    name: str
    package: str
    file: str
    parent: "ProtoMessage | None" = None
    fields: dict[str, str] = field(default_factory=dict)

    @property
    def path(self) -> tuple[str, ...]:
        """The names of the messages around it, and its own."""
        return (*(self.parent.path if self.parent else ()), self.name)

    @property
    def full_name(self) -> str:
        """Its name with its package, as other files write it."""
        return ".".join((self.package, *self.path))


def read_protos(folder: Path) -> dict[str, ProtoMessage]:
    """Read every .proto file under ``folder`` that people wrote; the result maps full names to messages."""
    messages: dict[str, ProtoMessage] = {}
    for path in sorted(folder.rglob("*.proto")):
        relative = path.relative_to(folder)
        if relative.parts[0] not in ("common-protos", "vendor") and path.name != "generated.proto":
            for message in _Reader(path.read_text(encoding="utf-8"), relative.as_posix()).messages():
                messages[message.full_name] = message
    return messages


def resolve(messages: dict[str, ProtoMessage], scope: ProtoMessage, written: str) -> ProtoMessage | None:
    """Find the message that ``written`` means inside ``scope``, by the rules of proto: innermost first."""
    if written.startswith("."):
        return messages.get(written[1:])
    around = scope.full_name.split(".")
    for length in range(len(around), -1, -1):
        found = messages.get(".".join((*around[:length], written)))
        if found is not None:
            return found
    return None


def json_name(name: str) -> str:
    """Return the JSON spelling of a proto field."""
    head, *rest = name.split("_")
    return head + "".join(part[:1].upper() + part[1:] for part in rest)


class _Reader:
    def __init__(self, text: str, file: str) -> None:
        self._tokens: list[str] = [t for t in _TOKEN.findall(text) if not t.startswith(("//", "/*"))]
        self._at = 0
        self._file = file
        self._package = ""

    def messages(self) -> Iterator[ProtoMessage]:
        while self._at < len(self._tokens):
            word = self._next()
            if word == "package":
                self._package = self._next()
            elif word == "message":
                yield from self._message(None)
            elif word in ("enum", "service", "extend"):
                self._next()
                self._skip_block()
            else:
                self._skip_statement()

    def _next(self) -> str:
        self._at += 1
        return self._tokens[self._at - 1]

    def _skip_statement(self) -> None:
        depth = 0
        while self._at < len(self._tokens):
            token = self._next()
            depth += (token == "{") - (token == "}")
            if token == ";" and depth == 0:
                return

    def _skip_block(self) -> None:
        depth = 0
        while True:
            token = self._next()
            depth += (token == "{") - (token == "}")
            if token == "}" and depth == 0:
                return

    def _message(self, parent: ProtoMessage | None) -> Iterator[ProtoMessage]:
        message = ProtoMessage(self._next(), self._package, self._file, parent)
        self._next()
        yield message
        yield from self._members(message)

    def _members(self, message: ProtoMessage) -> Iterator[ProtoMessage]:
        while (word := self._next()) != "}":
            if word == "message":
                yield from self._message(message)
            elif word == "oneof":
                self._at += 2
                yield from self._members(message)
            elif word == "enum":
                self._next()
                self._skip_block()
            elif word in _SKIPPED:
                self._skip_statement()
            elif word != ";":
                self._field(message, word)

    def _field(self, message: ProtoMessage, word: str) -> None:
        written = self._next() if word in ("repeated", "optional", "required") else word
        if written == "map":
            self._at += 3
            written = self._next()
            self._next()
        name = self._next()
        message.fields[json_name(name)] = written
        self._skip_statement()
