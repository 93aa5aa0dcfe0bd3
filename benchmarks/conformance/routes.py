"""RouteConfigurations side by side, without what traffic does not depend on."""

import json
from collections.abc import Iterable
from typing import Any

from meshwright.envoy.routes import LEFT_OUT, route_configuration
from meshwright.traffic import RouteConfiguration

PLAIN = {field for fields in LEFT_OUT.values() for field in fields if "[" not in field}
UNORDERED = {"headers", "queryParameters"}
"""Conditions that must all hold: istiod writes them in any order."""
INSIDE_LISTENERS = ("inbound", "Inbound", "allow_any", "block_all", "PassthroughCluster", "BlackHoleCluster")
"""How the names of RouteConfigurations begin that listeners carry inside; the recordings have the others."""
FILTERS = {field.partition("[")[2].rstrip("]") for fields in LEFT_OUT.values() for field in fields if "[" in field}


def comparable(message: dict[str, Any]) -> dict[str, Any]:
    """Return a RouteConfiguration by virtual host: order counts for routes, not for virtual hosts or domains."""
    cleaned = _clean(message)
    hosts = cleaned.pop("virtualHosts", [])
    for host in hosts:
        host["domains"] = sorted(host["domains"])
    return cleaned | {"virtualHosts": {host["name"]: host for host in hosts}}


def by_name(messages: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Return comparable RouteConfigurations by name."""
    return {message["name"]: comparable(message) for message in messages}


def ours_by_name(configurations: Iterable[RouteConfiguration]) -> dict[str, Any]:
    """Return our RouteConfigurations that are sent by themselves, as Envoy's protobuf JSON in the same shape."""
    sent = (each for each in configurations if not each.name.startswith(INSIDE_LISTENERS))
    return by_name(route_configuration(configuration) for configuration in sent)


def _clean(message: Any) -> Any:
    if isinstance(message, list):
        return [_clean(each) for each in message]
    if not isinstance(message, dict):
        return message
    out = {key: _clean(value) for key, value in message.items() if key not in PLAIN}
    for conditions in UNORDERED & out.keys():
        out[conditions] = sorted(out[conditions], key=lambda each: json.dumps(each, sort_keys=True))
    filters = out.get("typedPerFilterConfig")
    if isinstance(filters, dict):
        out["typedPerFilterConfig"] = {name: filter_ for name, filter_ in filters.items() if name not in FILTERS}
        if not out["typedPerFilterConfig"]:
            del out["typedPerFilterConfig"]
    if "name" in out and ("presentMatch" in out or "stringMatch" in out):
        out["name"] = out["name"].lower()  # header names compare without case
    return out
