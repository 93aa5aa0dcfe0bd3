"""Matches of HTTPRoutes and GRPCRoutes to Istio matches, and the order in which they are tried."""

from collections.abc import Mapping
from typing import Any

from meshwright.frontends.gateway_api.backends import UnusableRoute
from meshwright.frontends.gateway_api.objects import sections
from meshwright.frontends.istio.objects import text

Match = dict[str, Any]

_KINDS = {"Exact": "exact", "RegularExpression": "regex"}
_RANKS = {"exact": 3, "prefix": 2, "regex": 1}


def http_match(match: Mapping[str, Any]) -> Match:
    """Convert one match of an HTTPRoute.

    Raises:
        UnusableRoute: It asks for a kind of comparison that istiod does not know.
    """
    converted: Match = {"uri": _path(match)}
    _add_named(converted, "headers", match)
    _add_named(converted, "queryParams", match)
    if match.get("method") is not None:
        converted["method"] = {"exact": str(match["method"])}
    return converted


def grpc_match(match: Mapping[str, Any]) -> Match:
    """Convert one match of a GRPCRoute; a method is a path ``/SERVICE/METHOD``.

    Raises:
        UnusableRoute: It asks for a kind of comparison that istiod does not know.
    """
    converted: Match = {}
    if isinstance(match.get("method"), dict):
        converted["uri"] = _method(match["method"])
    _add_named(converted, "headers", match)
    return converted


def _path(match: Mapping[str, Any]) -> Mapping[str, str]:
    path = match.get("path")
    if not isinstance(path, dict):
        path = {}
    value = "/" if path.get("value") is None else str(path["value"])
    match path.get("type"):
        case None | "PathPrefix":
            return {"prefix": value if value == "/" else value.removesuffix("/")}
        case "Exact":
            return {"exact": value}
        case "RegularExpression":
            return {"regex": value}
        case other:
            raise UnusableRoute(f"path match of type {other!r}")


def _method(method: Mapping[str, Any]) -> Mapping[str, str]:
    service, name = method.get("service"), method.get("method")
    if service is None and name is None:
        raise UnusableRoute("method match without service and method")
    if service is None and method.get("type") in (None, "Exact", "RegularExpression"):
        return {"regex": f"/[^/]+/{name}"}
    match method.get("type"):
        case None | "Exact":
            return {"prefix": f"/{service}/"} if name is None else {"exact": f"/{service}/{name}"}
        case "RegularExpression":
            return {"regex": f"/{service}/{'.+' if name is None else name}"}
        case other:
            raise UnusableRoute(f"method match of type {other!r}")


def _add_named(converted: Match, field: str, match: Mapping[str, Any]) -> None:
    """Convert a list of named conditions, of which the last of a name counts."""
    found: dict[str, dict[str, str]] = {}
    for condition in sections(match.get(field)):
        kind = _KINDS.get(str(condition.get("type", "Exact")))
        if kind is None:
            raise UnusableRoute(f"{field} match of type {condition['type']!r}")
        found[text(condition.get("name"))] = {kind: text(condition.get("value"))}
    if found:
        converted[field] = found


def precedence(matches: list[Match]) -> tuple[bool, int, int, bool, int, int]:
    """Sort key of a rule with at most one match: the most specific first.

    Exact paths come before prefixes and those before regular expressions, then the longer path, one with a method,
    more headers, more query parameters; rules without a match come last. Source: Gateway API reference, HTTPRouteRule.
    """
    if not matches:
        return (True, 0, 0, False, 0, 0)
    match = matches[0]
    rank, length = -1, 0
    for kind, value in match.get("uri", {}).items():
        rank, length = _RANKS[kind], len(value.encode())
    return (
        False,
        -rank,
        -length,
        "method" not in match,
        -len(match.get("headers", ())),
        -len(match.get("queryParams", ())),
    )
