"""Struct types of Go source: enough of Go to name the types behind a CRD's fields."""

import re
from dataclasses import dataclass, field
from pathlib import Path

_STRUCT = re.compile(r"^type (\w+) struct \{\n(.*?)^\}", re.DOTALL | re.MULTILINE)
_OTHER = re.compile(r"^type (\w+)(?: =)? ([\[\]*\w.]+)$", re.MULTILINE)
_FIELD = re.compile(r"^\t(?:(\w+)\s+)?([\[\]*\w.]+)\s+`[^`]*json:\"([^\"]*)\"[^`]*`", re.MULTILINE)
_IMPORT = re.compile(r"^\s*(?:import\s+)?(?:(\w+)\s+)?\"([^\"]+)\"", re.MULTILINE)
_ELEMENT = re.compile(r"^(?:\*|\[\]|map\[\w+\])+")
_MENTIONS_JSON = 'json:"'


@dataclass
class GoType:
    """A named type: a struct has ``fields`` (JSON name to type as written), others have what they stand for."""

    name: str
    package: str
    fields: dict[str, str] = field(default_factory=dict)
    inline: list[str] = field(default_factory=list)
    alias: str = ""
    imports: dict[str, str] = field(default_factory=dict)


@dataclass
class GoPackages:
    """The types of a module, by import path and name."""

    types: dict[str, dict[str, GoType]]

    def follow(self, struct: GoType, wire: str) -> GoType | None:
        """Return the named type in, or listed in, the field ``wire``."""
        if wire in struct.fields:
            return self._element(struct, struct.fields[wire])
        for written in struct.inline:
            base = self._find(struct, written.lstrip("*"))
            found = self.follow(base, wire) if base else None
            if found:
                return found
        return None

    def _element(self, scope: GoType, written: str) -> GoType | None:
        found = self._find(scope, _ELEMENT.sub("", written))
        while found is not None and found.alias:
            deeper = self._find(found, _ELEMENT.sub("", found.alias))
            if deeper is None:
                return found
            found = deeper
        return found

    def _find(self, scope: GoType, written: str) -> GoType | None:
        qualifier, _, name = written.rpartition(".")
        if not qualifier:
            return self.types[scope.package].get(name)
        package = scope.imports.get(qualifier, "")
        if package in self.types:
            return self.types[package].get(name)
        return GoType(name, package) if package else None


def read_go_types(folder: Path, module: str) -> GoPackages:
    """Read the types of every package under ``folder`` that declares JSON fields.

    Args:
        folder: The module's files.
        module: Its path, with or without ``@version``.
    """
    root = module.partition("@")[0]
    packages: dict[str, dict[str, GoType]] = {}
    for path in sorted(folder.rglob("*.go")):
        relative = path.relative_to(folder).parent
        if path.name.endswith(("_test.go", ".pb.go")) or not {"apis", "api"} & set(relative.parts):
            continue
        text = path.read_text(encoding="utf-8")
        package = f"{root}/{relative.as_posix()}".removesuffix("/.")
        imports = _imports(text)
        types = packages.setdefault(package, {})
        for name, alias in _OTHER.findall(text):
            types.setdefault(name, GoType(name, package, alias=alias, imports=imports))
        if _MENTIONS_JSON in text:
            for name, body in _STRUCT.findall(text):
                types[name] = _struct(GoType(name, package, imports=imports), body)
    return GoPackages(packages)


def _imports(text: str) -> dict[str, str]:
    head = text.split("\ntype ", 1)[0]
    return {alias or path.rsplit("/", 1)[-1]: path for alias, path in _IMPORT.findall(head)}


def _struct(struct: GoType, body: str) -> GoType:
    for _, written, tag in _FIELD.findall(body):
        name, _, options = tag.partition(",")
        if name and name != "-":
            struct.fields[name] = written
        elif "inline" in options:
            struct.inline.append(written)
    return struct
