"""The schemas of the kinds that `meshwright.imports` was made of: Istio's and Kubernetes' own.

A cluster drops the fields that a schema does not know, and then refuses an object that does not fit it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from typing import Any

from meshwright.checks.inventory import Inventory
from meshwright.manifests.resource import Resource
from meshwright.tree.typed_values import MessageTypes, Wrong

_ISTIO = {
    "networking.istio.io": "istio.networking",
    "security.istio.io": "istio.security",
    "telemetry.istio.io": "istio.telemetry",
    "extensions.istio.io": "istio.extensions",
}
"""Groups of which every version is held to the one schema. Those of the Gateway API differ between its channels."""

_KUBERNETES = {
    "v1": "kubernetes.core",
    "apps/v1": "kubernetes.apps",
    "autoscaling/v2": "kubernetes.autoscaling",
    "batch/v1": "kubernetes.batch",
    "networking.k8s.io/v1": "kubernetes.networking",
    "policy/v1": "kubernetes.policy",
}
"""Versions that are held to a schema. There a value that is null counts as absent."""

_PATH = re.compile(r"[\w\-]+(?:\[\d+\]|\['[^']*'\]|\.[\w\-]+)*(?= )")


@dataclass(slots=True)
class Pruned:
    """The spec of an object without what a cluster drops.

    Args:
        types, name: Its schema.
        spec: What stays.
        unknown: Dropped fields: the path, and the names that are known there.
        nulls: Paths of fields that are written without a value.
    """

    types: MessageTypes
    name: str
    spec: dict[str, Any]
    unknown: list[tuple[str, list[str]]] = field(default_factory=list)
    nulls: list[str] = field(default_factory=list)


def misfits(shown: Inventory) -> list[tuple[Resource, Pruned]]:
    """Return the objects whose spec does not fit their schema as it is, with the spec as a cluster would take it."""
    found: list[tuple[Resource, Pruned]] = shown.remember("misfits", lambda: list(_misfits(shown)))
    return found


def _misfits(shown: Inventory) -> Iterator[tuple[Resource, Pruned]]:
    for resource in shown.mesh.resources:
        if shown.kubernetes and resource.api_version in _KUBERNETES:
            continue  # the schema of that version decides
        found = _pruned(resource)
        if found is not None:
            yield resource, found


def _pruned(resource: Resource) -> Pruned | None:
    types = _types_of(resource)
    spec = resource.body.get("spec")
    if types is None or not isinstance(spec, dict) or _fits(types, resource.kind, spec):
        return None
    found = Pruned(types, resource.kind, {})
    found.spec = _message(found, types, resource.kind, spec, "spec")
    return found


def _fits(types: MessageTypes, name: str, spec: dict[str, Any]) -> bool:
    """Tell whether a spec fits its schema, and nothing in it is dropped, empty, or spelled as in Python."""
    try:
        return bool(types.message(name)(spec) == spec)
    except Wrong:
        return False


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a schema refuses at one field of an object."""

    resource: Resource
    path: str
    wrong: str
    remedy: str


def refusals(shown: Inventory) -> list[Refusal]:
    """Return what the schemas refuse."""
    found: list[Refusal] = shown.remember("refusals", lambda: list(_refusals(shown)))
    return found


def _refusals(shown: Inventory) -> Iterator[Refusal]:
    for resource in shown.mesh.resources:
        if has_null_spec(resource):
            yield Refusal(resource, "spec", "spec has no value, and a cluster refuses null", "Write the spec.")
    for resource, found in misfits(shown):
        for path in found.nulls if resource.api_version not in _KUBERNETES else ():
            wrong = "it has no value, and a cluster refuses null here"
            yield Refusal(resource, path, wrong, "Give it a value, or remove it.")
        if not _fits_pruned(found):
            yield from _problems(resource, found)


def _fits_pruned(found: Pruned) -> bool:
    try:
        found.types.message(found.name)(found.spec)
    except Wrong:
        return False
    return True


def _problems(resource: Resource, found: Pruned) -> Iterator[Refusal]:
    from meshwright.tree.typed_problems import problems

    for wrong, remedy in problems(found.types, found.name, found.spec):
        named = _PATH.match(wrong)
        path = f"spec.{named[0]}" if named is not None and not wrong.startswith("the object ") else "spec"
        written = re.sub(r"\['([^']*)'\]", r".\1", path)
        told = wrong.removeprefix(named[0]).strip() if written != "spec" and named is not None else wrong
        yield Refusal(resource, written, told, remedy if remedy.endswith((".", "?")) else f"{remedy}.")


def has_schema(resource: Resource) -> bool:
    """Tell whether an object is of one of Istio's kinds with a schema here."""
    return ".istio.io/" in resource.api_version and _types_of(resource) is not None


def has_null_spec(resource: Resource) -> bool:
    """Tell whether an object of a kind that needs its spec has ``spec: null``."""
    empty = "spec" in resource.body and resource.body["spec"] is None
    return empty and resource.api_version not in _KUBERNETES and _types_of(resource) is not None


def _types_of(resource: Resource) -> Any:
    version = resource.api_version
    module = _KUBERNETES.get(version) or _ISTIO.get(version.partition("/")[0])
    types = _types(module) if module is not None else None
    declared = types.kinds.get(resource.kind) if types is not None else None
    if declared is None or not declared[1]:
        return None
    return types if version not in _KUBERNETES or declared[0] == version else None


@cache
def _types(module: str) -> Any:
    return import_module(f"meshwright.imports.{module}").TYPES


@cache
def _fields(types: MessageTypes, name: str) -> tuple[MessageTypes, dict[str, Any]]:
    """Return the fields of a message by their names in YAML."""
    home, own = types.find(name)
    return home, {declared[0]: declared[1] for declared in home.declared(own)[0].values()}


def _message(found: Pruned, types: MessageTypes, name: str, value: dict[str, Any], path: str) -> dict[str, Any]:
    home, fields = _fields(types, name)
    kept: dict[str, Any] = {}
    for key, item in value.items():
        declared = fields.get(key)
        where = f"{path}.{key}"
        if declared is None:
            found.unknown.append((where, list(fields)))
        elif item is None:
            found.nulls.append(where)
        else:
            kept[key] = item if isinstance(item, str | int | float) else _value(found, home, declared, item, where)
    return kept


def _value(found: Pruned, types: MessageTypes, declared: Any, value: Any, path: str) -> Any:
    base = declared if isinstance(declared, str) else declared[0]
    if isinstance(value, dict) and (base[0].isupper() or ":" in base):
        return _message(found, types, base, value, path)
    if isinstance(value, list) and base == "list":
        return [_value(found, types, declared[1], item, f"{path}[{place}]") for place, item in enumerate(value)]
    if isinstance(value, dict) and base == "map":
        return dict(_entries(found, types, declared[1], value, path))
    return value


def _entries(
    found: Pruned, types: MessageTypes, declared: Any, value: dict[str, Any], path: str
) -> Iterator[tuple[str, Any]]:
    for key, item in value.items():
        if item is None:
            found.nulls.append(f"{path}.{key}")
        else:
            yield key, _value(found, types, declared, item, f"{path}.{key}")
