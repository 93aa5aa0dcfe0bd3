"""Regular expressions as Envoy has them: RE2 on bytes, on the whole value, and RE2's own substitution.

Envoy compares bytes, not letters: ``.`` is one byte of ``é``, and ``é*`` asks for the first of its two bytes.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, cast


class PatternError(ValueError):
    """Not a regular expression of RE2; the text says why."""


@lru_cache(maxsize=4096)
def compiled(pattern: str) -> Any:
    """Return the compiled pattern, for bytes.

    Raises:
        PatternError: RE2 cannot read it.
    """
    import re2  # type: ignore[import-untyped]  # only tables with regular expressions pay for it

    options = re2.Options()
    options.log_errors = False
    options.encoding = re2.Options.Encoding.LATIN1
    try:
        return re2.compile(pattern.encode(), options)
    except re2.error as error:
        why = error.args[0] if error.args else error
        raise PatternError(why.decode(errors="replace") if isinstance(why, bytes) else str(why)) from error


def full_match(pattern: str) -> Callable[[str], bool]:
    """Return a test for the whole value."""
    matches = compiled(pattern).fullmatch
    return lambda value: matches(value.encode()) is not None


def replace_all(pattern: str, substitution: str, text: str) -> str:
    """Replace each match in ``text``; ``\\1`` in the substitution is the first group, ``\\0`` the match.

    A substitution that names a group the pattern has not leaves the text as it is (RE2, GlobalReplace).
    """
    regex = compiled(pattern)
    parts = _parts(substitution)
    if max((part for part in parts if isinstance(part, int)), default=0) > regex.groups:
        return text
    source = text.encode()
    done: list[bytes] = []
    position, end_of_last = 0, -1
    while position <= len(source) and (match := regex.search(source, position)) is not None:
        start, end = cast("tuple[int, int]", match.span())
        done.append(source[position:start])
        if start == end == end_of_last:
            done.append(source[start : start + 1])
            position = start + 1
            continue
        done += [match.group(part) or b"" if isinstance(part, int) else part.encode() for part in parts]
        position = end_of_last = end
    done.append(source[position:])
    return b"".join(done).decode(errors="replace")


def _parts(substitution: str) -> list[str | int]:
    """Split into literal text and group numbers."""
    parts: list[str | int] = []
    escaped = False
    for character in substitution:
        if escaped:
            parts.append(int(character) if character.isdigit() else character)
            escaped = False
        elif character == "\\":
            escaped = True
        else:
            parts.append(character)
    return parts
