"""Conditions as Envoy's RouteMatch and StringMatcher."""

from meshwright.envoy.protobuf_json import JSON, without_defaults
from meshwright.traffic import ClaimMatch, HeaderMatch, PathMatch, QueryMatch, RouteMatch, StringMatch

TOKENS = "envoy.filters.http.jwt_authn"


def route_match(match: RouteMatch) -> JSON:
    """Return the RouteMatch; ``caseSensitive`` is left out where nobody wrote a condition, as istiod does."""
    out = _path(match.path)
    if not match.implied and match.path.kind != "connect":
        out["caseSensitive"] = not match.path.ignore_case
    if match.headers:
        out["headers"] = [_header(header) for header in match.headers]
    if match.query:
        out["queryParameters"] = [_query(parameter) for parameter in match.query]
    if match.claims:
        out["dynamicMetadata"] = [_claim(claim) for claim in match.claims]
    return out


def string_match(match: StringMatch) -> JSON:
    """Return the StringMatcher."""
    if match.kind == "regex":
        return {"safeRegex": without_defaults({"regex": match.value})}
    return {match.kind: match.value} | without_defaults({"ignoreCase": match.ignore_case})


def _path(path: PathMatch) -> JSON:
    match path.kind:
        case "exact":
            return {"path": path.value}
        case "prefix":
            return {"prefix": path.value}
        case "separated_prefix":
            return {"pathSeparatedPrefix": path.value}
        case "regex":
            return {"safeRegex": without_defaults({"regex": path.value})}
        case "connect":
            return {"connectMatcher": {}}


def _header(header: HeaderMatch) -> JSON:
    invert = header.invert
    condition: JSON
    if header.value is None:
        invert ^= not header.present
        condition = {"presentMatch": True}
    else:
        condition = {"stringMatch": string_match(header.value)}
    flags = {"invertMatch": invert, "treatMissingHeaderAsEmpty": header.missing_is_empty}
    return {"name": header.name} | condition | without_defaults(flags)


def _query(parameter: QueryMatch) -> JSON:
    if parameter.value is None:
        return {"name": parameter.name, "presentMatch": True}
    return {"name": parameter.name, "stringMatch": string_match(parameter.value)}


def _claim(claim: ClaimMatch) -> JSON:
    condition = {"stringMatch": {} if claim.value is None else string_match(claim.value)}
    out: JSON = {
        "filter": TOKENS,
        "path": [{"key": key} for key in ("payload", *claim.path)],
        "value": {"orMatch": {"valueMatchers": [{"listMatch": {"oneOf": condition}}, condition]}},
    }
    return out | without_defaults({"invert": claim.invert})
