"""Retry policies. Source: Istio reference, "Virtual Service", HTTPRetry."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from meshwright.frontends.istio.durations import parse_duration
from meshwright.frontends.istio.objects import integer, text
from meshwright.traffic import RetryPolicy

_RETRY_ON = "connect-failure,refused-stream,unavailable,cancelled,retriable-status-codes"
_STATUS_CODES = frozenset(status.value for status in HTTPStatus)
_NUMBER = re.compile(r"[+-]?\d+")

DEFAULT = RetryPolicy(attempts=2, retry_on=_RETRY_ON)
"""What istiod asks for when neither the rule nor the mesh says anything."""

DEFAULT_WITH_HASH = RetryPolicy(attempts=2, retry_on=_RETRY_ON, avoid_previous_hosts=False)
"""The same where consistent hashing chooses the host, which a retry shall not leave."""


def retry_policy(written: Mapping[str, Any] | None, *, consistent_hash: bool) -> RetryPolicy | None:
    """Return the policy in effect, ``None`` where retries are off (``attempts: 0``).

    Args:
        written: The rule's policy or the mesh default; ``None``: nobody says.
        consistent_hash: The destination is chosen by consistent hashing.
    """
    if written is None:
        return DEFAULT_WITH_HASH if consistent_hash else DEFAULT
    attempts = integer(written.get("attempts"))
    if attempts <= 0:
        return None
    conditions = text(written.get("retryOn"))
    retry_on, codes = _conditions(conditions) if conditions else (_RETRY_ON, ())
    ignore_previous = written.get("retryIgnorePreviousHosts")
    return RetryPolicy(
        attempts=attempts,
        retry_on=retry_on,
        per_try_timeout=parse_duration(written.get("perTryTimeout")),
        retriable_status_codes=codes,
        avoid_previous_hosts=ignore_previous if isinstance(ignore_previous, bool) else not consistent_hash,
        previous_priorities_every=2 if written.get("retryRemoteLocalities") is True else None,
        backoff=parse_duration(written.get("backoff")),
    )


def _conditions(retry_on: str) -> tuple[str, tuple[int, ...]]:
    """Split conditions into names and status codes."""
    names: list[str] = []
    codes: list[int] = []
    for part in filter(None, map(str.strip, retry_on.split(","))):
        if _NUMBER.fullmatch(part) and int(part) in _STATUS_CODES:
            codes.append(int(part))
        else:
            names.append(part)
    joined = ",".join(names)
    if codes and "retriable-status-codes" not in joined:
        joined += ",retriable-status-codes"
    return joined, tuple(codes)
