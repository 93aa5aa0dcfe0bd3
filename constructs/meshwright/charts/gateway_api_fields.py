"""Single fields of a route in the words of the Gateway API: matches, filters, timeouts."""

from __future__ import annotations

from meshwright.charts.duration import milliseconds

TYPE_CHECKING = False
if TYPE_CHECKING:
    from datetime import timedelta

    from meshwright.charts.cors import Cors
    from meshwright.charts.headers import HeaderChanges
    from meshwright.charts.match import Match
    from meshwright.charts.problem import Part
    from meshwright.charts.redirect import Redirect
    from meshwright.charts.rewrite import Rewrite
    from meshwright.charts.route import Route
    from meshwright.imports.gateway_api import (
        HTTPHeaderFilter,
        HTTPPathModifier,
        HTTPRouteFilter,
        HTTPRouteMatch,
    )

METHODS = ("GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH")
_OTHERWISE = "Leave it out, or take api='istio'"


def _cannot(field: str, part: Part, remedy: str = _OTHERWISE) -> None:
    part.problem(f"{field} has no place in an HTTPRoute", remedy)


def timeout_text(timeout: timedelta | None, part: Part) -> str | None:
    """Return a duration of the Gateway API, which knows no fractions; None where there is none."""
    whole = milliseconds(timeout, "timeout", part)
    if whole is None:
        return None
    amounts = []
    for unit, size in (("h", 3_600_000), ("m", 60_000), ("s", 1000), ("ms", 1)):
        amount, whole = divmod(whole, size)
        if amount:
            amounts.append(f"{amount}{unit}")
    return "".join(amounts)


def match_message(match: Match, part: Part) -> HTTPRouteMatch:
    """Return a match in the words of HTTPRoute, which names a path also where every path will do."""
    from meshwright.imports.gateway_api import HTTPHeaderMatch, HTTPPathMatch, HTTPQueryParamMatch, HTTPRouteMatch

    message = HTTPRouteMatch(path=HTTPPathMatch(type="PathPrefix", value="/"))
    for field, name, kind, value in match.conditions:
        if field == "uri":
            if kind == "prefix" and value != "/":
                remedy = f"Match.below({value!r}) takes whole segments, or take api='istio'"
                _cannot(f"match.prefix {value!r}, which takes {value + 'x'!r} too,", part, remedy)
            types = {"exact": "Exact", "regex": "RegularExpression"}
            message["path"] = HTTPPathMatch(type=types.get(kind, "PathPrefix"), value=value)  # type: ignore[typeddict-item]
        elif field == "method" and kind == "exact" and value in METHODS:
            message["method"] = value  # type: ignore[typeddict-item]  # one of METHODS
        elif field in ("headers", "query_params"):
            type_, text = _value(kind, value)
            if field == "headers":
                message.setdefault("headers", []).append(HTTPHeaderMatch(name=name, type=type_, value=text))  # type: ignore
            else:
                query = HTTPQueryParamMatch(name=name, type=type_, value=text)  # type: ignore[typeddict-item]
                message.setdefault("query_params", []).append(query)  # type: ignore[union-attr]
        else:
            _cannot(f"match.{_WORDS.get(field, field)} {name or value}".rstrip(), part)
    return message


_WORDS = {
    "without_headers": "without_header",
    "ignore_uri_case": "ignore_case",
    "source_labels": "source",
    "source_namespace": "source",
    "gateways": "through",
}


def _value(kind: str, value: str) -> tuple[str, str]:
    from meshwright.charts.regex import quoted

    if kind == "exact":
        return "Exact", value
    return "RegularExpression", {"regex": value, "prefix": f"{quoted(value)}.*", "": ".*"}[kind]


def filters_of(route: Route, match: Match, part: Part) -> list[HTTPRouteFilter]:
    """Return the filters of a route but for its mirrors.

    Args:
        match: The one match that a change of the path belongs to.
    """
    from meshwright.imports.gateway_api import HTTPRouteFilter

    found = []
    if route.request_headers is not None:
        changes = _header_filter(route.request_headers, "request_headers", part)
        found.append(HTTPRouteFilter(type="RequestHeaderModifier", request_header_modifier=changes))
    if route.response_headers is not None:
        changes = _header_filter(route.response_headers, "response_headers", part)
        found.append(HTTPRouteFilter(type="ResponseHeaderModifier", response_header_modifier=changes))
    if route.cors is not None:
        found.append(_cors(route.cors, part))
    if route.redirect is not None:
        found.append(_redirect(route.redirect, match, part))
    if route.rewrite is not None:
        found.append(_rewrite(route.rewrite, match, part))
    return found


