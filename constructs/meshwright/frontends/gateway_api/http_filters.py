"""Filters of HTTPRoutes and GRPCRoutes to the fields of an Istio route."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.frontends.gateway_api.backends import Backends, UnusableRoute
from meshwright.frontends.gateway_api.objects import sections
from meshwright.frontends.istio.objects import entries, integer, section, text, texts

Fields = dict[str, Any]

_ORIGIN = r"^[a-zA-Z][a-zA-Z0-9+.-]*://[^/\s?#]+$"
_SPECIAL = re.compile(r"[\\.+*?()|\[\]{}^$]")


@dataclass(frozen=True, slots=True)
class Filtered:
    """What the filters of one rule make of its route.

    Args:
        fields: Of the Istio route.
        positions: By field path of the Istio route, the position of the filter that set it.
    """

    fields: Fields
    positions: dict[str, int]


def http_filters(filters: object, backends: Backends) -> Filtered:
    """Convert the filters of one rule of an HTTPRoute; of two of a type the later one counts, mirrors add up.

    Raises:
        UnusableRoute: A filter that istiod does not know, such as ExtensionRef, or a header value it refuses.
    """
    filtered = Filtered({}, {})
    for index, one in enumerate(sections(filters)):
        if _headers_filter(one, index, filtered):
            continue
        match one.get("type"):
            case "RequestMirror":
                _add_mirror(section(one.get("requestMirror")), index, backends, filtered)
            case "RequestRedirect":
                _set(filtered, "redirect", _redirect(section(one.get("requestRedirect"))), index)
            case "URLRewrite":
                _set(filtered, "rewrite", _rewrite(section(one.get("urlRewrite"))), index)
            case "CORS":
                _set(filtered, "corsPolicy", _cors(section(one.get("cors"))), index)
            case other:
                raise UnusableRoute(f"filter of type {other!r}")
    return filtered


def grpc_filters(filters: object, backends: Backends) -> Filtered:
    """Convert the filters of one rule of a GRPCRoute.

    Raises:
        UnusableRoute: A filter or a backend of a mirror that istiod cannot use.
    """
    filtered = Filtered({}, {})
    for index, one in enumerate(sections(filters)):
        if _headers_filter(one, index, filtered):
            continue
        if one.get("type") != "RequestMirror":
            raise UnusableRoute(f"filter of type {one.get('type')!r}")
        mirror = section(one.get("requestMirror"))
        if not backends.resolve(section(mirror.get("backendRef"))).found:
            raise UnusableRoute("mirror without a backend")
        _add_mirror(mirror, index, backends, filtered)
    return filtered


def backend_filters(filters: object) -> Fields:
    """Convert the filters of one backend: only those of headers may stand there.

    Raises:
        UnusableRoute: Any other filter.
    """
    filtered = Filtered({}, {})
    for index, one in enumerate(sections(filters)):
        if not _headers_filter(one, index, filtered):
            raise UnusableRoute(f"filter of type {one.get('type')!r} at a backend")
    return filtered.fields


def _set(filtered: Filtered, field: str, value: Fields | None, index: int) -> None:
    filtered.fields.pop(field, None)
    filtered.positions[field] = index
    if value is not None:
        filtered.fields[field] = value


def _headers_filter(one: Mapping[str, Any], index: int, filtered: Filtered) -> bool:
    """Convert a filter of headers; tell whether it was one."""
    match one.get("type"):
        case "RequestHeaderModifier":
            direction, given = "request", one.get("requestHeaderModifier")
        case "ResponseHeaderModifier":
            direction, given = "response", one.get("responseHeaderModifier")
        case _:
            return False
    if isinstance(given, dict):
        operations: Fields = {}
        for verb in ("set", "add"):
            headers = _header_values(sections(given.get(verb)))
            if headers:
                operations[verb] = headers
        if texts(given.get("remove")):
            operations["remove"] = list(texts(given["remove"]))
        filtered.fields.setdefault("headers", {})[direction] = operations
        filtered.positions[f"headers.{direction}"] = index
    return True


def _header_values(headers: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the value of each header; of two of a name, in any case, the first counts."""
    values: dict[str, str] = {}
    for header in headers:
        value = text(header.get("value"))
        if any(char != "\t" and (char < " " or char == "\x7f") for char in value):
            raise UnusableRoute(f"header {header.get('name')!r} has a control character")
        values.setdefault(text(header.get("name")).lower(), value)
    return values


