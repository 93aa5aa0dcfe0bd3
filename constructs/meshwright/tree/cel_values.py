"""What the CEL rules of generated constructs call: durations, patterns, URLs, addresses."""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from urllib.parse import SplitResult

_UNITS = {"h": 3_600_000_000_000, "m": 60_000_000_000, "s": 1_000_000_000, "ms": 1_000_000, "us": 1_000, "ns": 1}


def duration(text: str) -> float:
    """Read a duration as Go does (``1h30m``, ``1.5s``, ``-2ms``); the result counts nanoseconds.

    Raises:
        ValueError: It is none.
    """
    rest = text[1:] if text[:1] in ("+", "-") else text
    if not rest:
        raise ValueError(f"{text!r} is no duration")
    if rest == "0":
        return 0
    total = 0.0
    while rest:
        number, rest = _split(rest, True)
        unit, rest = _split(rest, False)
        total += float(number) * _UNITS[unit.replace("µ", "u")]
    return -total if text[0] == "-" else total


def _split(text: str, digits: bool) -> tuple[str, str]:
    """Split off the leading part that is a number, or that is none."""
    end = 0
    while end < len(text) and (text[end] in "0123456789.") == digits:
        end += 1
    return text[:end], text[end:]


def matches(text: str, pattern: str) -> bool:
    """Whether the pattern is found in the text."""
    import re

    return re.search(pattern, text) is not None


def url(text: str) -> "SplitResult":
    """Take a URL apart."""
    from urllib.parse import urlsplit

    return urlsplit(text)


def is_url(text: str) -> bool:
    """Whether the text is an absolute URL or an absolute path, as Go's ``url.ParseRequestURI`` has it."""
    scheme, colon, rest = text.partition(":")
    if text.startswith("/"):
        return True
    return bool(colon and rest and scheme[:1].isalpha() and scheme.replace("+", "").replace("-", "").isalnum())


def is_ip(text: str, version: int = 0) -> bool:
    """Whether the text is an IP address, of one version if one is asked for."""
    from ipaddress import ip_address

    try:
        return version in (0, ip_address(text).version)
    except ValueError:
        return False
