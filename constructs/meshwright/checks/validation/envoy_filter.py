"""EnvoyFilter. Source: Istio reference, "Envoy Filter". Whether Envoy takes a patch, Envoy alone can tell."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, Flaw
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.selectors import selector_faults
from meshwright.checks.validation.values import re2_problem
from meshwright.frontends.istio.objects import entries, section, text

_LISTENER = ("LISTENER", "FILTER_CHAIN", "NETWORK_FILTER", "HTTP_FILTER")
_ROUTE = ("ROUTE_CONFIGURATION", "VIRTUAL_HOST", "HTTP_ROUTE")
_KNOWN = (*_LISTENER, *_ROUTE, "CLUSTER", "EXTENSION_CONFIG", "BOOTSTRAP", "LISTENER_FILTER")
_OBJECTS = ("listener", "routeConfiguration", "cluster", "waypoint")
_MANAGERS = ("envoy.filters.network.http_connection_manager", "envoy.http_connection_manager")
_CONFIGURED = ("NETWORK_FILTER", "HTTP_FILTER", "LISTENER_FILTER", "EXTENSION_CONFIG")
_LONGEST_VERSION = 1024
_OLD = "type.googleapis.com/envoy."

_OLD_NAMES = {
    "envoy.buffer": "envoy.filters.http.buffer",
    "envoy.cors": "envoy.filters.http.cors",
    "envoy.csrf": "envoy.filters.http.csrf",
    "envoy.http_dynamo_filter": "envoy.filters.http.dynamo",
    "envoy.ext_authz": "envoy.filters.http.ext_authz",
    "envoy.fault": "envoy.filters.http.fault",
    "envoy.grpc_http1_bridge": "envoy.filters.http.grpc_http1_bridge",
    "envoy.grpc_json_transcoder": "envoy.filters.http.grpc_json_transcoder",
    "envoy.grpc_web": "envoy.filters.http.grpc_web",
    "envoy.gzip": "envoy.filters.http.gzip",
    "envoy.health_check": "envoy.filters.http.health_check",
    "envoy.ip_tagging": "envoy.filters.http.ip_tagging",
    "envoy.lua": "envoy.filters.http.lua",
    "envoy.rate_limit": "envoy.filters.http.ratelimit",
    "envoy.router": "envoy.filters.http.router",
    "envoy.squash": "envoy.filters.http.squash",
    "envoy.client_ssl_auth": "envoy.filters.network.client_ssl_auth",
    "envoy.http_connection_manager": "envoy.filters.network.http_connection_manager",
    "envoy.mongo_proxy": "envoy.filters.network.mongo_proxy",
    "envoy.ratelimit": "envoy.filters.network.ratelimit",
    "envoy.redis_proxy": "envoy.filters.network.redis_proxy",
    "envoy.tcp_proxy": "envoy.filters.network.tcp_proxy",
}
"""Names of filters that Envoy has dropped. Source: Envoy docs, "Deprecated"."""


def envoy_filter_faults(judged: Judged) -> Faults:
    """Find what istiod has against an EnvoyFilter."""
    selector = list(selector_faults("spec.workloadSelector", judged.spec.get("workloadSelector"), "labels"))
    yield from selector
    if any(not fault.warning for fault in selector):
        return
    for place, patch in enumerate(map(section, entries(judged.spec.get("configPatches")))):
        yield from _patch_faults(f"spec.configPatches[{place}]", patch)


def _patch_faults(path: str, patch: Mapping[str, Any]) -> Faults:
    match, change = section(patch.get("match")), section(patch.get("patch"))
    if match.get("context") == "WAYPOINT":
        return
    missing = _missing(patch, change)
    if missing is not None:
        yield Fault(f"{path}.{missing[0]}", *missing[1])
        return
    version = text(section(match.get("proxy")).get("proxyVersion"))
    where = f"{path}.match.proxy.proxyVersion"
    if len(version.encode()) > _LONGEST_VERSION:
        yield Fault(where, "the version is too long, and is ignored", "Shorten it.", warning=True)
    elif version and re2_problem(version):
        wrong = f'"{version}" is no regular expression: {re2_problem(version)}'
        yield Fault(where, wrong, r"Write one, such as ^1\.31.*.")
        return
    target = patch["applyTo"]
    faults = list(_match_faults(f"{path}.match", target, match))
    yield from faults
    if target in _LISTENER and any(not fault.warning for fault in faults):
        return
    if target not in _KNOWN and change.get("value") is not None:
        yield Fault(f"{path}.applyTo", f"istiod applies nothing to {target}", f"Choose {', '.join(_KNOWN)}.")
    for kind in _types(target, section(change.get("value"))):
        if not kind:
            yield Fault(f"{path}.patch.value", "a configuration has no type", "Give it @type.")
        elif kind.startswith(_OLD) and ".v2." in kind:
            wrong = f'"{kind}" is of version 2 of Envoy\'s API, which is gone'
            yield Fault(f"{path}.patch.value", wrong, "Use the type of version 3.")


def _missing(patch: Mapping[str, Any], change: Mapping[str, Any]) -> tuple[str, Flaw] | None:
    if text(patch.get("applyTo")) in ("", "INVALID"):
        return "applyTo", ("the patch does not say to what it applies", "Give it applyTo.")
    if not isinstance(patch.get("patch"), dict):
        return "patch", ("the patch changes nothing", "Give it patch.operation and patch.value.")
    operation = text(change.get("operation"))
    if operation in ("", "INVALID"):
        return "patch.operation", ("the patch does not say what to do", "Give it an operation, such as MERGE.")
    if operation != "REMOVE" and change.get("value") is None:
        return "patch.value", (f"{operation} has no value", "Give it one.")
    return None


def _match_faults(path: str, target: str, match: Mapping[str, Any]) -> Faults:
    given = [field for field in _OBJECTS if isinstance(match.get(field), dict)]
    if not given:
        return
    kinds = {"listener": _LISTENER, "routeConfiguration": _ROUTE, "cluster": ("CLUSTER",)}
    needed = next((field for field, targets in kinds.items() if target in targets), None)
    if needed is not None and needed not in given:
        wrong = f"{target} is no part of a {given[0]}"
        yield Fault(f"{path}.{given[0]}", wrong, f"Match by {needed}.")
        return
    chain = section(section(match.get("listener")).get("filterChain"))
    if target in _LISTENER and isinstance(chain.get("filter"), dict):
        yield from _filter_faults(f"{path}.listener.filterChain.filter", target, chain["filter"])


def _filter_faults(path: str, target: str, matched: Mapping[str, Any]) -> Faults:
    name, sub = text(matched.get("name")), matched.get("subFilter")
    if target in ("LISTENER", "FILTER_CHAIN"):
        yield Fault(path, f"{target} is not chosen by filters", "Remove it.", warning=True)
    if not name:
        yield Fault(f"{path}.name", "the filter has no name", "Name it.")
    elif isinstance(sub, dict):
        if target != "HTTP_FILTER":
            yield Fault(f"{path}.subFilter", f"{target} is not chosen by filters of HTTP", "Use HTTP_FILTER.")
        elif name not in _MANAGERS:
            yield Fault(f"{path}.name", f'"{name}" has no filters of HTTP in it', f"Name {_MANAGERS[0]}.")
        elif not text(sub.get("name")):
            yield Fault(f"{path}.subFilter.name", "the filter has no name", "Name it.")
    for where, own in ((path, name), (f"{path}.subFilter", text(section(sub).get("name")))):
        if own in _OLD_NAMES:
            remedy = f"Write {_OLD_NAMES[own]}."
            yield Fault(f"{where}.name", f'"{own}" is the old name of a filter', remedy, warning=True)


def _types(target: str, value: Mapping[str, Any]) -> Iterator[str]:
    """Yield the types that stand where a patch of this target surely has a configuration with one."""
    configurations: list[Any] = []
    if target in _CONFIGURED:
        configurations = [value.get(name) for name in ("typed_config", "typedConfig")]
    elif target in _ROUTE:
        found = [value.get(name) for name in ("typed_per_filter_config", "typedPerFilterConfig")]
        configurations = [each for holder in found for each in section(holder).values()]
    elif target in ("CLUSTER", "FILTER_CHAIN"):
        holder = section(value.get("transport_socket") or value.get("transportSocket"))
        configurations = [holder.get(name) for name in ("typed_config", "typedConfig")]
    for configuration in configurations:
        if isinstance(configuration, dict):
            yield text(configuration.get("@type"))
