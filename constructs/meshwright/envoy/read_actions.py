"""Envoy's actions, and the filters set up for one route, back to the route table."""

from base64 import b64decode
from datetime import timedelta
from typing import Literal

from meshwright.envoy.actions import NOT_FOUND_CODES, REDIRECT_CODES
from meshwright.envoy.protobuf_json import JSON, read_duration, read_exact_duration, read_fraction
from meshwright.envoy.read_matches import read_string_match
from meshwright.errors import InputError
from meshwright.traffic import (
    Action,
    CorsPolicy,
    DirectResponse,
    Fault,
    FaultAbort,
    FaultDelay,
    Forward,
    HashPolicy,
    HeaderChanges,
    HeaderValue,
    MirrorPolicy,
    NoAction,
    Redirect,
    RegexRewrite,
    RetryPolicy,
    WeightedCluster,
)

_OTHER_ACTIONS = {"filterAction", "nonForwardingAction"}


def read_action(route: JSON) -> Action:
    """Return what Envoy's Route does with a request.

    Raises:
        InputError: Something else than forwarding, redirect, direct response or nothing.
    """
    if "route" in route:
        return _forward(route["route"])
    if "redirect" in route:
        return _redirect(route["redirect"])
    if "directResponse" in route:
        return _direct_response(route["directResponse"])
    if not _OTHER_ACTIONS & route.keys():
        return NoAction()
    raise InputError(f"route {route.get('name', '')!r}", "it has no action the route table knows", "Leave it out")


def read_header_changes(message: JSON) -> HeaderChanges:
    """Return the header lists of a route or of a weighted cluster."""
    return HeaderChanges(
        request_add=tuple(_header(header) for header in message.get("requestHeadersToAdd", ())),
        request_remove=tuple(message.get("requestHeadersToRemove", ())),
        response_add=tuple(_header(header) for header in message.get("responseHeadersToAdd", ())),
        response_remove=tuple(message.get("responseHeadersToRemove", ())),
    )


def read_fault(message: JSON) -> Fault:
    """Return the fault that ``envoy.filters.http.fault`` injects on a route."""
    delay, abort = message.get("delay"), message.get("abort")
    return Fault(
        delay=None if delay is None else _delay(delay),
        abort=None if abort is None else _abort(abort),
    )


def read_cors(message: JSON) -> CorsPolicy:
    """Return the policy that ``envoy.filters.http.cors`` holds to on a route."""
    return CorsPolicy(
        allow_origins=tuple(read_string_match(origin) for origin in message.get("allowOriginStringMatch", ())),
        allow_methods=_listed(message.get("allowMethods", "")),
        allow_headers=_listed(message.get("allowHeaders", "")),
        expose_headers=_listed(message.get("exposeHeaders", "")),
        max_age=timedelta(seconds=int(message["maxAge"])) if "maxAge" in message else None,
        allow_credentials=message.get("allowCredentials"),
        forward_not_matching_preflights=message.get("forwardNotMatchingPreflights"),
    )


def _forward(message: JSON) -> Forward:
    if "weightedClusters" in message:
        clusters = tuple(_weighted(cluster) for cluster in message["weightedClusters"].get("clusters", ()))
    elif "cluster" in message:
        clusters = (WeightedCluster(message["cluster"]),)
    else:
        raise InputError("RouteAction", "it names neither a cluster nor weighted clusters", "Leave it out")
    regex, retries = message.get("regexRewrite"), message.get("retryPolicy")
    duration = message.get("maxStreamDuration", {}).get("maxStreamDuration")
    statuses = {word: status for status, word in NOT_FOUND_CODES.items()}
    return Forward(
        clusters=clusters,
        timeout=read_duration(message.get("timeout", "15s")) or None,
        retries=None if retries is None else _retry_policy(retries),
        prefix_rewrite=message.get("prefixRewrite"),
        regex_rewrite=None if regex is None else _regex_rewrite(regex),
        host_rewrite=message.get("hostRewriteLiteral"),
        auto_host_rewrite=message.get("autoHostRewrite", False),
        append_x_forwarded_host=message.get("appendXForwardedHost", False),
        mirrors=tuple(_mirror(mirror) for mirror in message.get("requestMirrorPolicies", ())),
        hash_policies=tuple(_hash_policy(policy) for policy in message.get("hashPolicy", ())),
        cluster_not_found_status=statuses.get(message.get("clusterNotFoundResponseCode", "")),
        idle_timeout=read_duration(message["idleTimeout"]) if "idleTimeout" in message else None,
        max_stream_duration=None if duration is None else read_duration(duration),
        split="weightedClusters" in message,
    )


