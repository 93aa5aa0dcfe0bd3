"""The logical keywords of a schema (oneOf, anyOf, allOf, not) as one-ofs and rules."""

from typing import Any

from meshwright.bindings.model import Rule

Schema = dict[str, Any]
LOGICAL = ("oneOf", "anyOf", "allOf", "not")
_CHECKS = {"ipv4": "cel.is_ip(self, 4)", "ipv6": "cel.is_ip(self, 6)"}


class Inexpressible(Exception):
    """The schema says something that has no form in the generated code."""


def conditions(schema: Schema) -> tuple[tuple[tuple[str, ...], ...], tuple[Rule, ...]]:
    """Split what the logical keywords ask into groups of which at most one may be set, and other rules."""
    groups: list[tuple[str, ...]] = []
    rules: list[Rule] = []
    for part in ({key: schema[key]} for key in LOGICAL if key in schema):
        for one in part.get("allOf", [part]):
            group = _at_most_one(one)
            if group:
                groups.append(group)
            else:
                rules.append(Rule(_code(one, "self"), _words(one)))
    return tuple(group for group in groups if len(group) > 1), tuple(rules)


def _at_most_one(part: Schema) -> tuple[str, ...]:
    """Recognise `oneOf: [not anyOf: [required a, required b], required a, required b]`."""
    options = part.get("oneOf")
    if set(part) != {"oneOf"} or not options or set(options[0]) != {"not"}:
        return ()
    names = [_single(option) for option in options[1:]]
    none_of = [_single(option) for option in options[0]["not"].get("anyOf", [options[0]["not"]])]
    return tuple(names) if all(names) and names == none_of else ()


def _single(option: Schema) -> str:
    required = option.get("required", [])
    return str(required[0]) if set(option) == {"required"} and len(required) == 1 else ""


def _code(part: Schema, value: str) -> str:
    terms = [_term(key, asked, value) for key, asked in part.items() if key not in ("description", "type")]
    return " and ".join(terms) if len(terms) == 1 else f"({' and '.join(terms) or 'True'})"


def _term(key: str, asked: Any, value: str) -> str:
    match key:
        case "required":
            return f"({' and '.join(f'{name!r} in {value}' for name in asked)})"
        case "enum":
            return f"({value} in {asked!r})"
        case "format" if asked in _CHECKS:
            return _CHECKS[asked].replace("self", value)
        case "not":
            return f"(not {_code(asked, value)})"
        case "anyOf":
            return f"({' or '.join(_code(option, value) for option in asked)})"
        case "allOf":
            return f"({' and '.join(_code(option, value) for option in asked)})"
        case "oneOf":
            return f"(sum(({', '.join(f'bool({_code(option, value)})' for option in asked)},)) == 1)"
        case "properties":
            terms = (f"({n!r} not in {value} or {_code(sub, f'{value}[{n!r}]')})" for n, sub in asked.items())
            return f"({' and '.join(terms)})"
    raise Inexpressible(f"{key}: {asked!r}")


def _words(part: Schema) -> str:
    """Say what a condition asks, for the error."""
    if "required" in part:
        return f"{' and '.join(part['required'])} must be given"
    for key, words in (("oneOf", "exactly one of these must hold"), ("anyOf", "at least one of these must hold")):
        if key in part:
            return f"{words}: {'; '.join(_words(option) for option in part[key])}"
    if "not" in part:
        return f"not: {_words(part['not'])}"
    if "enum" in part:
        return f"one of {', '.join(map(str, part['enum']))}"
    if "format" in part:
        return str(part["format"])
    if "properties" in part:
        return ", ".join(f"{name}: {_words(sub)}" for name, sub in part["properties"].items())
    return " and ".join(_words(option) for option in part.get("allOf", [])) or "nothing"
