"""Fault injection and CORS of a rule. Source: Istio reference, "Virtual Service", HTTPFaultInjection and CorsPolicy."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any, Literal

from meshwright.frontends.istio.durations import parse_duration
from meshwright.frontends.istio.matches import string_match
from meshwright.frontends.istio.objects import entries, integer, section, text, texts
from meshwright.traffic import CorsPolicy, Fault, FaultAbort, FaultDelay, StringMatch

GRPC_STATUS = {
    name: number
    for number, name in enumerate(
        (
            "OK",
            "CANCELLED",
            "UNKNOWN",
            "INVALID_ARGUMENT",
            "DEADLINE_EXCEEDED",
            "NOT_FOUND",
            "ALREADY_EXISTS",
            "PERMISSION_DENIED",
            "RESOURCE_EXHAUSTED",
            "FAILED_PRECONDITION",
            "ABORTED",
            "OUT_OF_RANGE",
            "UNIMPLEMENTED",
            "INTERNAL",
            "UNAVAILABLE",
            "DATA_LOSS",
            "UNAUTHENTICATED",
        )
    )
}
_WHOLE: Literal[100] = 100
_MILLION: Literal[1_000_000] = 1_000_000


def percentage(value: object) -> float | None:
    """Return a ``Percent``'s value in steps of a ten-thousandth, ``None`` where there is none."""
    if not isinstance(value, dict):
        return None
    number = value.get("value", 0)
    try:
        return int(float(number) * 10_000) / 10_000
    except (TypeError, ValueError, OverflowError):
        return 0.0


def fault(written: object) -> Fault | None:
    """Return the injected faults, ``None`` where nothing is injected."""
    if not isinstance(written, dict):
        return None
    delay, abort = _delay(section(written.get("delay"))), _abort(section(written.get("abort")))
    return Fault(delay, abort) if delay or abort else None


def _delay(written: Mapping[str, Any]) -> FaultDelay | None:
    fixed = parse_duration(written.get("fixedDelay"))
    if fixed is None:
        return None
    percent = percentage(written.get("percentage"))
    if percent is None:
        return FaultDelay(fixed, float(integer(written.get("percent"))), 100)
    return FaultDelay(fixed, percent)


def _abort(written: Mapping[str, Any]) -> FaultAbort | None:
    """Return the abort; without a percentage it never happens."""
    share = percentage(written.get("percentage"))
    percent, denominator = (0.0, _WHOLE) if share is None else (share, _MILLION)
    if written.get("httpStatus") is not None:
        return FaultAbort(percent, http_status=integer(written["httpStatus"]), denominator=denominator)
    if written.get("grpcStatus") is not None:
        status = GRPC_STATUS.get(text(written["grpcStatus"]), 0)
        return FaultAbort(percent, grpc_status=status, denominator=denominator)
    return None


def cors_policy(written: object) -> CorsPolicy | None:
    """Return the CORS policy, ``None`` without one."""
    if not isinstance(written, dict):
        return None
    if entries(written.get("allowOrigins")):
        origins = tuple(match for origin in written["allowOrigins"] if (match := origin_match(origin)))
    else:
        origins = tuple(StringMatch("exact", origin) for origin in texts(written.get("allowOrigin")))
    credentials = written.get("allowCredentials")
    max_age = parse_duration(written.get("maxAge"))
    return CorsPolicy(
        allow_origins=origins,
        allow_methods=texts(written.get("allowMethods")),
        allow_headers=texts(written.get("allowHeaders")),
        expose_headers=texts(written.get("exposeHeaders")),
        max_age=None if max_age is None else timedelta(seconds=int(max_age.total_seconds())),
        allow_credentials=credentials if isinstance(credentials, bool) else None,
        forward_not_matching_preflights=written.get("unmatchedPreflights") != "IGNORE",
    )


def origin_match(value: object) -> StringMatch | None:
    """Return the condition on an origin; ``*`` as a regular expression is one like any other here."""
    condition = section(value)
    if "regex" in condition:
        return StringMatch("regex", text(condition["regex"]))
    return string_match(value)