def _header_filter(changes: HeaderChanges, field: str, part: Part) -> HTTPHeaderFilter:
    from meshwright.imports.gateway_api import HTTPHeader, HTTPHeaderFilter

    if any(name.lower() in ("host", ":authority") for name in (*changes.set, *changes.add)):
        _cannot(f"{field} with Host", part, "Use rewrite=Rewrite(authority=…)")
    return HTTPHeaderFilter(
        set=[HTTPHeader(name=name, value=str(value)) for name, value in changes.set.items()] or None,
        add=[HTTPHeader(name=name, value=str(value)) for name, value in changes.add.items()] or None,
        remove=list(changes.remove) or None,
    )


def _cors(cors: Cors, part: Part) -> HTTPRouteFilter:
    from meshwright.imports.gateway_api import HTTPCORSFilter, HTTPRouteFilter

    cors.check(part)
    for field in ("allow_origin_prefixes", "allow_origin_regexes", "unmatched_preflights"):
        if getattr(cors, field):
            _cannot(f"cors.{field}", part)
    age = milliseconds(cors.max_age, "cors.max_age", part)
    if age is not None and age % 1000:
        part.problem(f"cors.max_age is {cors.max_age}", "Give whole seconds")
    message = HTTPCORSFilter(
        allow_origins=list(cors.allow_origins) or None,
        allow_methods=list(cors.allow_methods) or None,
        allow_headers=list(cors.allow_headers) or None,
        expose_headers=list(cors.expose_headers) or None,
        allow_credentials=cors.allow_credentials,
        max_age=(age or 0) // 1000 or 5,
    )
    return HTTPRouteFilter(type="CORS", cors=message)


def _redirect(redirect: Redirect, match: Match, part: Part) -> HTTPRouteFilter:
    from meshwright.imports.gateway_api import HTTPRequestRedirectFilter, HTTPRouteFilter

    if isinstance(redirect.port, str):
        _cannot(f"redirect.port {redirect.port}", part)
    path = None
    if redirect.prefix_rewrite is not None:
        path = _replaced(redirect.prefix_rewrite, match, "redirect.prefix_rewrite", part)
    elif redirect.uri is not None:
        path = _whole(redirect.uri)
    message = HTTPRequestRedirectFilter(
        scheme=redirect.scheme if redirect.scheme in ("http", "https") else None,
        hostname=_hostname(redirect.authority, "redirect.authority", part),
        port=redirect.port if isinstance(redirect.port, int) else None,
        path=path,
        status_code=redirect.code if redirect.code in (301, 302, 303, 307, 308) else None,
    )
    return HTTPRouteFilter(type="RequestRedirect", request_redirect=message)


def _rewrite(rewrite: Rewrite, match: Match, part: Part) -> HTTPRouteFilter:
    from meshwright.imports.gateway_api import HTTPRouteFilter, HTTPURLRewriteFilter

    if rewrite.regex is not None:
        _cannot("rewrite.regex", part)
    path = None
    if rewrite.uri is not None:
        keeps = match.path_kind in ("below", "prefix", "")
        path = _replaced(rewrite.uri, match, "rewrite.uri", part) if keeps else _whole(rewrite.uri)
    hostname = _hostname(rewrite.authority, "rewrite.authority", part)
    return HTTPRouteFilter(type="URLRewrite", url_rewrite=HTTPURLRewriteFilter(hostname=hostname, path=path))


def _hostname(authority: str | None, field: str, part: Part) -> str | None:
    from meshwright.charts.names import is_host

    if authority is not None and (not is_host(authority) or "*" in authority):
        _cannot(f"{field} {authority!r}", part, "Give a host name without port, or take api='istio'")
        return None
    return authority


def _replaced(path: str, match: Match, field: str, part: Part) -> HTTPPathModifier:
    from meshwright.imports.gateway_api import HTTPPathModifier

    if match.path_kind not in ("below", "prefix"):
        _cannot(f"{field} with a match that has no path to keep the rest of", part, "Match.below(…) the path")
        return _whole(path)
    return HTTPPathModifier(type="ReplacePrefixMatch", replace_prefix_match=path)


def _whole(path: str) -> HTTPPathModifier:
    from meshwright.imports.gateway_api import HTTPPathModifier

    return HTTPPathModifier(type="ReplaceFullPath", replace_full_path=path)
