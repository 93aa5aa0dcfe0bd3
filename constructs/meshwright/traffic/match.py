"""What a request has to look like for a route to take it. Source: Envoy docs, "config.route.v3.RouteMatch"."""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class StringMatch:
    """A condition on one value. ``regex`` is RE2 on the whole value; ``ignore_case`` never applies to it."""

    kind: Literal["exact", "prefix", "suffix", "contains", "regex"]
    value: str
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class PathMatch:
    """A condition on the path, without its query, after Envoy's normalisation.

    ``prefix`` compares characters (``/foo`` takes ``/foobar``), ``separated_prefix`` whole segments, ``regex`` is
    RE2 on the whole path, where ``ignore_case`` has no effect.
    """

    kind: Literal["exact", "prefix", "separated_prefix", "regex", "connect"]
    value: str
    ignore_case: bool = False


@dataclass(frozen=True, slots=True)
class HeaderMatch:
    """A condition on one header; ``:authority``, ``:method`` and ``:scheme`` are headers too.

    Args:
        name: Lower case.
        value: ``None`` asks only whether the header is there.
        present: Used when ``value`` is ``None``: ``False`` asks for absence.
        invert: Turns the answer round. A missing header fails a value condition before this is applied unless
            ``missing_is_empty`` (Envoy docs, "config.route.v3.HeaderMatcher").
        missing_is_empty: A missing header is compared as if it were there with an empty value.
    """

    name: str
    value: StringMatch | None = None
    present: bool = True
    invert: bool = False
    missing_is_empty: bool = False


@dataclass(frozen=True, slots=True)
class QueryMatch:
    """A condition on the first query parameter of this name; ``value`` ``None`` asks only whether it is there."""

    name: str
    value: StringMatch | None = None


@dataclass(frozen=True, slots=True)
class ClaimMatch:
    """A condition on a claim of the token that the proxy verified; ``path`` leads into nested claims.

    Without a verified token no claim is there: the condition fails, and holds when it is inverted.
    """

    path: tuple[str, ...]
    value: StringMatch | None = None
    invert: bool = False


@dataclass(frozen=True, slots=True)
class RouteMatch:
    """All conditions of one route; each must hold.

    ``implied`` says that nobody wrote a condition (a rule without match, the default route of a Service); it only
    matters for how istiod writes the match, and compares equal whatever it holds.
    """

    path: PathMatch
    headers: tuple[HeaderMatch, ...] = ()
    query: tuple[QueryMatch, ...] = ()
    claims: tuple[ClaimMatch, ...] = ()
    implied: bool = field(default=False, compare=False)
