"""What happens to a request: the facts, from which steps and reasons are told only when somebody asks."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal

from meshwright.traffic import (
    Fault,
    FilterChain,
    Forward,
    Listener,
    MirrorPolicy,
    Request,
    RetryPolicy,
    Route,
    RouteConfiguration,
    RouteTable,
    Unknown,
    VirtualHost,
    WeightedCluster,
)

if TYPE_CHECKING:
    from meshwright.analysis.steps import RouteWords
    from meshwright.analysis.subject import Subject

Outcome = Literal["route", "redirect", "direct_response", "no_route", "no_listener", "unknown"]

Reason = Literal[
    "route",
    "tcp",
    "redirect",
    "direct_response",
    "requires_tls",
    "preflight",
    "aborted",
    "no_clusters",
    "cluster_missing",
    "bad_request",
    "no_virtual_host",
    "no_route",
    "no_listener",
    "no_chain",
    "plaintext_to_tls",
    "tls_to_plaintext",
    "unknown",
]


@dataclass(frozen=True, slots=True)
class Decision:
    """Where one request goes through one proxy.

    Args:
        reason: Finer than ``outcome``: what of Envoy decided.
        status: What Envoy itself answers; ``None`` when the destination answers.
        path, authority: What the destination is sent, or what Envoy compared when none is.
        location: Where a redirect leads.
        domain: The entry of the virtual host's domains that took the authority.
        unknown: What the model does not cover and may change this very answer.
        subject: The request as virtual hosts and routes compared it; ``None`` where it came to none.
        words: What was told of routes before, shared by the decisions of one ``Decider``.
    """

    table: RouteTable
    request: Request
    outcome: Outcome
    reason: Reason
    status: int | None = None
    path: str = ""
    authority: str = ""
    location: str | None = None
    listener: Listener | None = None
    chain: FilterChain | None = None
    configuration: RouteConfiguration | None = None
    virtual_host: VirtualHost | None = None
    domain: str = ""
    route: Route | None = None
    unknown: Unknown | None = None
    subject: "Subject | None" = field(default=None, repr=False, compare=False)
    words: "dict[int, RouteWords]" = field(default_factory=dict, repr=False, compare=False)

    @property
    def clusters(self) -> tuple[WeightedCluster, ...]:
        """The destinations that share the request by weight; empty when Envoy answers by itself."""
        if self.outcome != "route":
            return ()
        if self.reason == "tcp":
            return self.chain.tcp.clusters if self.chain is not None and self.chain.tcp is not None else ()
        forward = self._forward
        return forward.clusters if forward is not None else ()

    @property
    def timeout(self) -> timedelta | None:
        """How long the request may take in all; ``None``: as long as it likes."""
        forward = self._forward
        return (forward.timeout or None) if forward is not None else None

    @property
    def retries(self) -> RetryPolicy | None:
        """When it is tried again; ``None``: never."""
        forward = self._forward
        policy = forward.retries if forward is not None else None
        return policy if policy is not None and policy.attempts > 0 else None

    @property
    def mirrors(self) -> tuple[MirrorPolicy, ...]:
        """Who gets a copy."""
        forward = self._forward
        return forward.mirrors if forward is not None else ()

    @property
    def fault(self) -> Fault | None:
        """The faults that are injected on this route."""
        return self.route.fault if self.route is not None else None

    @property
    def steps(self) -> tuple[str, ...]:
        """How the answer came about, one sentence a step."""
        from meshwright.analysis.steps import steps_of  # told only when asked

        return steps_of(self)

    @property
    def because(self) -> str:
        """The answer's reason in one sentence."""
        from meshwright.analysis.reasons import because_of  # told only when asked

        return because_of(self)

    @property
    def _forward(self) -> Forward | None:
        action = self.route.action if self.route is not None and self.outcome == "route" else None
        return action if isinstance(action, Forward) else None
