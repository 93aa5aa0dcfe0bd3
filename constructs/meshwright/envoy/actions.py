"""Actions as Envoy's RouteAction, RedirectAction and DirectResponseAction, and the filters set up for one route."""

from base64 import b64encode
from collections.abc import Iterable
from datetime import timedelta

from meshwright.envoy.matches import string_match
from meshwright.envoy.protobuf_json import JSON, TYPE, duration, exact_duration, fraction, without_defaults
from meshwright.traffic import (
    Action,
    CorsPolicy,
    DirectResponse,
    Fault,
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

PREVIOUS_HOSTS = "envoy.retry_host_predicates.previous_hosts"
PREVIOUS_PRIORITIES = "envoy.retry_priorities.previous_priorities"
REDIRECT_CODES = {
    301: "MOVED_PERMANENTLY",
    302: "FOUND",
    303: "SEE_OTHER",
    307: "TEMPORARY_REDIRECT",
    308: "PERMANENT_REDIRECT",
}
NOT_FOUND_CODES = {503: "SERVICE_UNAVAILABLE", 404: "NOT_FOUND", 500: "INTERNAL_SERVER_ERROR"}


def action(value: Action) -> JSON:
    """Return the one field of Envoy's Route that says what happens: ``route``, ``redirect`` or ``directResponse``.

    For a route without action there is none. Forwarding to no cluster at all, which Envoy would refuse, becomes the 500
    that istiod answers.
    """
    if isinstance(value, Redirect):
        return {"redirect": _redirect(value)}
    if isinstance(value, DirectResponse):
        return {"directResponse": _direct_response(value)}
    if isinstance(value, NoAction):
        return {}
    return {"route": _forward(value)} if value.clusters else {"directResponse": {"status": 500}}


def header_changes(changes: HeaderChanges) -> JSON:
    """Return the four lists of headers that routes and weighted clusters share."""
    return without_defaults(
        {
            "requestHeadersToAdd": [_header(header) for header in changes.request_add],
            "requestHeadersToRemove": list(changes.request_remove),
            "responseHeadersToAdd": [_header(header) for header in changes.response_add],
            "responseHeadersToRemove": list(changes.response_remove),
        }
    )


def fault_filter(fault: Fault) -> JSON:
    """Return the settings of ``envoy.filters.http.fault`` for one route."""
    out: JSON = {"@type": TYPE + "envoy.extensions.filters.http.fault.v3.HTTPFault"}
    if fault.delay is not None:
        out["delay"] = {
            "fixedDelay": duration(fault.delay.fixed),
            "percentage": fraction(fault.delay.percent, fault.delay.denominator),
        }
    if fault.abort is not None:
        abort = fault.abort
        code = {"grpcStatus": abort.grpc_status} if abort.grpc_status is not None else {"httpStatus": abort.http_status}
        percentage = fraction(abort.percent, abort.denominator)
        out["abort"] = code | ({"percentage": percentage} if percentage else {})
    return out


def cors_filter(cors: CorsPolicy) -> JSON:
    """Return the settings of ``envoy.filters.http.cors`` for one route."""
    out = without_defaults(
        {
            "allowOriginStringMatch": [string_match(origin) for origin in cors.allow_origins],
            "allowMethods": ",".join(cors.allow_methods),
            "allowHeaders": ",".join(cors.allow_headers),
            "exposeHeaders": ",".join(cors.expose_headers),
            "maxAge": None if cors.max_age is None else str(cors.max_age // timedelta(seconds=1)),
        }
    )
    if cors.allow_credentials is not None:
        out["allowCredentials"] = cors.allow_credentials
    if cors.forward_not_matching_preflights is not None:
        out["forwardNotMatchingPreflights"] = cors.forward_not_matching_preflights
    kind = {"@type": TYPE + "envoy.extensions.filters.http.cors.v3.CorsPolicy"}
    return kind | out | {"filterEnabled": {"defaultValue": {"numerator": 100}}}


def weighted_clusters(clusters: Iterable[WeightedCluster]) -> JSON:
    """Return a WeightedCluster message of HTTP routes; clusters of weight zero keep their place."""
    return {"clusters": [_weighted(cluster) for cluster in clusters]}


def _forward(forward: Forward) -> JSON:
    timeout = duration(forward.timeout or timedelta(0))
    out = _destination(forward)
    out |= without_defaults(
        {
            "prefixRewrite": forward.prefix_rewrite,
            "regexRewrite": None if forward.regex_rewrite is None else _regex_rewrite(forward.regex_rewrite),
            "appendXForwardedHost": forward.append_x_forwarded_host,
            "requestMirrorPolicies": [_mirror(mirror) for mirror in forward.mirrors],
            "hashPolicy": [_hash_policy(policy) for policy in forward.hash_policies],
            "retryPolicy": None if forward.retries is None else _retry_policy(forward.retries),
        }
    )
    if forward.auto_host_rewrite:
        out["autoHostRewrite"] = True
    elif forward.host_rewrite:
        out["hostRewriteLiteral"] = forward.host_rewrite
    if forward.cluster_not_found_status not in (None, 503):
        out["clusterNotFoundResponseCode"] = NOT_FOUND_CODES[forward.cluster_not_found_status or 503]
    if forward.idle_timeout is not None:
        out["idleTimeout"] = duration(forward.idle_timeout)
    if forward.max_stream_duration is not None:
        longest = duration(forward.max_stream_duration)
        limits = {"maxStreamDuration": longest, "grpcTimeoutHeaderMax": longest}
        return out | {"timeout": timeout, "maxStreamDuration": limits}
    return out | {"timeout": timeout, "maxGrpcTimeout": timeout}


def _destination(forward: Forward) -> JSON:
    first = forward.clusters[0]
    plain = not forward.split and first.host_rewrite is None and not header_changes(first.header_changes)
    if len(forward.clusters) == 1 and plain:
        return {"cluster": first.name}
    return {"weightedClusters": weighted_clusters(forward.clusters)}


def _weighted(cluster: WeightedCluster) -> JSON:
    out: JSON = {"name": cluster.name, "weight": cluster.weight}
    if cluster.host_rewrite:
        out["hostRewriteLiteral"] = cluster.host_rewrite
    return out | header_changes(cluster.header_changes)


def _retry_policy(retries: RetryPolicy) -> JSON:
    out = without_defaults(
        {
            "retryOn": retries.retry_on,
            "numRetries": retries.attempts,
            "retriableStatusCodes": list(retries.retriable_status_codes),
            "hostSelectionRetryMaxAttempts": str(retries.host_selection_attempts or ""),
        }
    )
    if retries.per_try_timeout is not None:
        out["perTryTimeout"] = duration(retries.per_try_timeout)
    if retries.backoff is not None:
        out["retryBackOff"] = {"baseInterval": duration(retries.backoff)}
    if retries.avoid_previous_hosts:
        kind = TYPE + "envoy.extensions.retry.host.previous_hosts.v3.PreviousHostsPredicate"
        out["retryHostPredicate"] = [{"name": PREVIOUS_HOSTS, "typedConfig": {"@type": kind}}]
    if retries.previous_priorities_every is not None:
        kind = TYPE + "envoy.extensions.retry.priority.previous_priorities.v3.PreviousPrioritiesConfig"
        typed = {"@type": kind, "updateFrequency": retries.previous_priorities_every}
        out["retryPriority"] = {"name": PREVIOUS_PRIORITIES, "typedConfig": typed}
    return out


def _mirror(mirror: MirrorPolicy) -> JSON:
    return {
        "cluster": mirror.cluster,
        "runtimeFraction": {"defaultValue": fraction(mirror.percent, mirror.denominator)},
        "traceSampled": False,
        "disableShadowHostSuffixAppend": True,
    }


def _hash_policy(policy: HashPolicy) -> JSON:
    match policy.kind:
        case "header":
            return {"header": without_defaults({"headerName": policy.name})}
        case "query":
            return {"queryParameter": without_defaults({"name": policy.name})}
        case "source_ip":
            return {"connectionProperties": {"sourceIp": True}}
        case "cookie":
            attributes = [{"name": name, "value": value} for name, value in policy.attributes]
            cookie = without_defaults({"name": policy.name, "path": policy.path, "attributes": attributes})
            ttl = {} if policy.ttl_ns is None else {"ttl": exact_duration(policy.ttl_ns)}
            return {"cookie": cookie | ttl}


def _redirect(redirect: Redirect) -> JSON:
    out = without_defaults(
        {
            "hostRedirect": redirect.host,
            "schemeRedirect": redirect.scheme,
            "portRedirect": redirect.port,
        }
    )
    if redirect.https:
        out["httpsRedirect"] = True
    if redirect.regex is not None:
        out["regexRewrite"] = _regex_rewrite(redirect.regex)
    elif redirect.prefix is not None:
        out["prefixRewrite"] = redirect.prefix
    else:
        out["pathRedirect"] = redirect.path or ""
    if redirect.status != 301:
        out["responseCode"] = REDIRECT_CODES[redirect.status]
    return out


def _direct_response(response: DirectResponse) -> JSON:
    out: JSON = {"status": response.status}
    if response.body is not None:
        out["body"] = _body(response.body, response.body_is_binary)
    return out


def _body(body: bytes, binary: bool) -> JSON:
    if not binary:
        try:
            return {"inlineString": body.decode()}
        except UnicodeDecodeError:
            pass
    return {"inlineBytes": b64encode(body).decode()}


def _regex_rewrite(rewrite: RegexRewrite) -> JSON:
    pattern = without_defaults({"regex": rewrite.pattern})
    return {"pattern": pattern} | without_defaults({"substitution": rewrite.substitution})


def _header(header: HeaderValue) -> JSON:
    out: JSON = {"header": without_defaults({"key": header.name, "value": header.value})}
    if not header.append:
        out["appendAction"] = "OVERWRITE_IF_EXISTS_OR_ADD"
    return out