def _add_mirror(mirror: Mapping[str, Any], index: int, backends: Backends, filtered: Filtered) -> None:
    """Add a mirror unless its backend cannot be used, in which case nothing is mirrored."""
    try:
        backend = backends.resolve(section(mirror.get("backendRef")))
    except UnusableRoute:
        return
    if not backend.found:
        return
    converted: Fields = {"destination": backend.destination}
    fraction = mirror.get("fraction")
    if isinstance(fraction, dict):
        whole = fraction.get("denominator")
        share = 100 * integer(fraction.get("numerator")) / (100 if whole is None else integer(whole) or 1)
        converted["percentage"] = {"value": share}
    elif mirror.get("percent") is not None:
        converted["percentage"] = {"value": float(integer(mirror["percent"]))}
    mirrors = filtered.fields.setdefault("mirrors", [])
    filtered.positions[f"mirrors[{len(mirrors)}]"] = index
    mirrors.append(converted)


def _rewrite(given: Mapping[str, Any]) -> Fields | None:
    rewrite: Fields = {}
    path = section(given.get("path"))
    match path.get("type"):
        case "ReplacePrefixMatch":
            rewrite["uri"] = text(path.get("replacePrefixMatch")).removesuffix("/") or "/"
        case "ReplaceFullPath":
            rewrite["uriRegexRewrite"] = {"match": "/.*", "rewrite": text(path.get("replaceFullPath"))}
    if given.get("hostname"):
        rewrite["authority"] = text(given["hostname"])
    return rewrite or None


def _redirect(given: Mapping[str, Any]) -> Fields:
    redirect: Fields = {}
    if given.get("statusCode") is not None:
        redirect["redirectCode"] = integer(given["statusCode"])
    if given.get("hostname") is not None:
        redirect["authority"] = text(given["hostname"])
    if given.get("scheme") is not None:
        redirect["scheme"] = text(given["scheme"])
    if given.get("port") is not None:
        redirect["port"] = integer(given["port"])
    else:
        redirect["derivePort"] = "FROM_REQUEST_PORT" if given.get("scheme") is None else "FROM_PROTOCOL_DEFAULT"
    path = section(given.get("path"))
    match path.get("type"):
        case "ReplaceFullPath":
            redirect["uri"] = text(path.get("replaceFullPath"))
        case "ReplacePrefixMatch":
            redirect["prefixRewrite"] = text(path.get("replacePrefixMatch"))
    return redirect


def _cors(given: Mapping[str, Any]) -> Fields:
    cors: Fields = {}
    origins = [_origin(origin) for origin in texts(given.get("allowOrigins")) if origin]
    if origins:
        cors["allowOrigins"] = origins
    if given.get("allowCredentials"):
        cors["allowCredentials"] = True
    for field in ("allowMethods", "allowHeaders", "exposeHeaders"):
        if entries(given.get(field)):
            cors[field] = list(texts(given[field]))
    if integer(given.get("maxAge")) > 0:
        cors["maxAge"] = f"{integer(given['maxAge'])}s"
    cors["unmatchedPreflights"] = "IGNORE"
    return cors


def _origin(origin: str) -> dict[str, str]:
    if origin == "*":
        return {"regex": _ORIGIN}
    if "*" not in origin:
        return {"exact": origin}
    if origin.count("*") == 1 and origin.endswith("*"):
        return {"prefix": origin.removesuffix("*")}
    return {"regex": "^" + _SPECIAL.sub(r"\\\g<0>", origin).replace(r"\*", ".*") + "$"}
