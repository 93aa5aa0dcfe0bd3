"""Sets of bytes as integers of 256 bits, by the names that RE2 gives them, with the letters of Latin-1.

Source: RE2, "Syntax". Envoy compiles patterns for UTF-8 but compares bytes; the model reads both as Latin-1.
"""

import unicodedata
from collections.abc import Iterable
from functools import lru_cache

ALL = (1 << 256) - 1


def bytes_mask(codes: Iterable[int]) -> int:
    """Return the set of these bytes."""
    mask = 0
    for code in codes:
        mask |= 1 << code
    return mask


def range_mask(first: int, last: int) -> int:
    """Return the set of all bytes between both, which belong to it."""
    last = min(last, 255)
    return ((1 << (last - first + 1)) - 1) << first if first <= last else 0


def _characters(text: str) -> int:
    return bytes_mask(map(ord, text))


_DIGITS = range_mask(0x30, 0x39)
_UPPER = range_mask(0x41, 0x5A)
_LOWER = range_mask(0x61, 0x7A)
_ALPHA = _UPPER | _LOWER
WORD = _ALPHA | _DIGITS | _characters("_")

PERL = {"d": _DIGITS, "s": _characters("\t\n\f\r "), "w": WORD}
PERL |= {name.upper(): ALL & ~mask for name, mask in PERL.items()}
POSIX = {
    "alnum": _ALPHA | _DIGITS,
    "alpha": _ALPHA,
    "ascii": range_mask(0, 0x7F),
    "blank": _characters("\t "),
    "cntrl": range_mask(0, 0x1F) | 1 << 0x7F,
    "digit": _DIGITS,
    "graph": range_mask(0x21, 0x7E),
    "lower": _LOWER,
    "print": range_mask(0x20, 0x7E),
    "punct": range_mask(0x21, 0x7E) & ~(_ALPHA | _DIGITS),
    "space": _characters("\t\n\v\f\r "),
    "upper": _UPPER,
    "word": WORD,
    "xdigit": _DIGITS | range_mask(0x41, 0x46) | range_mask(0x61, 0x66),
}

# Letters that differ by one bit: ASCII, and Latin-1 but for the signs of times and division and the two without a pair.
_CAPITALS = _UPPER | (range_mask(0xC0, 0xDE) & ~(1 << 0xD7))
_SMALL = _CAPITALS << 0x20


def folded(mask: int) -> int:
    """Return the set with both cases of each letter in it."""
    return mask | (mask & _CAPITALS) << 0x20 | (mask & _SMALL) >> 0x20


@lru_cache(maxsize=64)
def unicode_mask(name: str) -> int | None:
    """Return the letters of a Unicode category (``L``, ``Nd``, ``Any``) up to U+00FF; ``None`` for a script."""
    if name == "Any":
        return ALL
    if len(name) > 2 or not name.isalpha():
        return None
    return bytes_mask(code for code in range(256) if unicodedata.category(chr(code)).startswith(name))
