"""Sets of keys that verify tokens. Source: RFC 7517, "JSON Web Key"."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from typing import Any

_PUBLIC = {"RSA": ("n", "e"), "EC": ("x", "y"), "OKP": ("x",), "oct": ("k",)}
_PRIVATE = {"RSA": ("d", "p", "q", "dp", "dq", "qi"), "EC": ("d",), "OKP": ("d",), "oct": ()}
_CURVES = ("EC", "OKP")
_TEXTS = ("alg", "kid", "use", "x5t", "x5t#S256")


_LINES = str.maketrans("", "", "\r\n")


def jwks_problem(text: str) -> str:
    """Return why a set of keys, or a single key, cannot be read; empty when it can."""
    try:
        read = _read(text)
    except ValueError as error:
        return f"no JSON ({error})"
    if not isinstance(read, dict):
        return "no JSON object"
    if "keys" not in read:
        return _key_problem(read)
    keys = read["keys"]
    if keys is None:
        return ""
    if not isinstance(keys, list):
        return "keys is no list"
    problems = (f"key {place}: {problem}" for place, key in enumerate(keys) if (problem := _key_problem(key)))
    return next(problems, "")


def _read(text: str) -> Any:
    """Read the first value of a text, as istiod does; what follows it reads as nothing."""
    return json.JSONDecoder(parse_constant=_refuse).raw_decode(text.lstrip(" \t\r\n"))[0]


def _refuse(constant: str) -> Any:
    raise ValueError(constant)


def _key_problem(key: object) -> str:
    if not isinstance(key, dict):
        return "no JSON object"
    kind = key.get("kty")
    if not isinstance(kind, str) or kind not in _PUBLIC:
        return f"kty is {json.dumps(kind)}, and RSA, EC, OKP and oct are known"
    texts = (*_TEXTS, "crv") if kind in _CURVES else _TEXTS
    wrong = next((field for field in texts if not isinstance(key.get(field), str | None)), None)
    if wrong is not None:
        return f"{wrong} is no text"
    private = _PRIVATE[kind] if "d" in key else ()
    needed = (*_PUBLIC[kind], *(("crv",) if kind in _CURVES else ()), *private[:1])
    missing = next((field for field in needed if field not in key), None)
    if missing is not None:
        return f"{missing} is missing"
    for field in (*_PUBLIC[kind], *private):
        if not _is_base64(key.get(field)):
            return f"{field} is not written in base64url"
    return _list_problem(key)


def _list_problem(key: Mapping[str, Any]) -> str:
    for field in ("key_ops", "x5c"):
        items = [] if key.get(field) is None else key[field]
        if not isinstance(items, list) or not all(isinstance(item, str | None) for item in items):
            return f"{field} is no list of texts"
    if not all(map(_is_base64, key.get("x5c") or ())):
        return "x5c is not written in base64"
    return ""


def _is_base64(value: object) -> bool:
    if value is None:
        return True
    if not isinstance(value, str):
        return False
    plain = value.translate(_LINES).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


def private_keys(text: str) -> Iterator[int]:
    """Yield the positions of keys of a readable set that are not public."""
    read = _read(text)
    keys: list[Mapping[str, Any]] = (read["keys"] or []) if "keys" in read else [read]
    for place, key in enumerate(keys):
        if "d" in key or key["kty"] == "oct":
            yield place
