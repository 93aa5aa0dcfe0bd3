"""What an HTTP rule does besides routing: CORS, faults, answers of its own, redirects, rewrites, retries."""

import base64
import binascii
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.headers import cors_name_flaw
from meshwright.checks.validation.numbers import number
from meshwright.checks.validation.values import (
    duration_flaw,
    fraction_flaw,
    http_status_flaw,
    port_flaw,
    regex_flaw,
)
from meshwright.frontends.istio.durations import parse_nanoseconds
from meshwright.frontends.istio.faults import GRPC_STATUS
from meshwright.frontends.istio.objects import entries, integer, section, text, texts

_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*"})
_RETRY_ON = frozenset(
    [
        "5xx",
        "gateway-error",
        "reset",
        "reset-before-request",
        "connect-failure",
        "retriable-4xx",
        "refused-stream",
        "retriable-status-codes",
        "retriable-headers",
        "envoy-ratelimited",
        "http3-post-connect-failure",
        "cancelled",
        "deadline-exceeded",
        "internal",
        "resource-exhausted",
        "unavailable",
    ]
)
"""Source: Envoy docs, "HTTP router", x-envoy-retry-on and x-envoy-retry-grpc-on."""
_STATUSES = frozenset(status.value for status in HTTPStatus)
"""Source: IANA, "HTTP Status Code Registry"."""
_LARGE, _TOO_LARGE = 100 * 1024, 1024 * 1024


def cors_faults(path: str, policy: Mapping[str, Any]) -> Faults:
    """Judge a CORS policy."""
    for place, origin in enumerate(map(section, entries(policy.get("allowOrigins")))):
        where = f"{path}.allowOrigins[{place}]"
        if not any(text(origin.get(way)) for way in ("exact", "prefix", "regex")):
            yield Fault(where, "an origin is empty", "Give it exact, prefix or regex.")
        elif "regex" in origin:
            yield from at(f"{where}.regex", regex_flaw(text(origin["regex"])))
    for place, method in enumerate(texts(policy.get("allowMethods"))):
        if method not in _METHODS:
            remedy = "Name a method in capitals, or *."
            yield Fault(f"{path}.allowMethods[{place}]", f'"{method}" is no method', remedy)
    for field in ("allowHeaders", "exposeHeaders"):
        for place, name in enumerate(texts(policy.get(field))):
            yield from at(f"{path}.{field}[{place}]", cors_name_flaw(name))
    age = policy.get("maxAge")
    yield from at(f"{path}.maxAge", duration_flaw(age))
    if (parse_nanoseconds(age) or 0) % 1_000_000_000 > 0 and duration_flaw(age) is None:
        yield Fault(f"{path}.maxAge", f"{age} is no whole number of seconds", "Round it to seconds.")


def fault_faults(path: str, fault: Mapping[str, Any]) -> Faults:
    """Judge an injected fault."""
    abort, delay = fault.get("abort"), fault.get("delay")
    if not isinstance(abort, dict) and not isinstance(delay, dict):
        yield Fault(path, "the fault neither aborts nor delays", "Give it an abort or a delay.")
    if isinstance(abort, dict):
        yield from _abort_faults(f"{path}.abort", abort)
    if isinstance(delay, dict):
        where = f"{path}.delay"
        yield from at(f"{where}.percentage.value", fraction_flaw(number(section(delay.get("percentage")).get("value"))))
        yield from at(f"{where}.fixedDelay", duration_flaw(delay.get("fixedDelay")))
        if delay.get("exponentialDelay") is not None:
            yield Fault(f"{where}.exponentialDelay", "Istio has no exponential delay", "Use fixedDelay.")


def _abort_faults(path: str, abort: Mapping[str, Any]) -> Faults:
    yield from at(f"{path}.percentage.value", fraction_flaw(number(section(abort.get("percentage")).get("value"))))
    if abort.get("grpcStatus") is not None:
        status = text(abort["grpcStatus"])
        if status not in GRPC_STATUS:
            remedy = "Name one in capitals, such as NOT_FOUND."
            yield Fault(f"{path}.grpcStatus", f'"{status}" is no status of gRPC', remedy)
    elif abort.get("http2Error") is not None:
        yield Fault(f"{path}.http2Error", "Istio does not abort with errors of HTTP/2", "Use httpStatus.")
    elif abort.get("httpStatus") is not None:
        yield from at(f"{path}.httpStatus", http_status_flaw(integer(abort["httpStatus"])))


