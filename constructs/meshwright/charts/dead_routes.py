"""Routes that no request can reach, because an earlier one takes them all. Only what is certain counts."""

from __future__ import annotations

from meshwright.charts.match import Match

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshwright.charts.match import Condition
    from meshwright.charts.route import Route

_ANY = Match()


def dead_matches(routes: Sequence[Route]) -> list[tuple[int, Match, int]]:
    """Find matches that earlier routes take first: position of the route, the match, position of the earlier route.

    What delegates do not take is tried by the routes after them, so that only those with a rule for the rest count.
    """
    found = []
    earlier: list[tuple[int, Match]] = []
    for position, route in enumerate(routes):
        matches = route.match or (_ANY,)
        for match in matches:
            winner = next((before for before, taken in earlier if covers(taken, match)), None)
            if winner is not None:
                found.append((position, match, winner))
        if route.delegate is None or any(not own.match for own in route.delegate.routes):
            earlier += [(position, match) for match in matches]
    return found


def covers(first: Match, later: Match) -> bool:
    """Whether each request that ``later`` takes is taken by ``first`` too; False where that is not certain."""
    loose = _ignores_case(first)
    for condition in first.conditions:
        field = condition[0]
        if field == "ignore_uri_case" or _every_path(condition):
            continue
        if field == "uri" and _ignores_case(later) and not loose:
            return False
        if field == "gateways":
            own, wanted = _gateways(later), _gateways(first)
            if not own or not own <= wanted:
                return False
        elif not any(_implies(given, condition, loose) for given in later.conditions):
            return False
    return True


def _gateways(match: Match) -> set[str]:
    return {name for field, name, _, _ in match.conditions if field == "gateways"}


def _ignores_case(match: Match) -> bool:
    return any(field == "ignore_uri_case" for field, _, _, _ in match.conditions)


def _every_path(condition: Condition) -> bool:
    field, _, kind, value = condition
    return field == "uri" and ((kind in ("prefix", "below") and value == "/") or (kind == "regex" and value == ".*"))


def _implies(given: Condition, wanted: Condition, loose: bool) -> bool:
    """Whether a request for which ``given`` holds is one for which ``wanted`` holds."""
    if given[:2] != wanted[:2]:
        return False
    field, _, kind, value = wanted
    given_kind, given_value = given[2:]
    if field == "uri":
        if loose:
            value, given_value = value.lower(), given_value.lower()
        return _path_implies(given_kind, given_value, kind, value)
    if given[2:] == wanted[2:]:
        return True
    if field in ("headers", "query_params", "method", "authority"):
        if not kind:
            return True
        return kind == "prefix" and given_kind in ("exact", "prefix") and given_value.startswith(value)
    return False


def _path_implies(given_kind: str, given: str, kind: str, wanted: str) -> bool:
    if (given_kind, given) == (kind, wanted):
        return True
    if kind == "prefix":
        return given_kind in ("exact", "prefix", "below") and given.startswith(wanted)
    if kind == "below":
        inside = given.startswith(wanted + "/")
        return (given_kind in ("exact", "below") and (given == wanted or inside)) or (given_kind == "prefix" and inside)
    return False
