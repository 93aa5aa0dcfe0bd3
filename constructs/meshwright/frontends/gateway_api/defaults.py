"""What the API server fills in when a Gateway API object is applied, so that istiod never sees the field missing.

Source: the defaults of the custom resource definitions, Gateway API 1.6.
"""

from collections.abc import Callable, Mapping
from typing import Any

from meshwright.frontends.gateway_api.objects import GATEWAY_API, group_of, sections, spec
from meshwright.frontends.istio.objects import section
from meshwright.manifests.resource import Resource

Fields = dict[str, Any]

_ROOT = {"type": "PathPrefix", "value": "/"}
_SAME = {"namespaces": {"from": "Same"}}
_CORS_AGE_SECONDS = 5


def with_api_defaults(resource: Resource) -> Resource:
    """Return the object as it would stand in a cluster; the origin of its fields stays."""
    fill = _FILL.get(resource.kind) if group_of(resource) == GATEWAY_API else None
    if fill is None:
        return resource
    body = {**resource.body, "spec": fill(spec(resource))}
    return Resource(
        body,
        resource.api_version,
        resource.kind,
        resource.namespace,
        resource.name,
        resource.place,
        resource.origins,
    )


def _filled(given: Mapping[str, Any], **defaults: object) -> Fields:
    """Set the fields that are absent; one set to null counts as absent, as the API server prunes it first."""
    present = {name: value for name, value in given.items() if value is not None}
    return {**defaults, **present}


def _gateway(given: Mapping[str, Any]) -> Fields:
    filled = _filled(given)
    if "addresses" in given:
        filled["addresses"] = [_filled(address, type="IPAddress") for address in sections(given["addresses"])]
    allowed = given.get("allowedListeners")
    if isinstance(allowed, dict):
        filled["allowedListeners"] = {"namespaces": _filled(section(allowed.get("namespaces")), **{"from": "None"})}
    filled["listeners"] = [_listener(listener) for listener in sections(given.get("listeners"))]
    return filled


def _listener_set(given: Mapping[str, Any]) -> Fields:
    return _filled(given) | {"listeners": [_listener(listener) for listener in sections(given.get("listeners"))]}


def _listener(given: Mapping[str, Any]) -> Fields:
    filled = _filled(given, allowedRoutes=_SAME)
    allowed = _filled(section(filled["allowedRoutes"]), **_SAME)
    allowed["namespaces"] = _filled(section(allowed["namespaces"]), **{"from": "Same"})
    filled["allowedRoutes"] = allowed
    if isinstance(filled.get("tls"), dict):
        filled["tls"] = _filled(filled["tls"], mode="Terminate")
    return filled


def _http_route(given: Mapping[str, Any]) -> Fields:
    rules = sections(given["rules"]) if given.get("rules") is not None else [{}]
    return _filled(given) | {"rules": [_http_rule(rule) for rule in rules]}


def _http_rule(given: Mapping[str, Any]) -> Fields:
    filled = _filled(given, matches=[{"path": _ROOT}])
    filled["matches"] = [_http_match(match) for match in sections(filled["matches"])]
    filled["filters"] = [_http_filter(rule_filter) for rule_filter in sections(given.get("filters"))]
    return filled


def _http_match(given: Mapping[str, Any]) -> Fields:
    filled = _filled(given, path=_ROOT)
    filled["path"] = _filled(section(filled["path"]), **_ROOT)
    return filled


def _http_filter(given: Mapping[str, Any]) -> Fields:
    filled = _filled(given)
    if isinstance(filled.get("requestRedirect"), dict):
        filled["requestRedirect"] = _filled(filled["requestRedirect"], statusCode=302)
    if isinstance(filled.get("cors"), dict):
        filled["cors"] = _filled(filled["cors"], maxAge=_CORS_AGE_SECONDS)
    return filled


_FILL: dict[str, Callable[[Mapping[str, Any]], Fields]] = {
    "Gateway": _gateway,
    "ListenerSet": _listener_set,
    "HTTPRoute": _http_route,
}
