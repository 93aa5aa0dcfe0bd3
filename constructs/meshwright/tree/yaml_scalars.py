"""Strings and numbers as cdk8s writes them: npm `yaml` 2, schema of YAML 1.1, no line folding.

A string stays plain where YAML 1.1 reads it back as the same string; else it is quoted, or a block when it has
several lines. Nothing here imports `re`, `json` or `typing`, which would cost more than a small app.
"""

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
_DIGITS = "0123456789"
_NUMERAL = _DIGITS + "_"
# A string that starts with one of these and drops to nothing under _TAME is plain, unless it is a word or a number.
_FIRST = frozenset(_LETTERS + "/_")
_TAME = dict.fromkeys(map(ord, _LETTERS + _DIGITS + "_./,+-@:"))
_INDICATORS = frozenset("\n\t ,[]{}#&*!|>'\"%@`")
_WORDS = frozenset(
    ["", "~", "Y", "y", "N", "n"]
    + [
        form
        for word in ("yes", "no", "true", "false", "on", "off", "null")
        for form in (word, word.title(), word.upper())
    ]
    + [sign + "." + form for form in ("inf", "Inf", "INF") for sign in ("", "-", "+")]
    + [".nan", ".NaN", ".NAN"]
)
# Control characters but \t and \n: such a string is always in double quotes.
_CONTROL = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)])
# JSON.stringify writes \u00XX for these; YAML has a shorter spelling.
_SHORT_ESCAPES = {"0000": "\\0", "0007": "\\a", "000b": "\\v", "001b": "\\e"}
_MULTI_LINE_QUOTED = 40  # a double-quoted string from this length on has its line breaks as line breaks
_IMPLICIT_KEY = 1024  # a longer key needs "? "


def utf16_length(text: str) -> int:
    """How long JavaScript thinks a string is."""
    return len(text) if text.isascii() else len(text) + sum(char > "\uffff" for char in text)


def number(value: "int | float") -> str:
    """Write a number as JavaScript would after reading it from JSON: one double, shortest digits, ``1e+21``.

    Raises:
        ValueError: It is not finite, which JSON cannot say.
    """
    if isinstance(value, int):
        if -9007199254740992 <= value <= 9007199254740992:
            return int.__repr__(value)
        try:
            value = float(value)
        except OverflowError:
            return ".inf" if value > 0 else "-.inf"
    text = float.__repr__(value)
    if text.lstrip("-")[0] in "in":
        raise ValueError(f"{text} is not a number that JSON or YAML of Kubernetes can hold")
    sign = "-" if text[0] == "-" else ""
    mantissa, _, exponent = text.lstrip("-").partition("e")
    whole, _, fraction = mantissa.partition(".")
    digits = (whole + fraction).lstrip("0")
    if not digits:
        return sign + "0"
    leading = len(whole + fraction) - len(digits)
    point = len(whole) - leading + int(exponent or 0)  # where the decimal point stands, counted from the first digit
    digits = digits.rstrip("0")
    count = len(digits)
    if count <= point <= 21:
        return sign + digits + "0" * (point - count)
    if 0 < point <= 21:
        return f"{sign}{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return f"{sign}0.{'0' * -point}{digits}"
    tail = f".{digits[1:]}" if count > 1 else ""
    return f"{sign}{digits[0]}{tail}e{point - 1:+d}"


def _only(text: str, alphabet: str) -> bool:
    return not text.strip(alphabet)


def _is_numeral(text: str) -> bool:
    return text[:1] in _DIGITS and text != "" and _only(text, _NUMERAL)


def _is_sexagesimal(text: str) -> bool:
    first, *rest = text.split(":")
    if not rest or not _is_numeral(first):
        return False
    rest[-1], dot, fraction = rest[-1].partition(".")
    if dot and not _only(fraction, _NUMERAL):
        return False
    return all(0 < len(part) < 3 and _only(part, _DIGITS) and (len(part) == 1 or part[0] in "012345") for part in rest)


