"""What a YAML scalar means to Kubernetes.

Kubernetes turns YAML into JSON with sigs.k8s.io/yaml, which reads scalars by YAML 1.1 with some of Go's own number
syntax: ``yes`` is true, ``010`` is 8, ``1e3`` is the integer 1000, a date is a string.
"""

import base64
import binascii
import re
import struct
from decimal import Decimal

Scalar = str | int | float | bool | None

_WORDS: dict[str, Scalar] = {
    **dict.fromkeys(("y", "Y", "yes", "Yes", "YES", "true", "True", "TRUE", "on", "On", "ON"), True),
    **dict.fromkeys(("n", "N", "no", "No", "NO", "false", "False", "FALSE", "off", "Off", "OFF"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), float("nan")),
    **dict.fromkeys((".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"), float("inf")),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), float("-inf")),
}
_INTEGER = re.compile(r"([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]([0-7]+)|0([0-7]+)|(0|[1-9][0-9]*))", re.ASCII)
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?", re.ASCII)
_DOT_FLOAT = re.compile(r"\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?", re.ASCII)
_TAG = "tag:yaml.org,2002:"

SUSPICIOUS = (
    # A place where a plain scalar may start ...
    r"(?m)(?:[:\-?,\[{]|^)[ \t]*(?:"
    # ... and a word, which YAML 1.2 would leave a string,
    r"(?:[yYnN]|[yY]es|YES|[nN]o|NO|[oO]n|ON|[oO]ff|OFF)(?:[ \t,\]}:\r\n]|$)"
    # an anchor, an alias, a tag or a merge,
    r"|[&*!]|<<"
    # a number that is octal, has an underscore or an exponent, or is whole although it has a point,
    r"|[-+]?(?:0[0-9_bBoOxX]|_|[0-9.]*[0-9.][eE][-+]?[0-9_]|[0-9]*\.0*(?:[ \t,\]}:\r\n]|$)|[0-9]+_|\.[0-9]+_"
    r"|[0-9]+\.[0-9]*_|\.(?:inf|Inf|INF|nan|NaN|NAN))"
    # or a key that is no string.
    r"|(?:[-+]?[0-9.]+|[tT]rue|TRUE|[fF]alse|FALSE|~|[nN]ull|NULL)[ \t]*:(?:[ \t\r\n]|$)"
    r"|[?:][ \t\r\n])"
)
"""RE2 pattern for text in which a YAML 1.2 reader may see other values than Kubernetes; it may be wrong to suspect."""


def plain(text: str) -> Scalar:
    """Return the value of a scalar without quotes and without a tag."""
    if text in _WORDS:
        return _WORDS[text]
    first = text[0]
    if first == ".":
        return _number(text.replace("_", "")) if _DOT_FLOAT.fullmatch(text) else text
    if first in "+-0123456789":
        number = _number(text.replace("_", ""))
        return text if number is None else number
    return text


def _number(text: str) -> int | float | None:
    whole = _INTEGER.fullmatch(text)
    if whole:
        sign, *digits = whole.groups()
        value = next(int(part, base) for part, base in zip(digits, (16, 2, 8, 8, 10), strict=True) if part is not None)
        value = -value if sign == "-" else value
        if -(2**63) <= value < 2**64:
            return value
    if not _FLOAT.fullmatch(text):
        return None
    number = float(text)
    return None if number in (float("inf"), float("-inf")) else number


def tagged(tag: str | None, text: str) -> Scalar:
    """Return the value of a scalar with an explicit ``tag``, or of a quoted one.

    Raises:
        ValueError: The text is not of the type that its tag names.
    """
    kind = (tag or "").removeprefix(_TAG)
    if tag is None or kind == "str" or not tag.startswith(_TAG):
        return text
    if kind == "binary":
        try:
            return base64.b64decode("".join(text.split()), validate=True).decode("utf-8", "replace")
        except binascii.Error as error:
            raise ValueError("is not base64") from error
    value = plain(text)
    if kind == "float" and isinstance(value, int) and not isinstance(value, bool):
        return float(value)
    expected = {"int": int, "float": float, "bool": bool, "null": type(None)}.get(kind)
    if expected is not None and type(value) is not expected:
        raise ValueError(f"is no {kind}")
    return text if expected is None else value


def as_json(value: Scalar) -> Scalar:
    """Return ``value`` as JSON carries it: a float without a fraction becomes an integer.

    Raises:
        ValueError: Infinity and NaN, which JSON cannot say.
    """
    if not isinstance(value, float):
        return value
    if value != value or value in (float("inf"), float("-inf")):
        raise ValueError("is a number that JSON, and so Kubernetes, cannot express")
    if value.is_integer() and abs(value) < 1e21:
        whole = int(Decimal(repr(value)))
        return whole if -(2**63) <= whole < 2**64 else value
    return value


def key_text(value: Scalar) -> str:
    """Return the JSON key for a mapping key.

    Raises:
        ValueError: Null, or an integer beyond 63 bits.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        if value >= 2**63:
            raise ValueError("is too large for a key")
        return str(value)
    if value is None:
        raise ValueError("is empty")
    return _float_key(value)


def _float_key(value: float) -> str:
    """Write a float as Go writes a 32-bit one with the verb %g."""
    if value != value:
        return ".nan"
    if value in (float("inf"), float("-inf")):
        return ".inf" if value > 0 else "-.inf"
    try:
        single = struct.unpack("f", struct.pack("f", value))[0]
    except OverflowError:
        return ".inf" if value > 0 else "-.inf"
    for digits in range(1, 10):
        text = f"{single:.{digits - 1}e}"
        if struct.unpack("f", struct.pack("f", float(text)))[0] == single:
            break
    mantissa, _, exponent = text.partition("e")
    if single and not -4 <= int(exponent) < 6:
        return f"{mantissa}e{int(exponent):+03d}"
    return f"{Decimal(text):f}" if single else ("-0" if str(single).startswith("-") else "0")