def _weighted(message: JSON) -> WeightedCluster:
    return WeightedCluster(
        name=message["name"],
        weight=message.get("weight", 0),
        host_rewrite=message.get("hostRewriteLiteral"),
        header_changes=read_header_changes(message),
    )


def _retry_policy(message: JSON) -> RetryPolicy:
    backoff = message.get("retryBackOff", {}).get("baseInterval")
    return RetryPolicy(
        attempts=message.get("numRetries", 1),
        retry_on=message.get("retryOn", ""),
        per_try_timeout=read_duration(message["perTryTimeout"]) if "perTryTimeout" in message else None,
        retriable_status_codes=tuple(message.get("retriableStatusCodes", ())),
        avoid_previous_hosts=bool(message.get("retryHostPredicate")),
        host_selection_attempts=int(message.get("hostSelectionRetryMaxAttempts", 0)),
        previous_priorities_every=message.get("retryPriority", {}).get("typedConfig", {}).get("updateFrequency"),
        backoff=None if backoff is None else read_duration(backoff),
    )


def _mirror(message: JSON) -> MirrorPolicy:
    value = message.get("runtimeFraction", {}).get("defaultValue")
    percent = 100.0 if value is None else read_fraction(value)
    return MirrorPolicy(message["cluster"], percent, _denominator(value or {}))


def _hash_policy(message: JSON) -> HashPolicy:
    if "header" in message:
        return HashPolicy("header", message["header"].get("headerName", ""))
    if "queryParameter" in message:
        return HashPolicy("query", message["queryParameter"].get("name", ""))
    if "connectionProperties" in message:
        return HashPolicy("source_ip")
    cookie = message["cookie"]
    return HashPolicy(
        "cookie",
        name=cookie.get("name", ""),
        ttl_ns=read_exact_duration(cookie["ttl"]) if "ttl" in cookie else None,
        path=cookie.get("path", ""),
        attributes=tuple((each["name"], each.get("value", "")) for each in cookie.get("attributes", ())),
    )


def _redirect(message: JSON) -> Redirect:
    statuses = {word: status for status, word in REDIRECT_CODES.items()}
    regex = message.get("regexRewrite")
    return Redirect(
        status=statuses[message.get("responseCode", "MOVED_PERMANENTLY")],
        host=message.get("hostRedirect"),
        path=message.get("pathRedirect") or None,
        prefix=message.get("prefixRewrite"),
        regex=None if regex is None else _regex_rewrite(regex),
        scheme=message.get("schemeRedirect"),
        https=message.get("httpsRedirect", False),
        port=message.get("portRedirect"),
    )


def _direct_response(message: JSON) -> DirectResponse:
    body = message.get("body", {})
    if "inlineBytes" in body:
        return DirectResponse(message["status"], b64decode(body["inlineBytes"]), body_is_binary=True)
    return DirectResponse(message["status"], body["inlineString"].encode() if "inlineString" in body else None)


def _delay(message: JSON) -> FaultDelay:
    percentage = message.get("percentage", {})
    return FaultDelay(read_duration(message["fixedDelay"]), read_fraction(percentage), _denominator(percentage))


def _abort(message: JSON) -> FaultAbort:
    percentage = message.get("percentage", {})
    return FaultAbort(
        percent=read_fraction(percentage),
        http_status=message.get("httpStatus"),
        grpc_status=message.get("grpcStatus"),
        denominator=_denominator(percentage),
    )


def _denominator(fraction: JSON) -> Literal[100, 1_000_000]:
    return 100 if fraction.get("denominator", "HUNDRED") == "HUNDRED" else 1_000_000


def _regex_rewrite(message: JSON) -> RegexRewrite:
    return RegexRewrite(message.get("pattern", {}).get("regex", ""), message.get("substitution", ""))


def _header(message: JSON) -> HeaderValue:
    header = message["header"]
    append = message.get("appendAction", "APPEND_IF_EXISTS_OR_ADD") == "APPEND_IF_EXISTS_OR_ADD"
    return HeaderValue(header["key"], header.get("value", ""), append)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split(",")) if text else ()