def _is_float(text: str) -> bool:
    whole, dot, fraction = text.partition(".")
    return dot != "" and (whole == "" or _is_numeral(whole)) and _only(fraction, _NUMERAL)


def _is_timestamp(text: str) -> bool:
    import re  # only for strings that start like a date

    return (
        re.fullmatch(
            r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:(?:[tT]|[ \t]+)[0-9]{1,2}:[0-9]{1,2}:[0-9]{1,2}(?:\.[0-9]+)?"
            r"(?:[ \t]*(?:Z|[-+][012]?[0-9](?::[0-9]{2})?))?)?",
            text,
        )
        is not None
    )


def _is_number(text: str) -> bool:
    """Would YAML 1.1 read it as a number or a timestamp?"""
    if text[4:5] == "-" and _only(text[:4], _DIGITS) and _is_timestamp(text):
        return True
    body = text[1:] if text[0] in "+-" else text
    prefix, rest = body[:2], body[2:]
    if (prefix == "0b" and rest and _only(rest, "01_")) or (
        prefix == "0x" and rest and _only(rest, _NUMERAL + "abcdefABCDEF")
    ):
        return True
    if _is_numeral(body) or _is_float(body) or _is_sexagesimal(body):
        return True
    mantissa, e, exponent = body.replace("E", "e").partition("e")
    if exponent[:1] in ("+", "-"):
        exponent = exponent[1:]
    return (
        e != ""
        and exponent != ""
        and _only(exponent, _DIGITS)
        and (mantissa == "" or _is_numeral(mantissa) or _is_float(mantissa))
    )


def is_plain(text: str) -> bool:
    """May a string of one line without control characters go out as it is?"""
    if text in _WORDS:
        return False
    first = text[0]
    if first in _INDICATORS or text[-1] in "\t :" or (first in "-?" and text[1:2] in ("", " ", "\t")):
        return False
    if ": " in text or ":\t" in text or " #" in text or "\t#" in text:
        return False
    return first not in "0123456789+-.eE" or not _is_number(text)


def _has_marker(text: str) -> bool:
    """Could a line of it be read as the start or end of a document? (JavaScript's idea of a line.)"""
    lines = text.replace("\r", "\n").replace("\u2028", "\n").replace("\u2029", "\n").split("\n")
    return any(line.startswith(("%", "---", "...")) for line in lines)


def _needs_double_quotes(text: str) -> bool:
    if text.isascii():
        return text.translate(_CONTROL) != text
    return text.translate(_CONTROL) != text or any("\ud800" <= char <= "\udfff" for char in text)


