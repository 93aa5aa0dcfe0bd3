"""Envoy's RouteMatch and StringMatcher back to conditions."""

from meshwright.envoy.matches import TOKENS
from meshwright.envoy.protobuf_json import JSON
from meshwright.errors import InputError
from meshwright.traffic import ClaimMatch, HeaderMatch, PathMatch, QueryMatch, RouteMatch, StringMatch

FIELDS = {
    "path",
    "prefix",
    "pathSeparatedPrefix",
    "safeRegex",
    "connectMatcher",
    "caseSensitive",
    "headers",
    "queryParameters",
    "dynamicMetadata",
}


def read_route_match(message: JSON) -> RouteMatch:
    """Return the conditions.

    Raises:
        InputError: One of them has no counterpart in the route table (runtime fractions, foreign metadata …).
    """
    unknown = set(message) - FIELDS
    if unknown:
        raise InputError("RouteMatch", f"{min(unknown)} is a condition the route table has no word for", "Leave it out")
    return RouteMatch(
        path=_path(message),
        headers=tuple(_header(header) for header in message.get("headers", ())),
        query=tuple(_query(parameter) for parameter in message.get("queryParameters", ())),
        claims=tuple(_claim(metadata) for metadata in message.get("dynamicMetadata", ())),
        implied="caseSensitive" not in message and "connectMatcher" not in message,
    )


def read_string_match(message: JSON) -> StringMatch:
    """Return the condition on one value."""
    ignore_case = message.get("ignoreCase", False)
    for kind in ("exact", "prefix", "suffix", "contains"):
        if kind in message:
            return StringMatch(kind, message[kind], ignore_case)
    if "safeRegex" in message:
        return StringMatch("regex", message["safeRegex"].get("regex", ""), ignore_case)
    raise InputError("StringMatcher", f"{message} is no condition the route table has a word for", "Leave it out")


def _path(message: JSON) -> PathMatch:
    ignore_case = not message.get("caseSensitive", True)
    if "path" in message:
        return PathMatch("exact", message["path"], ignore_case)
    if "pathSeparatedPrefix" in message:
        return PathMatch("separated_prefix", message["pathSeparatedPrefix"], ignore_case)
    if "safeRegex" in message:
        return PathMatch("regex", message["safeRegex"].get("regex", ""), ignore_case)
    if "connectMatcher" in message:
        return PathMatch("connect", "")
    return PathMatch("prefix", message.get("prefix", ""), ignore_case)


def _header(message: JSON) -> HeaderMatch:
    value = message.get("stringMatch")
    return HeaderMatch(
        name=message["name"].lower(),
        value=None if value is None else read_string_match(value),
        present=message.get("presentMatch", True),
        invert=message.get("invertMatch", False),
        missing_is_empty=message.get("treatMissingHeaderAsEmpty", False),
    )


def _query(message: JSON) -> QueryMatch:
    value = message.get("stringMatch")
    return QueryMatch(message["name"], None if value is None else read_string_match(value))


def _claim(message: JSON) -> ClaimMatch:
    payload, *path = (segment.get("key", "") for segment in message["path"])
    if message["filter"] != TOKENS or payload != "payload":
        raise InputError("RouteMatch", f"it asks for metadata of {message['filter']}", "Leave it out")
    condition = message["value"]["orMatch"]["valueMatchers"][-1]["stringMatch"]
    return ClaimMatch(tuple(path), read_string_match(condition) if condition else None, message.get("invert", False))