def direct_response_faults(path: str, response: Mapping[str, Any]) -> Faults:
    """Judge an answer of the proxy's own."""
    size = _size(section(response.get("body")))
    if size is None:
        yield Fault(f"{path}.body.bytes", "it is not written in base64", "Encode it, or use string.")
    elif size > _LARGE:
        wrong = f"the body has {size // 1024} KiB, which every proxy gets from istiod"
        yield Fault(f"{path}.body", wrong, "Serve it from a workload.", warning=size <= _TOO_LARGE)
    yield from at(f"{path}.status", http_status_flaw(integer(response.get("status"))))


def _size(body: Mapping[str, Any]) -> int | None:
    if "string" in body:
        return len(text(body["string"]).encode())
    try:
        return len(base64.b64decode(text(body.get("bytes")), validate=True))
    except (binascii.Error, ValueError):
        return None


def redirect_faults(path: str, redirect: Mapping[str, Any], matches: list[Any]) -> Faults:
    """Judge a redirect."""
    uri, prefix = text(redirect.get("uri")), text(redirect.get("prefixRewrite"))
    scheme, code = text(redirect.get("scheme")), integer(redirect.get("redirectCode"))
    if uri and prefix:
        yield Fault(f"{path}.prefixRewrite", "the redirect has uri and prefixRewrite", "Keep one of the two.")
    elif prefix and any(_other_path(match) for match in matches):
        wrong = "prefixRewrite replaces a prefix, and a match of the rule has none"
        yield Fault(f"{path}.prefixRewrite", wrong, "Match by prefix, or use uri.")
    target = uri or prefix or text(redirect.get("authority")) or scheme
    if not target and redirect.get("port") is None and redirect.get("derivePort") is None:
        yield Fault(path, "the redirect changes nothing", "Give it uri, authority, scheme or port.")
    if code and not 300 <= code <= 399:
        yield Fault(f"{path}.redirectCode", f"{code} is no status of a redirect", "Give 300 to 399.")
    if scheme not in ("", "http", "https"):
        yield Fault(f"{path}.scheme", f'"{scheme}" is no scheme to redirect to', "Give http or https.")
    if integer(redirect.get("port")) > 0:
        yield from at(f"{path}.port", port_flaw(integer(redirect["port"])))


def _other_path(match: object) -> bool:
    uri = section(match).get("uri")
    return isinstance(uri, dict) and "prefix" not in uri


def rewrite_faults(path: str, rewrite: Mapping[str, Any]) -> Faults:
    """Judge a rewrite."""
    uri, regex = text(rewrite.get("uri")), rewrite.get("uriRegexRewrite")
    if uri and isinstance(regex, dict):
        yield Fault(f"{path}.uriRegexRewrite", "the rewrite has uri and uriRegexRewrite", "Keep one of the two.")
    elif not uri and not isinstance(regex, dict) and not text(rewrite.get("authority")):
        yield Fault(path, "the rewrite changes nothing", "Give it uri, uriRegexRewrite or authority.")
    if not isinstance(regex, dict):
        return
    for field in ("match", "rewrite"):
        if not text(regex.get(field)):
            yield Fault(f"{path}.uriRegexRewrite.{field}", f"{field} is empty", "Give match and rewrite.")
    yield from at(f"{path}.uriRegexRewrite.match", regex_flaw(text(regex.get("match"))))


def retry_faults(path: str, retries: Mapping[str, Any]) -> Faults:
    """Judge retries."""
    attempts = integer(retries.get("attempts"))
    if attempts < 0:
        yield Fault(f"{path}.attempts", f"attempts is {attempts}", "Give 0 or more.")
    if not attempts:
        for field in ("perTryTimeout", "retryOn", "retryRemoteLocalities"):
            if retries.get(field) not in (None, ""):
                wrong = f"without attempts there is no retry, and {field} says how to retry"
                yield Fault(f"{path}.{field}", wrong, f"Give attempts, or remove {field}.")
    for field in ("perTryTimeout", "backoff"):
        yield from at(f"{path}.{field}", duration_flaw(retries.get(field)))
    on = text(retries.get("retryOn"))
    for reason in on.split(",") if on else ():
        if reason not in _RETRY_ON and not _is_status(reason):
            remedy = "Name conditions of Envoy or statuses, joined by commas without spaces: 5xx,reset,503."
            yield Fault(f"{path}.retryOn", f'"{reason}" is no reason to retry', remedy)


def _is_status(reason: str) -> bool:
    digits = reason.removeprefix("+")
    if not (digits.isascii() and digits.isdigit()):
        return False
    return int(digits) in _STATUSES
