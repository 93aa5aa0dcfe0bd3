"""From what stands in an object to its plain data: resolvers, cleaning, patches, the order of the first fields."""

from meshwright.tree.value import LIST, MAP, OTHER, clean_copy, culprit, key_text, kinds, plain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Protocol

    from meshwright.tree.api_object import ApiObject

    class Resolver(Protocol):
        """What ``App(resolvers=…)`` takes."""

        def resolve(self, context: "ResolutionContext") -> None:
            """Look at one value; call ``context.replace_value`` to put another in its place."""


class ResolutionContext:
    """One value on its way into the manifest.

    Args:
        obj: The object it belongs to.
        key: Its place there, one string for each step.
        value: The value.
    """

    __slots__ = ("key", "obj", "replaced", "replaced_value", "value")

    def __init__(self, obj: "ApiObject", key: "Sequence[str]", value: object) -> None:
        self.obj = obj
        self.key = list(key)
        self.value = value
        self.replaced = False
        self.replaced_value: object = None

    def replace_value(self, new_value: object) -> None:
        """Let ``new_value`` go into the manifest instead; it is resolved in its turn."""
        self.replaced_value = new_value
        self.replaced = True


def resolve(key: "list[str]", value: "Any", api_object: "ApiObject", resolvers: "Sequence[Resolver]") -> "Any":
    """Copy a value, each part of it first shown to the resolvers."""
    if value is None:
        return None
    context = ResolutionContext(api_object, key, value)
    for resolver in resolvers:
        resolver.resolve(context)
        if context.replaced:
            return resolve(key, context.replaced_value, api_object, resolvers)
    kind = kinds[type(value)]
    if kind == OTHER:
        return resolve(key, plain(value), api_object, resolvers) if not isinstance(value, str) else plain(value)
    if kind == LIST:
        return [resolve([*key, str(at)], item, api_object, resolvers) for at, item in enumerate(value)]
    if kind == MAP:
        return {key_text(name): resolve([*key, name], item, api_object, resolvers) for name, item in value.items()}
    return value


def object_json(api_object: "ApiObject") -> "dict[str, Any]":
    """The object as plain data, patched, its first fields in front.

    Raises:
        ConfigurationError: A value cannot be written, or a patch does not fit.
    """
    from os import environ

    from meshwright.tree.json_patch import JsonPatch

    what = f"{api_object._kind} {api_object.name}"
    data: dict[str, Any] = {"apiVersion": api_object._api_version, "kind": api_object._kind, **api_object._fields}
    try:
        data["metadata"] = api_object._metadata_json()
        resolvers = api_object._resolvers()
        if resolvers:
            data["metadata"] = clean_copy(resolve([], data["metadata"], api_object, resolvers), True, True)
            data = resolve([], data, api_object, resolvers)
        json: Any = clean_copy(data, not environ.get("CDK8S_DISABLE_SORT"))
    except (TypeError, ValueError) as problem:
        wrong = f"{culprit(data)} of {what} cannot be written: {problem}"
        raise api_object.error(wrong, "Give text, numbers, booleans, lists and mappings") from problem
    except RecursionError as problem:
        raise api_object.error(f"{what} cannot be written: a value holds itself", "Give a copy of it") from problem
    try:
        if api_object._patches:
            json = JsonPatch.apply(json, *api_object._patches)
        first = [key for key in ("apiVersion", "kind", "metadata") if key in json]
        return {key: json[key] for key in dict.fromkeys([*first, *json])}
    except (TypeError, ValueError) as problem:
        raise api_object.error(f"{what} cannot be patched: {problem}", "Correct the patch") from problem
