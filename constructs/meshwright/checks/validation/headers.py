"""Headers: their names, their values with Envoy's ``%VARIABLES%``, and what rules do to them."""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, Flaw, at
from meshwright.frontends.istio.objects import section, text, texts

_NAME = re.compile(r"[!#$%&'*+\-.^_`|~A-Za-z0-9]+")
_STRICT_NAME = re.compile(r"[-_A-Za-z0-9]+")
_PROBE_NAME = re.compile(r"[-A-Za-z0-9]+")
_CONTROL = re.compile("[\x00-\x08\x0a-\x1f\x7f]")
_PSEUDO = frozenset({":method", ":scheme", ":authority", ":path", ":status"})
_CLAIM = "@request.auth.claims"

_NAME_REMEDY = "A name is letters, digits and hyphens."


def is_claim(name: str) -> bool:
    """Tell whether a match asks for a claim of a token: ``@request.auth.claims.sub`` or ``…[sub]``."""
    if not name.lower().startswith(_CLAIM):
        return False
    rest = name[len(_CLAIM) :]
    return (rest.startswith(".") and len(rest) > 1) or (rest.startswith("[") and rest.endswith("]") and len(rest) > 2)


def matched_name_flaw(name: str) -> Flaw | None:
    """Judge the name of a header in a match."""
    return None if is_claim(name) or name in _PSEUDO else _flaw(_NAME, name)


def cors_name_flaw(name: str) -> Flaw | None:
    """Judge the name of a header in a CORS policy."""
    return None if name == "*" else _flaw(_NAME, name)


def strict_name_flaw(name: str) -> Flaw | None:
    """Judge the name of a header that carries a claim."""
    return _flaw(_STRICT_NAME, name)


def probe_name_flaw(name: str) -> Flaw | None:
    """Judge the name of a header of a probe."""
    return _flaw(_PROBE_NAME, name)


def _flaw(allowed: re.Pattern[str], name: str) -> Flaw | None:
    if allowed.fullmatch(name):
        return None
    return (f'"{name}" is no name of a header' if name else "the name of a header is empty"), _NAME_REMEDY


def is_authority(name: str) -> bool:
    """Tell whether a header is the authority of a request."""
    return name.lower() in (":authority", "host")


def header_faults(path: str, headers: object) -> Faults:
    """Find what is wrong with the header operations of a rule or a destination."""
    if not headers:
        return
    for side in ("request", "response"):
        operations = section(section(headers).get(side))
        for operation in ("add", "set"):
            for name, value in section(operations.get(operation)).items():
                where = f"{path}.{side}.{operation}.{name}"
                yield from at(where, _changed_flaw(name, authority=side == "request"))
                yield from at(where, value_flaw(text(value)))
        for place, name in enumerate(texts(operations.get("remove"))):
            yield from at(f"{path}.{side}.remove[{place}]", _changed_flaw(name, authority=False))


def _changed_flaw(name: str, *, authority: bool) -> Flaw | None:
    if not name:
        return "the name of a header is empty", _NAME_REMEDY
    if (name.startswith(":") or name.lower() == "host") and not (authority and is_authority(name)):
        return f'the header "{name}" cannot be changed here', "Set host in request.set, or rewrite.authority."
    return None


def authority_faults(path: str, rewrite: Mapping[str, Any], headers: object) -> Faults:
    """Find a second value for the authority: rewrite, set and add may give one between them."""
    request = section(section(headers).get("request"))
    places = [f"{path}.rewrite.authority"] if text(rewrite.get("authority")) else []
    for operation in ("set", "add"):
        for name, value in section(request.get(operation)).items():
            if is_authority(name):
                places.append(f"{path}.headers.request.{operation}.{name}")
                if len(places) > 1:
                    wrong = f'it sets the authority to "{value}", which has a value already'
                    yield Fault(places[-1], wrong, "Set the authority in one place.")
                    return
                if not text(value):
                    places.pop()


@lru_cache(maxsize=4096)
def value_flaw(value: str) -> Flaw | None:
    """Judge the value of a header: ``%VAR%`` and ``%VAR(...)%`` have to end, ``%%`` is a percent sign."""
    if _CONTROL.search(value):
        return f"{value!r} has a control character in it", "Remove it."
    problem = _variable_problem(value) if "%" in value else ""
    return (
        (f'"{value}" {problem}', "Write %VARIABLE% or %VARIABLE(...)%, and %% for a percent sign.") if problem else None
    )


def _variable_problem(value: str) -> str:
    """Return what is wrong with the variables of a value. Source: Envoy docs, "Custom request/response headers"."""
    state, place = "text", 0
    while place < len(value):
        letter, more = value[place], place + 1 < len(value)
        if state == "text":
            if letter == "%":
                if not more:
                    return "ends with a single %"
                if value[place + 1] == "%":
                    place += 1
                else:
                    state = "name"
        elif state == "name":
            state = {"%": "text", "(": "arguments"}.get(letter, state)
        elif state == "arguments":
            state = "string expected" if letter == "[" else "arguments" if letter == " " else "string"
        elif state == "string":
            if letter == "\\":
                if not more:
                    return "ends with a backslash"
                place += 1
            state = {")": "end", '"': "delimiter"}.get(letter, state)
        else:
            following = _AFTER[state].get(letter)
            if following is None and letter != " ":
                return f'has "{letter}" where a variable goes on'
            state = following or state
        place += 1
    return "" if state == "text" else "begins a variable that does not end"


_AFTER = {
    "string expected": {'"': "string"},
    "delimiter": {",": "string expected", "]": "close"},
    "close": {")": "end"},
    "end": {"%": "text"},
}
