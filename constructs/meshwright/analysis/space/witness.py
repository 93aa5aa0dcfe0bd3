"""From values of the parts of a request to the request itself, as a client would send it."""

import re

from meshwright.analysis.hosts import without_port
from meshwright.analysis.space.conditions import METHOD_PLACE, PATH, Conditions, Model
from meshwright.analysis.space.slots import Value
from meshwright.traffic import Request


class Unsendable(Exception):
    """Nobody can choose to send this request; the text says what it depends on."""


_SCHEMES = {"p": "http", "s": "https"}
_DOTS_BEFORE_PARAMETERS = re.compile(r"(?<=/)\.(?=\.?;)")


def request_of(conditions: Conditions, model: Model) -> Request:
    """Return the request that ``model`` stands for.

    Raises:
        Unsendable: Nobody can choose to send it: it needs a token, or a header that only proxies write.
    """
    entrance = conditions.entrance
    headers: list[tuple[str, str]] = []
    for place, value in sorted(model.items()):
        slot = conditions.slots[place]
        if value is None or slot.computed or slot.name.startswith((":", "query ", "proto", "path")):
            continue
        if not slot.known:
            raise Unsendable(f"that depends on {slot.name.replace(chr(0), '.')}, which the client does not choose")
        name = slot.name.removeprefix("header ")
        headers += [(name, each) for each in ((value,) if isinstance(value, str) else value)]
    proto = _text(conditions.value_of("proto", model)) or "phttp"
    scheme = _SCHEMES[proto[0]]
    if proto[1:] != scheme:
        headers.append(("x-forwarded-proto", proto[1:]))
    authority = conditions.value_of(":authority", model)
    if not isinstance(authority, str):
        raise Unsendable("another virtual host may take every authority of this one")
    door = next((each for each in entrance.doors if each.scheme == scheme), entrance.doors[0])
    path = _sent(_text(model.get(PATH, "/")) or "/", entrance.path_normalisation)
    return Request(
        method=_text(model.get(METHOD_PLACE, "GET")),
        authority=authority,
        path=path + conditions.query_text(model),
        headers=tuple(headers),
        scheme="https" if scheme == "https" else "http",
        port=door.port,
        sni=without_port(authority) if scheme == "https" else None,
        address=door.address,
    )


def _text(value: Value) -> str:
    return value if isinstance(value, str) else ""


def _sent(path: str, normalisation: str) -> str:
    """Return what to send so that Envoy reads ``path``: it takes parameters off dot segments that are not escaped."""
    return path if normalisation == "NONE" else _DOTS_BEFORE_PARAMETERS.sub("%2E", path)
