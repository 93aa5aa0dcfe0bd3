"""Paths as Envoy sees them before it compares them. Source: Envoy docs, "HttpConnectionManager", normalize_path.

The rules are those of Chromium's canonicaliser, which Envoy uses: dot segments are removed, backslashes become
slashes, escaped letters, digits and ``-._~`` are unescaped, a few characters are escaped. Before that Envoy takes
the parameters off dot segments: ``/a/..;x/b`` is ``/b``.
"""

import re

from meshwright.traffic.table import PathNormalisation

_SEGMENT = r"[A-Za-z0-9_~!$&'()*+,;=:@\[\]\-]"
_ALREADY_NORMAL = re.compile(rf"(?:/{_SEGMENT}(?:{_SEGMENT}|\.)*|/)+(?:\?[\x21\x22\x24-\x7e]*)?").fullmatch
_ON_THE_WIRE = re.compile(r"[\x21-\x7e]+").fullmatch
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_LONE_PERCENT = re.compile("%(?![0-9A-Fa-f]{2})")
_HEX_PAIR = re.compile("[0-9A-Fa-f]{2}").match
_ESCAPED_SLASH = re.compile(r"%(?:2[Ff]|5[Cc])")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_MUST_BE_ESCAPED = str.maketrans({character: f"%{ord(character):02X}" for character in '"<>^`{|}'})
_DOTS_WITH_PARAMETERS = re.compile(r"(?<=/)(\.\.?);[^/]*")
_SLASHES = re.compile("/{2,}")


def normalise(path: str, how: PathNormalisation) -> str | None:
    """Return the path with its query as routes see it, without a fragment; ``None`` when Envoy answers 400."""
    if _ALREADY_NORMAL(path) and (how in ("BASE", "NONE") or "//" not in path):
        return path
    if not _ON_THE_WIRE(path):
        return None
    path = path.partition("#")[0]
    if not path.startswith("/"):
        return None
    if how == "NONE":
        return path
    bare, question_mark, query = path.partition("?")
    if how == "DECODE_AND_MERGE_SLASHES":
        bare = _ESCAPED_SLASH.sub(lambda escape: "/" if escape[0][1] == "2" else "\\", bare)
    bare = _DOTS_WITH_PARAMETERS.sub(r"\1", bare)
    if "%00" in bare:
        return None
    bare = _without_dots(_decoded(bare).replace("\\", "/").translate(_MUST_BE_ESCAPED))
    if how in ("MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"):
        bare = _SLASHES.sub("/", bare) if bare.strip("/") else bare[:2]
    return bare + question_mark + query


def _decoded(path: str) -> str:
    """Unescape what needs no escape. A ``%`` that this would turn into an escape becomes ``%25``."""
    decoded = _ESCAPE.sub(_unescaped, path)
    if not _LONE_PERCENT.search(path):
        return decoded
    pieces: list[str] = []
    for number, part in enumerate(_LONE_PERCENT.split(path)):
        following = _ESCAPE.sub(_unescaped, part)
        if number:
            pieces.append("%25" if _HEX_PAIR(following) else "%")
        pieces.append(following)
    return "".join(pieces)


def _unescaped(escape: re.Match[str]) -> str:
    character = chr(int(escape[1], 16))
    return character if character in _UNRESERVED else escape[0]


def _without_dots(path: str) -> str:
    if "/." not in path:
        return path
    segments = path.split("/")[1:]
    kept: list[str] = []
    for segment in segments:
        if segment == "..":
            if kept:
                kept.pop()
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept)


def without_query(path: str) -> str:
    """Return a normalised path up to its query."""
    return path.partition("?")[0]


def query_parameters(path: str) -> dict[str, str]:
    """Return the first value of each query parameter, as written: Envoy decodes nothing here."""
    parameters: dict[str, str] = {}
    for part in path.partition("?")[2].split("&"):
        name, _, value = part.partition("=")
        parameters.setdefault(name, value)
    return parameters