def _whole(text: str) -> str:
    """The same text as JavaScript has it: two halves of a character side by side are that character."""
    if text.isascii() or not any("\ud800" <= char <= "\udfff" for char in text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def double_quoted(text: str, indent: str, key: bool) -> str:
    """Write a string in double quotes; from 40 characters on its line breaks are breaks of the text."""
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return f'"{text}"'
    try:  # the C function alone, without the json package; most programs do without even that
        from _json import encode_basestring
    except ImportError:  # pragma: no cover - only on other Pythons
        from json.encoder import encode_basestring

    json: str = encode_basestring(text)
    if not json.isascii():
        json = "".join(f"\\u{ord(char):04x}" if "\ud800" <= char <= "\udfff" else char for char in json)
    folds = not key and utf16_length(json) >= _MULTI_LINE_QUOTED
    if not indent and _has_marker(text):
        indent = "  "
    if "\\" not in json:
        return json
    out: list[str] = []
    at, end = 0, len(json)
    while at < end:
        char = json[at]
        if char == " " and json.startswith("\\n", at + 1):
            out.append("\\ ")  # a space before a break would be lost
            at += 1
            char = "\\"
        if char != "\\":
            out.append(char)
            at += 1
        elif json[at + 1] == "u":
            code = json[at + 2 : at + 6]
            out.append(_SHORT_ESCAPES.get(code) or (f"\\x{code[2:]}" if code.startswith("00") else f"\\u{code}"))
            at += 6
        elif json[at + 1] != "n" or json[at + 2] == '"' or not folds:
            out.append(json[at : at + 2])
            at += 2
        else:
            out.append("\n\n")
            at += 2
            while json.startswith("\\n", at) and json[at + 2] != '"':
                out.append("\n")
                at += 2
            out.append(indent)
            if json[at] == " ":
                out.append("\\")
    return "".join(out)


def _quoted(text: str, indent: str, key: bool) -> str:
    if '"' not in text or "'" in text:
        return double_quoted(text, indent, key)
    if "\n" in text:
        lines = text.split("\n")
        edges = any(line[-1:] in (" ", "\t") for line in lines[:-1]) or any(
            line[:1] in (" ", "\t") for line in lines[1:]
        )
        if key or edges:
            return double_quoted(text, indent, key)
    if not indent and _has_marker(text):
        indent = "  "
    return "'" + _indent_runs(text.replace("'", "''"), "\n" + indent, True) + "'"


def _indent_runs(text: str, indent: str, at_end: bool) -> str:
    """Put ``indent`` behind each run of line breaks; behind one that ends the text only if ``at_end``."""
    if "\n" not in text:
        return text
    first, *lines = text.split("\n")
    last = len(lines) - 1
    parts = [
        "\n" + (indent if line or (at_end and position == last) else "") + line for position, line in enumerate(lines)
    ]
    return first + "".join(parts)


def _block(text: str, indent: str) -> str:
    """Write a string as a literal block: ``|``, how it ends, its lines."""
    body = text.rstrip("\n\t ")
    end = text[len(body) :]
    if end.rstrip("\t ") != end and "\n" in end:  # a last line of white space only cannot be shown
        return _quoted(text, indent, False)
    if not indent and _has_marker(text):
        indent = "  "
    if "\n" not in end:
        chomp = "-"
    elif body == "" or end.index("\n") != len(end) - 1:
        chomp = "+"
    else:
        chomp = ""
    if end.endswith("\n"):
        end = end[:-1]
    end = _indent_runs(end, indent, False)
    margin = len(body) - len(body.lstrip(" \n"))
    start = body[: body.rfind("\n", 0, margin) + 1]
    hint = ("2" if indent else "1") if " " in body[:margin] else ""
    start, body = _indent_runs(start, indent, True), _indent_runs(body[len(start) :], indent, True)
    return f"|{hint}{chomp}\n{indent}{start}{body}{end}"


def string(text: str, indent: str) -> str:
    """Write a string that is a value.

    Args:
        text: The string.
        indent: What goes before its second and later lines: two spaces more than the collection around it.
    """
    text = _whole(text)
    if _needs_double_quotes(text):
        return double_quoted(text, indent, False)
    if "\n" in text:
        return _block(text, indent)
    if is_plain(text):
        if not indent and _has_marker(text):
            return _block(text, "  ")
        return text
    return _quoted(text, indent, False)


def key(text: str, top: bool) -> str:
    """Write a string that is a key of a mapping, with its colon; one of over 1,024 characters as ``? KEY`` without.

    Args:
        text: The key.
        top: Whether the mapping is the whole document, where a key must not look like a document marker.
    """
    text = _whole(text)
    if _needs_double_quotes(text):
        out = double_quoted(text, "  ", True)
    elif "\n" not in text and is_plain(text) and not (top and _has_marker(text)):
        out = text
    else:
        out = _quoted(text, "  ", True)
    return f"{out}:" if utf16_length(out) <= _IMPLICIT_KEY else f"? {out}"


def is_tame(text: str) -> bool:
    """Is it plain at first sight? False only means that it takes a closer look."""
    return (
        text[:1] in _FIRST
        and text[-1] != ":"
        and not text.translate(_TAME)
        and text not in _WORDS
        and text[0] not in "eE"
    )
