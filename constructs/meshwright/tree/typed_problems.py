"""What is wrong with the fields of a typed construct, and where: read after `typed_values` has refused them."""

from difflib import get_close_matches

from meshwright.errors import ConfigurationError, Errors
from meshwright.tree.typed_values import (
    LIMITS,
    IntOrStr,
    MessageTypes,
    Quantity,
    Wrong,
    asked,
    filler,
    fits,
    json_copy,
    text_of,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    Problem = tuple[str, str]

_WORDS = {
    "str": "a string",
    "int": "a whole number",
    "number": "a number",
    "bool": "True or False",
    "json": "JSON data",
    "object": "a mapping of JSON data",
    "int_or_str": "a whole number or a string",
    "quantity": "a quantity, such as 1 or '500m'",
    "list": "a list",
    "map": "a mapping",
}
_KINDS = {
    "str": str,
    "int": int,
    "number": float,
    "bool": bool,
    "object": dict,
    "int_or_str": IntOrStr,
    "quantity": Quantity,
    "list": list,
    "map": dict,
}


class Refused(Errors, ConfigurationError):
    """All that is wrong with one object."""


def problems(types: MessageTypes, name: str, value: "Any", path: str = "") -> "Iterator[Problem]":
    """Find what is wrong with a message.

    Args:
        types: The types of its module.
        name: Its name there.
        value: What the user gave.
        path: Where that stands, in the user's spelling: ``http[0].route[1]``.

    Yields:
        What is wrong, and what to do about it.
    """
    home, name = types.find(name)
    declared, required, one_of, rules = home.declared(name)
    if not isinstance(value, dict):
        value = value.to_json() if hasattr(value, "to_json") else value
        if not isinstance(value, dict):
            yield f"{path} is {_quoted(value)}", f"Give a {name}"
            return
    by_wire = {field[0]: field for field in declared.values()}
    names = {field[0]: own for own, field in declared.items()}
    given: dict[str, Any] = {}
    sound = True
    for key, item in value.items():
        field = declared.get(key) or by_wire.get(key)
        if field is None:
            yield _unknown(name, _join(path, str(key)), str(key), list(declared))
            sound = False
        elif item is not None:
            given[field[0]] = item
            for problem in _problems(home, field[1], item, _join(path, str(key))):
                yield problem
                sound = False
    for wire in required:
        if wire not in given:
            yield f"{_join(path, names[wire])} is missing", f"{name} needs it: {_wanted(by_wire[wire][1])}"
    for group in one_of:
        both = sorted(names[wire] for wire in given.keys() & {*group})
        if len(both) > 1:
            yield f"{_at(path)}{' and '.join(both)} exclude each other", f"{name} takes one of them"
    if sound:
        yield from _rules(home, name, rules, value, path, f" of {name}")


def _problems(types: MessageTypes, declared: "Any", value: "Any", path: str) -> "Iterator[Problem]":
    base, limits = _split(declared)
    if base[0].isupper() or ":" in base:
        if not _later(value):
            yield from problems(types, base, value, path)
        return
    if base == "json":
        return
    if hasattr(value, "to_json") and base in ("map", "object"):
        value = value.to_json()
    if _later(value):
        return
    if not fits(_KINDS[base], value):
        hint = f"Give {_wanted(declared)}"
        yield f"{path} is {_quoted(value)}", hint
        return
    sound = True
    if base == "list":
        for position, item in enumerate(value):
            for problem in _problems(types, declared[1], item, f"{path}[{position}]"):
                yield problem
                sound = False
    elif base == "map":
        for key, item in value.items():
            if isinstance(key, bool) or not isinstance(key, str | int):
                yield f"{path} has the key {_quoted(key)}", "Give strings as keys"
                sound = False
            elif item is not None:
                for problem in _problems(types, declared[1], item, f"{path}[{key!r}]"):
                    yield problem
                    sound = False
    if sound:
        yield from _limits(types, declared, limits, value, path)


def _limits(
    types: MessageTypes, declared: "Any", limits: "dict[str, Any]", value: "Any", path: str
) -> "Iterator[Problem]":
    base = declared if isinstance(declared, str) else declared[0]
    if base in ("list", "map") and "rules" in limits:
        yield from _rules(types, declared, limits["rules"], value, path, "")
    elif "rules" in limits:
        for holds, message in limits["rules"]:
            if not asked(holds, value):
                yield f"{path} is {_quoted(value)}", f"The schema asks: {message}"
    for name, limit in limits.items():
        if name == "rules" or LIMITS[name](value, limit):
            continue
        if name == "enum":
            near = get_close_matches(str(value), [str(one) for one in limit], 1)
            hint = f"Did you mean {near[0]}? " if near else ""
            yield f"{path} is {_quoted(value)}", f"{hint}Valid: {', '.join(repr(one) for one in limit)}"
        elif name == "unique":
            what = " and ".join(limit) or "value"
            yield f"{path} has two items of the same {what}", "Keep one of them"
        else:
            shown = f"has {len(value)} items" if base in ("list", "map") else f"is {_quoted(value)}"
            yield f"{path} {shown}", f"Give {_wanted(declared)}"


def _rules(
    types: MessageTypes, declared: "Any", rules: "Any", value: "Any", path: str, suffix: str
) -> "Iterator[Problem]":
    if not rules:
        return
    try:
        wire = _on_wire(types, declared, value)
    except (Wrong, TypeError, ValueError, LookupError):
        return
    fill = filler(types, declared)
    for holds, message in rules:
        if not asked(holds, fill(wire) if fill else wire):
            yield f"{path or 'the object'} breaks a rule{suffix}", f"The schema asks: {message}"


def _on_wire(types: MessageTypes, declared: "Any", value: "Any") -> "Any":
    """Give sound fields the names they have on the wire, without asking rules."""
    base, _ = _split(declared)
    if _later(value) or value is None:
        return value
    if base[0].isupper() or ":" in base:
        home, name = types.find(base)
        fields = home.declared(name)[0]
        known = {**{field[0]: field for field in fields.values()}, **fields}
        value = value if isinstance(value, dict) else value.to_json()
        pairs = ((known[key], item) for key, item in value.items() if item is not None)
        return {field[0]: _on_wire(home, field[1], item) for field, item in pairs}
    if base == "list":
        return [_on_wire(types, declared[1], item) for item in value]
    if base == "map":
        return {text_of(key): _on_wire(types, declared[1], item) for key, item in value.items() if item is not None}
    return json_copy(value)


def _unknown(name: str, path: str, key: str, fields: list[str]) -> "Problem":
    near = get_close_matches(key, fields, 1)
    hint = f"Did you mean {near[0]}? " if near else ""
    return f"{path} is no field of {name}", f"{hint}Its fields: {', '.join(fields) or 'none'}"


def _wanted(declared: "Any") -> str:
    """Say what a type takes."""
    base, limits = _split(declared)
    if base == "list":
        words = f"a list of {_plural(declared[1])}"
    elif base == "map":
        words = f"a mapping of names to {_plural(declared[1])}"
    else:
        words = _WORDS.get(base) or f"a {base.rpartition(':')[2]}"
    if "enum" in limits:
        return f"one of {', '.join(repr(one) for one in limits['enum'])}"
    low, high = limits.get("minimum"), limits.get("maximum")
    if low is not None or high is not None:
        words += (
            f" from {low} to {high}"
            if None not in (low, high)
            else f" from {low}"
            if high is None
            else f" up to {high}"
        )
    least, most = limits.get("min_length"), limits.get("max_length")
    if least is not None or most is not None:
        words += f", {_size(least or 0, most, base)}"
    if "pattern" in limits:
        words += f" that matches {limits['pattern'].replace(chr(92) + 'Z', '$')}"
    return words


def _size(least: int, most: int | None, base: str) -> str:
    amount = f"at least {least}" if most is None else f"exactly {most}" if least == most else f"{least} to {most}"
    unit = "item" if base == "list" else "entry" if base == "map" else "character"
    last = least if most is None else most
    return f"{amount} {unit}" if last == 1 else f"{amount} {unit.replace('entry', 'entrie')}s"


def _plural(declared: "Any") -> str:
    base, _ = _split(declared)
    words = {"str": "strings", "int": "whole numbers", "number": "numbers", "bool": "booleans"}
    return words.get(base) or (base.rpartition(":")[2] if base[0].isupper() or ":" in base else _wanted(declared))


def _split(declared: "Any") -> "tuple[str, dict[str, Any]]":
    if isinstance(declared, str):
        return declared, {}
    return declared[0], dict(declared[2:] if declared[0] in ("list", "map") else declared[1:])


def _later(value: "Any") -> bool:
    return not isinstance(value, dict | str) and (hasattr(value, "produce") or hasattr(value, "resolve"))


def _quoted(value: "Any") -> str:
    text = repr(value)
    return text if len(text) <= 80 else f"{text[:77]}..."


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key


def _at(path: str) -> str:
    return f"{path}: " if path else ""
