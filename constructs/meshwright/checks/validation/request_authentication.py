"""RequestAuthentication. Source: Istio reference, "RequestAuthentication" and "JWTRule"."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, Flaw, at
from meshwright.checks.validation.headers import strict_name_flaw
from meshwright.checks.validation.jwks import jwks_problem, private_keys
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.selectors import target_faults
from meshwright.checks.validation.urls import parse_url
from meshwright.checks.validation.values import duration_flaw
from meshwright.frontends.istio.objects import entries, section, text, texts

_LISTS = {"audiences": "an audience", "fromParams": "a parameter", "fromCookies": "a cookie"}


def request_authentication_faults(judged: Judged) -> Faults:
    """Find what istiod has against a RequestAuthentication."""
    yield from target_faults(judged.spec)
    for place, rule in enumerate(map(section, entries(judged.spec.get("jwtRules")))):
        yield from _rule_faults(f"spec.jwtRules[{place}]", rule)


def _rule_faults(path: str, rule: Mapping[str, Any]) -> Faults:
    uri, keys = text(rule.get("jwksUri") or rule.get("jwks_uri")), text(rule.get("jwks"))
    if not text(rule.get("issuer")) and not uri:
        yield Fault(f"{path}.issuer", "the rule has neither issuer nor jwksUri", "Name who issues the tokens.")
    if uri:
        yield from at(f"{path}.{'jwksUri' if 'jwksUri' in rule else 'jwks_uri'}", _uri_flaw(uri))
    if keys:
        yield from _key_faults(f"{path}.jwks", keys)
    for field, what in _LISTS.items():
        for place, value in enumerate(texts(rule.get(field))):
            if not value:
                yield Fault(f"{path}.{field}[{place}]", f"{what} is empty", "Name it, or remove it.")
    for place, header in enumerate(map(section, entries(rule.get("fromHeaders")))):
        if not text(header.get("name")):
            yield Fault(f"{path}.fromHeaders[{place}].name", "the name of a header is empty", "Name it.")
    for place, copied in enumerate(map(section, entries(rule.get("outputClaimToHeaders")))):
        where = f"{path}.outputClaimToHeaders[{place}]"
        missing = [field for field in ("claim", "header") if not text(copied.get(field))]
        for field in missing:
            yield Fault(f"{where}.{field}", f"the {field} is empty", "Name claim and header.")
        if not missing:
            yield from at(f"{where}.header", strict_name_flaw(text(copied["header"])))
    yield from at(f"{path}.timeout", duration_flaw(rule.get("timeout")))


def _uri_flaw(uri: str) -> Flaw | None:
    parsed = parse_url(uri)
    if parsed is not None and parsed.scheme in ("http", "https") and _is_small(parsed.port):
        return None
    return f'"{uri}" is no URL of http or https', "Write https://HOST/PATH."


def _is_small(port: str) -> bool:
    return not port or int(port) < 1 << 63


def _key_faults(path: str, keys: str) -> Faults:
    problem = jwks_problem(keys)
    if problem:
        yield Fault(path, f"the keys cannot be read: {problem}", 'Give a JWK Set, {"keys": [...]}.')
        return
    for place in private_keys(keys):
        wrong = f"the key {place} is a private one, and everybody who reads the mesh's configuration has it now"
        yield Fault(path, wrong, "Give the public key, and replace this one.", warning=True)
