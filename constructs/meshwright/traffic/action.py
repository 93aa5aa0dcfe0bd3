"""What happens to a request that a route took. Source: Envoy docs, "config.route.v3.RouteAction" and neighbours.

Fields that compare equal whatever they hold (``denominator``, ``split``, ``body_is_binary``) say only how istiod writes
a value; traffic does not depend on them.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal

from meshwright.traffic.match import StringMatch


@dataclass(frozen=True, slots=True)
class HeaderValue:
    """A header that is set on the way; ``append`` keeps a value that is there already and adds a second one."""

    name: str
    value: str
    append: bool = False


@dataclass(frozen=True, slots=True)
class HeaderChanges:
    """Headers added to and removed from the request and its response, in the order of the lists."""

    request_add: tuple[HeaderValue, ...] = ()
    request_remove: tuple[str, ...] = ()
    response_add: tuple[HeaderValue, ...] = ()
    response_remove: tuple[str, ...] = ()


NO_CHANGES = HeaderChanges()


@dataclass(frozen=True, slots=True)
class WeightedCluster:
    """One destination of a split. ``weight`` is a share of the sum of all weights, not a percentage."""

    name: str
    weight: int = 1
    host_rewrite: str | None = None
    header_changes: HeaderChanges = NO_CHANGES


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """When and how often a request is tried again; ``attempts`` comes on top of the first try."""

    attempts: int
    retry_on: str
    per_try_timeout: timedelta | None = None
    retriable_status_codes: tuple[int, ...] = ()
    avoid_previous_hosts: bool = True
    host_selection_attempts: int = 5
    previous_priorities_every: int | None = None
    backoff: timedelta | None = None


@dataclass(frozen=True, slots=True)
class RegexRewrite:
    """RE2 pattern and substitution (``\\1`` is the first group) applied to the path without its query."""

    pattern: str
    substitution: str


@dataclass(frozen=True, slots=True)
class MirrorPolicy:
    """A copy of the request goes to ``cluster``, its answer is thrown away. ``percent`` is 0 to 100.

    ``denominator`` is 100 where Istio was given a whole number or nothing, and a million for its ``Percent``.
    """

    cluster: str
    percent: float = 100.0
    denominator: Literal[100, 1_000_000] = field(default=1_000_000, compare=False)


@dataclass(frozen=True, slots=True)
class HashPolicy:
    """What consistent hashing takes to choose an endpoint; a cookie that Envoy makes lives ``ttl_ns`` nanoseconds."""

    kind: Literal["header", "cookie", "source_ip", "query"]
    name: str = ""
    ttl_ns: int | None = None
    path: str = ""
    attributes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class FaultDelay:
    """Wait ``fixed`` before forwarding, for ``percent`` (0 to 100) of the requests."""

    fixed: timedelta
    percent: float
    denominator: Literal[100, 1_000_000] = field(default=1_000_000, compare=False)


@dataclass(frozen=True, slots=True)
class FaultAbort:
    """Answer at once instead of forwarding, for ``percent`` (0 to 100) of the requests; one of the two codes is set."""

    percent: float
    http_status: int | None = None
    grpc_status: int | None = None
    denominator: Literal[100, 1_000_000] = field(default=1_000_000, compare=False)


@dataclass(frozen=True, slots=True)
class Fault:
    """Injected faults; a delay comes before an abort."""

    delay: FaultDelay | None = None
    abort: FaultAbort | None = None


@dataclass(frozen=True, slots=True)
class CorsPolicy:
    """Answers to cross-origin requests."""

    allow_origins: tuple[StringMatch, ...] = ()
    allow_methods: tuple[str, ...] = ()
    allow_headers: tuple[str, ...] = ()
    expose_headers: tuple[str, ...] = ()
    max_age: timedelta | None = None
    allow_credentials: bool | None = None
    forward_not_matching_preflights: bool | None = None


@dataclass(frozen=True, slots=True)
class Forward:
    """Send the request on.

    Args:
        clusters: One, or several that share by weight. Empty: there is none, and Envoy answers 500.
        timeout: For the whole request; ``None`` or zero: none.
        retries: ``None``: no retries.
        host_rewrite: New authority. A cluster of a split may have its own.
        cluster_not_found_status: What Envoy answers when the cluster does not exist (503 unless said).
        split: Several destinations were written, even where one of them has all the weight.
    """

    clusters: tuple[WeightedCluster, ...]
    timeout: timedelta | None = None
    retries: RetryPolicy | None = None
    prefix_rewrite: str | None = None
    regex_rewrite: RegexRewrite | None = None
    host_rewrite: str | None = None
    auto_host_rewrite: bool = False
    append_x_forwarded_host: bool = False
    mirrors: tuple[MirrorPolicy, ...] = ()
    hash_policies: tuple[HashPolicy, ...] = ()
    cluster_not_found_status: int | None = None
    idle_timeout: timedelta | None = None
    max_stream_duration: timedelta | None = None
    split: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Redirect:
    """Answer with a Location header; parts that are ``None`` stay as the client sent them."""

    status: int = 301
    host: str | None = None
    path: str | None = None
    prefix: str | None = None
    regex: RegexRewrite | None = None
    scheme: str | None = None
    https: bool = False
    port: int | None = None


@dataclass(frozen=True, slots=True)
class DirectResponse:
    """Answer at once with this status and body."""

    status: int
    body: bytes | None = None
    body_is_binary: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class NoAction:
    """Nothing says what happens; Envoy refuses all of a RouteConfiguration that has such a route."""


Action = Forward | Redirect | DirectResponse | NoAction
"""The one thing that a route does."""
