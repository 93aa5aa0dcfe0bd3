"""Which requests a route takes: conditions that must all hold."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.imports.istio.networking import HTTPMatchRequest


class Match:
    """Conditions on one request; all must hold. Several matches of a route are alternatives.

    Start with a path and narrow it: ``Match.prefix("/api").method("GET").header("end-user", exact="jason")``.
    Each step returns a new match. ``Match.any()`` starts without a path.

    Source: Istio reference, "Virtual Service", HTTPMatchRequest.
    """

    __slots__ = ("_conditions",)

    def __init__(self, conditions: tuple[tuple[str, str, str, str], ...] = ()) -> None:
        self._conditions = conditions

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Match) and sorted(self._conditions) == sorted(other._conditions)

    def __hash__(self) -> int:
        return hash(tuple(sorted(self._conditions)))

    def __repr__(self) -> str:
        said = (f"{field} {name} {kind} {value}".replace("  ", " ") for field, name, kind, value in self._conditions)
        return ", ".join(said) or "any request"

    @property
    def is_empty(self) -> bool:
        """Whether every request matches."""
        return not self._conditions

    @staticmethod
    def any() -> Match:
        """Every request, to be narrowed."""
        return Match()

    @staticmethod
    def prefix(path: str) -> Match:
        """Paths that start with these characters: ``/foo`` takes ``/foobar`` too."""
        return Match((("uri", "", "prefix", path),))

    @staticmethod
    def exact(path: str) -> Match:
        """This path alone, with any query."""
        return Match((("uri", "", "exact", path),))

    @staticmethod
    def regex(path: str) -> Match:
        """Paths that this RE2 expression matches from start to end."""
        return Match((("uri", "", "regex", path),))

    def method(self, method: str) -> Match:
        """Only this HTTP method."""
        return self._and("method", "", "exact", method)

    def authority(self, *, exact: str | None = None, prefix: str | None = None, regex: str | None = None) -> Match:
        """Only this Host header."""
        return self._and("authority", "", *_one("authority", exact, prefix, regex))

    def header(
        self, name: str, *, exact: str | None = None, prefix: str | None = None, regex: str | None = None
    ) -> Match:
        """Only with this header; without a condition on its value, it has to be there."""
        return self._and("headers", name.lower(), *_one(name, exact, prefix, regex, presence=True))

    def without_header(
        self, name: str, *, exact: str | None = None, prefix: str | None = None, regex: str | None = None
    ) -> Match:
        """Only requests for which ``header`` with the same arguments does not hold."""
        return self._and("without_headers", name.lower(), *_one(name, exact, prefix, regex, presence=True))

    def query(
        self, name: str, *, exact: str | None = None, prefix: str | None = None, regex: str | None = None
    ) -> Match:
        """Only with this query parameter."""
        return self._and("query_params", name, *_one(name, exact, prefix, regex))

    def _and(self, field: str, name: str, kind: str, value: str) -> Match:
        return Match((*self._conditions, (field, name, kind, value)))

    def to_istio(self) -> HTTPMatchRequest:
        """Return the level-1 message."""
        fields: dict[str, object] = {}
        for field, name, kind, value in self._conditions:
            condition = {kind: value} if kind else {}
            if name:
                named = fields.setdefault(field, {})
                assert isinstance(named, dict)
                named[name] = condition
            else:
                fields[field] = condition
        return fields  # type: ignore[return-value]  # its keys are this class's own words for that message's fields


def _one(
    name: str, exact: str | None, prefix: str | None, regex: str | None, *, presence: bool = False
) -> tuple[str, str]:
    given = [
        (kind, value) for kind, value in (("exact", exact), ("prefix", prefix), ("regex", regex)) if value is not None
    ]
    if not given and presence:
        return "", ""
    if len(given) != 1:
        raise TypeError(f"{name}: give one of exact, prefix, regex")
    return given[0]
