"""Which other origins a browser may call from."""

from __future__ import annotations

from meshwright.charts.duration import duration
from meshwright.charts.given import several
from meshwright.charts.regex import check_regex

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import timedelta
    from typing import Literal, TypeAlias

    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import CorsPolicy

    Method: TypeAlias = Literal["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*"]

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "CONNECT", "OPTIONS", "TRACE", "*")
_TEXTS = (
    "allow_origins",
    "allow_origin_prefixes",
    "allow_origin_regexes",
    "allow_methods",
    "allow_headers",
    "expose_headers",
)


class Cors:
    """Let pages of other origins call a route from a browser.

    Args:
        allow_origins: Whole origins: ``https://shop.example.com``; ``*`` for every one.
        allow_origin_prefixes, allow_origin_regexes: Further ones, by their start or by an RE2 expression for the whole.
        allow_methods: HTTP methods.
        allow_headers: Headers that requests may carry.
        expose_headers: Headers of answers that pages may read.
        max_age: How long a browser may remember the answer, in whole seconds.
        allow_credentials: Whether cookies may come along.
        unmatched_preflights: Whether preflight requests of other origins are sent on (``FORWARD``, Istio's default) or
            answered by the proxy (``IGNORE``).

    Source: Istio reference, "Virtual Service", CorsPolicy.
    """

    __slots__ = (
        "allow_credentials",
        "allow_headers",
        "allow_methods",
        "allow_origin_prefixes",
        "allow_origin_regexes",
        "allow_origins",
        "expose_headers",
        "max_age",
        "unmatched_preflights",
    )

    def __init__(
        self,
        *,
        allow_origins: Sequence[str] = (),
        allow_origin_prefixes: Sequence[str] = (),
        allow_origin_regexes: Sequence[str] = (),
        allow_methods: Sequence[Method] = (),
        allow_headers: Sequence[str] = (),
        expose_headers: Sequence[str] = (),
        max_age: timedelta | None = None,
        allow_credentials: bool | None = None,
        unmatched_preflights: Literal["FORWARD", "IGNORE"] | None = None,
    ) -> None:
        self.allow_origins = several(allow_origins)
        self.allow_origin_prefixes = several(allow_origin_prefixes)
        self.allow_origin_regexes = several(allow_origin_regexes)
        self.allow_methods = several(allow_methods)
        self.allow_headers = several(allow_headers)
        self.expose_headers = several(expose_headers)
        self.max_age = max_age
        self.allow_credentials = allow_credentials
        self.unmatched_preflights = unmatched_preflights

    def check(self, part: Part) -> None:
        """Tell what is wrong with it."""
        if not (self.allow_origins or self.allow_origin_prefixes or self.allow_origin_regexes):
            part.problem("cors allows no origin", 'Give allow_origins, ["*"] for every one')
        for field in _TEXTS:
            for value in getattr(self, field):
                if not isinstance(value, str):
                    part.problem(f"cors.{field} has {value!r}", "Give texts")
            setattr(self, field, tuple(value for value in getattr(self, field) if isinstance(value, str)))
        for origin in self.allow_origins:
            if origin != "*" and ("://" not in origin or "/" in origin.partition("://")[2] or "*" in origin):
                part.problem(
                    f"cors.allow_origins has {origin!r}, which no browser sends",
                    "Give scheme://host or scheme://host:port, or use allow_origin_prefixes or allow_origin_regexes",
                )
        for expression in self.allow_origin_regexes:
            check_regex(expression, "cors.allow_origin_regexes", part)
        for method in self.allow_methods:
            if method not in METHODS:
                part.problem(f"cors.allow_methods has {method!r}", f"Give some of {', '.join(METHODS)}")
        if self.unmatched_preflights not in (None, "FORWARD", "IGNORE"):
            part.problem(f"cors.unmatched_preflights is {self.unmatched_preflights!r}", "Give FORWARD or IGNORE")

    def to_istio(self, part: Part) -> CorsPolicy:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import CorsPolicy, StringMatch

        self.check(part)
        max_age = duration(self.max_age, "cors.max_age", part)
        if max_age is not None and "." in max_age:
            part.problem(f"cors.max_age is {self.max_age}", "Give whole seconds")
        origins = [
            *(StringMatch(exact=origin) for origin in self.allow_origins),
            *(StringMatch(prefix=origin) for origin in self.allow_origin_prefixes),
            *(StringMatch(regex=origin) for origin in self.allow_origin_regexes),
        ]
        known = self.unmatched_preflights in ("FORWARD", "IGNORE")
        return CorsPolicy(
            allow_origins=origins or None,
            allow_methods=list(self.allow_methods) or None,
            allow_headers=list(self.allow_headers) or None,
            expose_headers=list(self.expose_headers) or None,
            max_age=max_age,
            allow_credentials=self.allow_credentials,
            unmatched_preflights=self.unmatched_preflights if known else None,
        )
