"""Regular expressions of schemas (RE2, or ECMAScript as Go reads it) for Python's `re`."""

import re


def python_pattern(pattern: str) -> str:
    """Return the pattern for ``re.search``: ``$`` ends the text, flags stand first, POSIX classes are spelled out.

    Raises:
        ValueError: Python cannot read it.
    """
    text = pattern
    for name, members in (("alnum", "A-Za-z0-9"), ("alpha", "A-Za-z"), ("digit", "0-9"), ("lower", "a-z")):
        text = text.replace(f"[:{name}:]", members)
    flags = re.findall(r"\(\?([ims]+)\)", text)
    text = re.sub(r"\(\?[ims]+\)", "", text)
    text = "".join(f"(?{flag})" for flag in sorted(set(flags))) + _strict_end(text).replace(r"\z", r"\Z")
    try:
        re.compile(text)
    except re.error as error:
        raise ValueError(f"the pattern {pattern!r} has no form in Python: {error}") from None
    return text


def _strict_end(pattern: str) -> str:
    """Write ``$`` outside of sets as ``\\Z``: in Python ``$`` also matches before a final newline."""
    out, in_set, skip = [], False, False
    for sign in pattern:
        if skip:
            skip = False
        elif sign == "\\":
            skip = True
        elif sign == "[":
            in_set = True
        elif sign == "]":
            in_set = False
        elif sign == "$" and not in_set:
            out.append(r"\Z")
            continue
        out.append(sign)
    return "".join(out)
