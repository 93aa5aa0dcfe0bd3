"""Names: of fields by one rule, of messages from whatever declares them (protos, Go types, or the path)."""

import keyword
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from meshwright.bindings.go_types import GoPackages, GoType, read_go_types
from meshwright.bindings.protos import ProtoMessage, read_protos, resolve

RESERVED = frozenset({"self", "scope", "id", "metadata", "api_version", "kind"})
_APIMACHINERY = {("LabelSelector", "matchExpressions"): "LabelSelectorRequirement"}
_PLURAL = re.compile(r"([A-Z]{2,})s(?![a-z])")
_BREAK = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")


def field_name(wire: str) -> str:
    """Return the Python name of a field: snake_case, plural acronyms kept whole, ``_`` after Python's keywords."""
    word = re.sub(r"[^A-Za-z0-9_]", "_", wire.lstrip("$"))
    word = _PLURAL.sub(lambda found: found[1].capitalize() + "s", word)
    name = _BREAK.sub("_", word).lower()
    if keyword.iskeyword(name) or name in ("none", "true", "false"):
        name += "_"
    return name if not name[:1].isdigit() else f"_{name}"


def class_name(wire: str) -> str:
    """Return a field's name as part of a class name."""
    parts = re.split(r"[^A-Za-z0-9]+", wire)
    return "".join(part[:1].upper() + part[1:] for part in parts)


def singular(word: str) -> str:
    """Return the name of one item of a list called ``word``."""
    for ending, one in (("ies", "y"), ("sses", "ss"), ("xes", "x"), ("ches", "ch"), ("shes", "sh")):
        if word.endswith(ending):
            return word[: -len(ending)] + one
    return word[:-1] if word.endswith("s") and not word.endswith(("ss", "us", "is")) else word


@dataclass(frozen=True)
class Named:
    """What is known of a message from its declaration.

    Args:
        handle: The declaration, to step on from.
        identity: Its full name; two uses of one identity are one class.
        path: Its name behind the names of the messages around it.
        link: Its page in the reference.
        home: Whether it is declared beside the kinds, not in a package they share with others.
    """

    handle: object
    identity: str
    path: tuple[str, ...]
    link: str = ""
    home: bool = True


class Namer(Protocol):
    """Finds declarations."""

    def kind(self, group: str, version: str, kind: str) -> Named | None:
        """Return the declaration of a kind, if what stands beside its ``spec`` is declared."""

    def spec(self, group: str, version: str, kind: str) -> Named | None:
        """Return the declaration of the ``spec`` of a kind."""

    def step(self, named: Named, wire: str) -> Named | None:
        """Return the declaration of the message in (or listed in) the field ``wire``."""


class PathNamer:
    """Nothing is declared: names come from the path."""

    def kind(self, group: str, version: str, kind: str) -> Named | None:
        """Know nothing."""
        return None

    def spec(self, group: str, version: str, kind: str) -> Named | None:
        """Know nothing."""
        return None

    def step(self, named: Named, wire: str) -> Named | None:
        """Know nothing."""
        return None


class ProtoNamer:
    """Messages of .proto files."""

    def __init__(self, folder: Path) -> None:
        self._messages = read_protos(folder)
        self._pages: dict[str, str] = {}
        for file in {message.file for message in self._messages.values()}:
            found = re.search(r"\$location: (\S+)", (folder / file).read_text(encoding="utf-8"))
            if found:
                self._pages[file] = found[1].removesuffix(".html").rstrip("/") + "/"

    def kind(self, group: str, version: str, kind: str) -> Named | None:
        """Protos declare the spec alone."""
        return None

    def spec(self, group: str, version: str, kind: str) -> Named | None:
        """Find the message of the kind's name in the packages of its group."""
        label = group.split(".")[0]
        found = [m for name, m in self._messages.items() if m.path == (kind,) and f".{label}." in f".{name}."]
        return self._named(found[0]) if found else None

    def step(self, named: Named, wire: str) -> Named | None:
        """Follow a field of the message."""
        message = named.handle
        if not isinstance(message, ProtoMessage) or wire not in message.fields:
            return None
        target = resolve(self._messages, message, message.fields[wire])
        return self._named(target) if target else None

    def _named(self, message: ProtoMessage) -> Named:
        page = self._pages.get(message.file, "")
        link = f"{page}#{'-'.join(message.path)}" if page else ""
        return Named(message, message.full_name, message.path, link, ".type." not in f".{message.package}.")


class GoNamer:
    """Structs of Go packages."""

    def __init__(self, folder: Path, module: str) -> None:
        self._packages: GoPackages = read_go_types(folder, module)
        self._module = module

    def kind(self, group: str, version: str, kind: str) -> Named | None:
        """Find the struct of the kind in a package of its version."""
        for package, types in sorted(self._packages.types.items()):
            if package.rsplit("/", 1)[-1] == version and kind in types and "spec" in types[kind].fields:
                return self._named(types[kind])
        return None

    def spec(self, group: str, version: str, kind: str) -> Named | None:
        """Step from the struct of the kind into its ``spec``."""
        found = self.kind(group, version, kind)
        return self.step(found, "spec") if found else None

    def step(self, named: Named, wire: str) -> Named | None:
        """Follow a field of the struct."""
        if not isinstance(named.handle, GoType):
            return None
        target = self._packages.follow(named.handle, wire)
        if target is None and (named.handle.name, wire) in _APIMACHINERY:
            target = GoType(_APIMACHINERY[named.handle.name, wire], named.handle.package)
        return self._named(target) if target else None

    def _named(self, found: GoType) -> Named:
        package = found.package
        inside, _, rest = package.partition(self._module.partition("@")[0])
        link = f"https://pkg.go.dev/{self._module}{rest}#{found.name}" if not inside and rest else ""
        return Named(found, f"{package}.{found.name}", (found.name,), link)


class DeclaredNamer:
    """The declarations of a Go module: its protos, and where they say nothing, its structs."""

    def __init__(self, folder: Path, module: str) -> None:
        self._protos = ProtoNamer(folder)
        self._structs = GoNamer(folder, module)

    def kind(self, group: str, version: str, kind: str) -> Named | None:
        """Find the struct of a kind that has no proto."""
        return None if self._protos.spec(group, version, kind) else self._structs.kind(group, version, kind)

    def spec(self, group: str, version: str, kind: str) -> Named | None:
        """Find the declaration of a kind's spec."""
        return self._protos.spec(group, version, kind) or self._structs.spec(group, version, kind)

    def step(self, named: Named, wire: str) -> Named | None:
        """Follow a field."""
        return self._protos.step(named, wire) or self._structs.step(named, wire)
