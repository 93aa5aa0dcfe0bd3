"""Conditions of HTTP rules. Source: Istio reference, "Virtual Service", HTTPMatchRequest and StringMatch."""

from collections.abc import Iterator, Mapping
from operator import itemgetter
from typing import Any

from meshwright.frontends.istio.objects import section, text
from meshwright.traffic import ClaimMatch, HeaderMatch, PathMatch, QueryMatch, RouteMatch, StringMatch

ANY_PATH = PathMatch("prefix", "/")
ANY_REQUEST = RouteMatch(ANY_PATH, implied=True)

_CLAIMS = "@request.auth.claims"


def string_match(value: object) -> StringMatch | None:
    """Return the condition on a value, ``None`` where it only has to be there."""
    condition = section(value)
    if "exact" in condition:
        return StringMatch("exact", text(condition["exact"]))
    if "prefix" in condition:
        return StringMatch("prefix", text(condition["prefix"]))
    if "regex" in condition and condition["regex"] != "*":
        return StringMatch("regex", text(condition["regex"]))
    return None


def route_match(match: Mapping[str, Any] | None, *, by_segments: bool = False) -> RouteMatch:
    """Return the conditions of one match, all requests for ``None``.

    Args:
        match: As written; gateways, source labels and port are not part of the answer.
        by_segments: A path prefix asks for whole segments, as Ingress and the Gateway API mean it.
    """
    if match is None:
        return ANY_REQUEST
    named: list[tuple[str, HeaderMatch]] = []
    claims: list[ClaimMatch] = []
    for field, invert in (("headers", False), ("withoutHeaders", True)):
        for name, value in section(match.get(field)).items():
            path, condition = claim_path(name), string_match(value)
            if path:
                claims.append(ClaimMatch(path, condition, invert=invert))
            else:
                empty = invert and condition is not None
                named.append((name, HeaderMatch(name.lower(), condition, invert=invert, missing_is_empty=empty)))
    if len(named) > 1:
        named.sort(key=itemgetter(0))
    headers = [header for _, header in named]
    headers.extend(_request_line(match))
    query = tuple(
        QueryMatch(name, string_match(value)) for name, value in sorted(section(match.get("queryParams")).items())
    )
    return RouteMatch(_path(match, by_segments), tuple(headers), query, tuple(claims))


def _request_line(match: Mapping[str, Any]) -> Iterator[HeaderMatch]:
    for field in ("method", "authority", "scheme"):
        value = match.get(field)
        if value is not None:
            yield HeaderMatch(f":{field}", string_match(value))


def _path(match: Mapping[str, Any], by_segments: bool) -> PathMatch:
    uri = section(match.get("uri"))
    ignore_case = match.get("ignoreUriCase") is True
    if "exact" in uri:
        return PathMatch("exact", text(uri["exact"]), ignore_case)
    if "prefix" in uri:
        prefix = text(uri["prefix"])
        if by_segments and prefix != "/":
            return PathMatch("separated_prefix", prefix.removesuffix("/"), ignore_case)
        return PathMatch("prefix", prefix, ignore_case)
    if "regex" in uri:
        return PathMatch("regex", text(uri["regex"]), ignore_case)
    return PathMatch("prefix", "/", ignore_case) if ignore_case else ANY_PATH


def claim_path(name: str) -> tuple[str, ...]:
    """Return the claim of a verified token that a header name stands for, empty for a real header."""
    if not name.lower().startswith(_CLAIMS):
        return ()
    rest = name[len(_CLAIMS) :]
    if rest.startswith(".") and len(rest) > 1:
        return tuple(rest[1:].split("."))
    if rest.startswith("[") and rest.endswith("]") and len(rest) > 2:
        return tuple(rest[1:-1].split("]["))
    return ()


def is_catch_all(match: RouteMatch) -> bool:
    """Tell whether istiod sees that a route takes every request: by its path's spelling, and no other condition."""
    path = match.path
    if (path.kind == "regex" and path.value == ".*") or (
        path.kind in ("prefix", "separated_prefix") and path.value == "/"
    ):
        return not (match.headers or match.query or match.claims)
    return False


def applies(
    match: Mapping[str, Any],
    gateways: tuple[str, ...],
    *,
    here: frozenset[str],
    labels: Mapping[str, str],
    namespace: str,
) -> bool:
    """Tell whether a match is meant for a proxy.

    Args:
        gateways: The gateways it names, completed; if there are any, they decide alone.
        here: The gateway that the routes are made for, ``mesh`` for sidecars.
        labels, namespace: The proxy's own.
    """
    if gateways:
        return not here.isdisjoint(gateways)
    wanted = section(match.get("sourceLabels"))
    if any(labels.get(key) != value for key, value in wanted.items()):
        return False
    source = text(match.get("sourceNamespace"))
    return not source or source == namespace
