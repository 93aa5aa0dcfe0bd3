"""One rule of the routes of a host."""

from __future__ import annotations

from meshwright.charts.given import several
from meshwright.charts.overloads import overload
from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from collections.abc import Set as AbstractSet
    from datetime import timedelta
    from typing import Protocol, TypeAlias

    from meshwright.charts.backend import Target
    from meshwright.charts.cors import Cors
    from meshwright.charts.delegate import DelegateRoutes
    from meshwright.charts.fault import Fault
    from meshwright.charts.headers import HeaderChanges
    from meshwright.charts.match import Match
    from meshwright.charts.mirror import Mirror
    from meshwright.charts.redirect import DirectResponse, Redirect
    from meshwright.charts.retries import Retries
    from meshwright.charts.rewrite import Rewrite

    class Shares(Protocol):
        """A mapping of targets to percentages; unlike Mapping, it takes one of more special targets, too."""

        def items(self) -> AbstractSet[tuple[Target, int]]:
            """Targets with their percentages."""

    Destinations: TypeAlias = Target | Shares


ACTIONS = ("to", "redirect", "direct_response", "delegate")


class Route(Written):
    """One rule: the requests that one of ``match`` describes, and what becomes of them.

    Exactly one of ``to``, ``redirect``, ``direct_response`` and ``delegate`` is given.

    Args:
        to: A target, or targets with their shares in percent, which sum to 100.
        redirect: Where the client is sent.
        direct_response: What the proxy answers by itself.
        delegate: Routes that decide; they take over what this route says and they do not.
        match: Alternatives; without one the rule takes every request.
        name: Shown in access logs and by ``meshwright explain``.
        rewrite: Changes of path and host on the way to the target.
        timeout: For the whole request, retries included; Istio sets none by default.
        retries: How often a failed request is tried again; Istio tries two more times by default.
        fault: What goes wrong on purpose.
        mirror: Where copies of the requests go.
        cors: Which other origins browsers may call from.
        request_headers, response_headers: Changes of headers on the way to the target and back.

    Source: Istio reference, "Virtual Service", HTTPRoute.
    """

    __slots__ = (
        "cors",
        "delegate",
        "direct_response",
        "fault",
        "match",
        "mirror",
        "name",
        "redirect",
        "request_headers",
        "response_headers",
        "retries",
        "rewrite",
        "timeout",
        "to",
    )

    @overload
    def __init__(
        self,
        *,
        to: Destinations,
        match: Match | Sequence[Match] = (),
        name: str = "",
        rewrite: Rewrite | None = None,
        timeout: timedelta | None = None,
        retries: Retries | None = None,
        fault: Fault | None = None,
        mirror: Mirror | Sequence[Mirror] = (),
        cors: Cors | None = None,
        request_headers: HeaderChanges | None = None,
        response_headers: HeaderChanges | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        *,
        redirect: Redirect,
        match: Match | Sequence[Match] = (),
        name: str = "",
        cors: Cors | None = None,
        response_headers: HeaderChanges | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        *,
        direct_response: DirectResponse,
        match: Match | Sequence[Match] = (),
        name: str = "",
        cors: Cors | None = None,
        response_headers: HeaderChanges | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        *,
        delegate: DelegateRoutes,
        match: Match | Sequence[Match] = (),
        name: str = "",
        rewrite: Rewrite | None = None,
        timeout: timedelta | None = None,
        retries: Retries | None = None,
        fault: Fault | None = None,
        mirror: Mirror | Sequence[Mirror] = (),
        cors: Cors | None = None,
        request_headers: HeaderChanges | None = None,
        response_headers: HeaderChanges | None = None,
    ) -> None: ...
    def __init__(
        self,
        *,
        to: Destinations | None = None,
        redirect: Redirect | None = None,
        direct_response: DirectResponse | None = None,
        delegate: DelegateRoutes | None = None,
        match: Match | Sequence[Match] = (),
        name: str = "",
        rewrite: Rewrite | None = None,
        timeout: timedelta | None = None,
        retries: Retries | None = None,
        fault: Fault | None = None,
        mirror: Mirror | Sequence[Mirror] = (),
        cors: Cors | None = None,
        request_headers: HeaderChanges | None = None,
        response_headers: HeaderChanges | None = None,
    ) -> None:
        super().__init__()
        self.to = to
        self.redirect = redirect
        self.direct_response = direct_response
        self.delegate = delegate
        self.match = several(match)
        self.name = name
        self.rewrite = rewrite
        self.timeout = timeout
        self.retries = retries
        self.fault = fault
        self.mirror = several(mirror)
        self.cors = cors
        self.request_headers = request_headers
        self.response_headers = response_headers

    def given(self, *fields: str) -> list[str]:
        """Return those of ``fields`` that it was given."""
        return [field for field in fields if getattr(self, field) not in (None, ())]
