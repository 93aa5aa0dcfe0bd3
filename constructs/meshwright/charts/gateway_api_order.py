"""An HTTPRoute tries the most specific match first, whatever the order of its rules: where that changes an answer."""

from __future__ import annotations

from meshwright.charts.match import Match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshwright.charts.match import Condition
    from meshwright.charts.problem import Part
    from meshwright.charts.route import Route

_RANK = {"exact": 3, "prefix": 2, "below": 2, "": 2, "regex": 1}
_ANY = Match()


def check_order(routes: Sequence[Route], parts: Sequence[Part]) -> None:
    """Tell which routes an HTTPRoute would try before earlier ones that take some of the same requests."""
    placed = [(position, match) for position, route in enumerate(routes) for match in route.match or (_ANY,)]
    told: set[tuple[int, int]] = set()
    for index, (later, match) in enumerate(placed):
        for earlier, before in placed[:index]:
            if earlier == later or (earlier, later) in told or rank(match) <= rank(before) or _disjoint(before, match):
                continue
            told.add((earlier, later))
            parts[later].problem(
                f"the order of routes has no place in an HTTPRoute, which would try it ({match}) "
                f"before {parts[earlier].said} ({before})",
                f"Put it above {parts[earlier].said} if that is meant, or take api='istio'",
            )


def rank(match: Match) -> tuple[int, int, bool, int, int]:
    """Return what HTTPRoute orders matches by, the highest first.

    Source: Gateway API reference, "HTTPRouteRule", matches; Istio, which ranks regular expressions last.
    """
    fields = [field for field, _, _, _ in match.conditions]
    path = match.path or "/"
    return (
        _RANK[match.path_kind],
        len(path),
        "method" in fields,
        fields.count("headers"),
        fields.count("query_params"),
    )


def _disjoint(one: Match, other: Match) -> bool:
    """Whether no request matches both; False where that is not certain."""
    return any(_exclude(a, b) for a in one.conditions for b in other.conditions if a[:2] == b[:2])


def _exclude(one: Condition, other: Condition) -> bool:
    field, _, kind, value = one
    other_kind, other_value = other[2:]
    if "regex" in (kind, other_kind) or not kind or not other_kind:
        return False
    if field == "query_params" and (kind, other_kind) != ("exact", "exact"):
        return False
    if kind == other_kind == "exact":
        return value != other_value
    for wide, inner, inner_kind in ((one, other_value, other_kind), (other, value, kind)):
        wide_kind, start = wide[2:]
        if wide_kind == "prefix" and inner.startswith(start):
            return False
        if wide_kind == "below" and (start == "/" or inner == start or inner.startswith(start + "/")):
            return False
        if inner_kind == "prefix" and wide_kind == "below" and start.startswith(inner):
            return False
    return True
