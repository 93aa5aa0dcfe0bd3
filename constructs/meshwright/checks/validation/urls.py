"""URLs as Go reads them, which is what istiod does."""

import re
from dataclasses import dataclass

from meshwright.checks.validation.values import is_ip

_CONTROL = re.compile("[\x00-\x1f\x7f]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+\-.]*")
_BAD_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
_HOST = re.compile(r"(?:[A-Za-z0-9\-_.~!$&'()*+,;=<>\"\x80-\U0010ffff]|%25|%[89A-Fa-f][0-9A-Fa-f])*")
_USER = re.compile(r"[A-Za-z0-9\-._:~!$&'()*+,;=%@]*")


@dataclass(frozen=True, slots=True)
class Url:
    """What matters of a URL: its scheme in lower case, and its port as written."""

    scheme: str
    port: str


def parse_url(text: str, *, request: bool = False) -> Url | None:
    """Read a URL.

    Args:
        text: As written.
        request: It has to be one that can stand in a request: absolute, or a path from ``/`` on.

    Returns:
        The URL, ``None`` where Go finds fault with it. Source: Go's ``net/url``.
    """
    whole = text if request else text.partition("#")[0]
    fragment = "" if request else text.partition("#")[2]
    if _CONTROL.search(text) or _BAD_ESCAPE.search(fragment) or (request and not text):
        return None
    if whole == "*":
        return Url("", "")
    scheme, rest = _split(whole)
    if rest is None:
        return None
    rest = rest.partition("?")[0]
    if not rest.startswith("/"):
        if scheme:
            return Url(scheme, "")
        if request or ":" in rest.partition("/")[0]:
            return None
    port = ""
    if rest.startswith("//") and (scheme or not rest.startswith("///")) and not (request and not scheme):
        authority, slash, path = rest[2:].partition("/")
        found = _port(authority, strict=scheme in ("http", "https"))
        if found is None:
            return None
        port, rest = found, slash + path
    return None if _BAD_ESCAPE.search(rest) else Url(scheme, port)


def _split(text: str) -> tuple[str, str | None]:
    """Split a scheme off; the rest is ``None`` where the colon has nothing in front."""
    head, colon, rest = text.partition(":")
    if colon and _SCHEME.fullmatch(head):
        return head.lower(), rest
    return "", None if colon and not head else text


def _port(authority: str, *, strict: bool) -> str | None:
    """Return the port of an authority, ``None`` where it is not valid; a ``strict`` host has no colon."""
    user, at, host = authority.rpartition("@")
    if at and (not _USER.fullmatch(user) or _BAD_ESCAPE.search(user)):
        return None
    if host.startswith("["):
        inside, closed, port = host[1:].rpartition("]")
        if not closed or not is_ip(inside.partition("%")[0]) or ":" not in inside:
            return None
    else:
        found = host.find(":") if strict else host.rfind(":")
        name, port = (host, "") if found < 0 else (host[:found], host[found:])
        if not _HOST.fullmatch(name.replace(":", "")):
            return None
    if not port:
        return ""
    digits = port[1:]
    return digits if port[0] == ":" and (not digits or (digits.isascii() and digits.isdigit())) else None
