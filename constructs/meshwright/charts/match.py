"""Which requests a route takes: conditions that must all hold."""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping
    from typing import Any, Literal, TypeAlias

    from meshwright.charts.environment import Environment
    from meshwright.charts.http_app import HttpApp
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.imports.istio.networking import HTTPMatchRequest

    Condition: TypeAlias = tuple[str, str, str, str]
    """Field, name in it (of a header), kind (exact), value."""

_MAPS = ("headers", "without_headers", "query_params")


class Match:
    """Conditions on one request; all must hold. Several matches of a route are alternatives.

    Start with a path and narrow it: ``Match.prefix("/api").method("GET").header("end-user", exact="jason")``.
    Each step returns a new match. ``Match.any()`` starts without a path. Of conditions with ``exact``, ``prefix`` and
    ``regex`` one is given; an expression is RE2 and has to match the whole value.

    Source: Istio reference, "Virtual Service", HTTPMatchRequest.
    """

    __slots__ = ("_conditions",)

    def __init__(self, conditions: tuple[Condition, ...] = ()) -> None:
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

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """All conditions, as field, name in it (of a header), kind (``exact``), value."""
        return self._conditions

    @property
    def path_kind(self) -> Literal["exact", "prefix", "below", "regex", ""]:
        """How the path is compared; empty when it is not."""
        kinds = (kind for field, _, kind, _ in self._conditions if field == "uri")
        return next(kinds, "")  # type: ignore[arg-type]  # the constructors below write no other

    @property
    def path(self) -> str:
        """What the path is compared with; empty when it is not."""
        return next((value for field, _, _, value in self._conditions if field == "uri"), "")

    @staticmethod
    def any() -> Match:
        """Every request, to be narrowed."""
        return Match()

    @staticmethod
    def prefix(path: str, *, ignore_case: bool = False) -> Match:
        """Paths that start with these characters: ``/foo`` takes ``/foobar`` too."""
        return Match((("uri", "", "prefix", path), *_IGNORE_CASE[:ignore_case]))

    @staticmethod
    def below(path: str) -> Match:
        """This path and all paths below it: ``/foo`` takes ``/foo`` and ``/foo/bar``, not ``/foobar``."""
        return Match((("uri", "", "below", path.rstrip("/") or "/" if isinstance(path, str) else path),))

    @staticmethod
    def exact(path: str, *, ignore_case: bool = False) -> Match:
        """This path alone, with any query."""
        return Match((("uri", "", "exact", path), *_IGNORE_CASE[:ignore_case]))

    @staticmethod
    def regex(path: str) -> Match:
        """Paths that this RE2 expression matches from start to end."""
        return Match((("uri", "", "regex", path),))

    def method(self, exact: str | None = None, *, prefix: str | None = None, regex: str | None = None) -> Match:
        """Only this HTTP method."""
        return self._and("method", "", *_one("method", exact, prefix, regex))

    def scheme(self, scheme: Literal["http", "https"]) -> Match:
        """Only this scheme."""
        return self._and("scheme", "", "exact", scheme)

    def authority(self, *, exact: str | None = None, prefix: str | None = None, regex: str | None = None) -> Match:
        """Only this Host header."""
        return self._and("authority", "", *_one("authority", exact, prefix, regex))

    def header(
        self, name: str, *, exact: str | None = None, prefix: str | None = None, regex: str | None = None
    ) -> Match:
        """Only with this header; without a condition on its value, it has to be there."""
        return self._and("headers", _lower(name), *_one(name, exact, prefix, regex, presence=True))

    def without_header(
        self, name: str, *, exact: str | None = None, prefix: str | None = None, regex: str | None = None
    ) -> Match:
        """Only requests for which ``header`` with the same arguments does not hold."""
        return self._and("without_headers", _lower(name), *_one(name, exact, prefix, regex, presence=True))

    def cookie(self, name: str, value: str) -> Match:
        """Only with this cookie of this value."""
        from meshwright.charts.regex import quoted

        return self._and("headers", "cookie", "regex", f"(.*; ?)?{quoted(str(name))}={quoted(str(value))}(;.*)?")

    def query(
        self, name: str, *, exact: str | None = None, prefix: str | None = None, regex: str | None = None
    ) -> Match:
        """Only with this query parameter; without a condition on its value, it has to be there."""
        return self._and("query_params", name, *_one(name, exact, prefix, regex, presence=True))

    def source(
        self,
        app: HttpApp[Any] | None = None,
        *,
        labels: Mapping[str, str] | None = None,
        namespace: str | Environment | None = None,
    ) -> Match:
        """Only requests of these callers inside the mesh.

        Args:
            app: The calling app; this means its namespace too.
            labels: Labels of the calling workloads.
            namespace: Their namespace.
        """
        match = self
        if app is not None:
            from meshwright.charts.environment import Environment

            labels = {"app": app.name, **(labels or {})}
            namespace = namespace or Environment.of(app)
        for name, value in (labels or {}).items():
            match = match._and("source_labels", name, "exact", value)
        if namespace is not None:
            said = namespace.namespace if hasattr(namespace, "namespace") else namespace
            match = match._and("source_namespace", "", "exact", said)
        return match

    def through(self, *gateways: IngressGateway, mesh: bool = False) -> Match:
        """Only requests that come through these gateways, or, with ``mesh``, from callers inside the mesh."""
        match = self
        for gateway in gateways:
            match = match._and("gateways", getattr(gateway, "reference", repr(gateway)), "", "")
        return match._and("gateways", "mesh", "", "") if mesh else match

    def port(self, port: int) -> Match:
        """Only requests to this port."""
        return self._and("port", "", "exact", port)  # type: ignore[arg-type]  # checked with the others

    def _and(self, field: str, name: str, kind: str, value: str) -> Match:
        return Match((*self._conditions, (field, name, kind, value)))

    def to_istio(self) -> HTTPMatchRequest:
        """Return the level-1 message."""
        fields: dict[str, object] = {}
        for field, name, kind, value in self._conditions:
            if field in _MAPS:
                _map(fields, field)[str(name)] = {kind: str(value)} if kind else {}
            elif field == "source_labels":
                _map(fields, field)[name] = value
            elif field == "gateways":
                fields[field] = [*fields.get(field, ()), name]  # type: ignore[misc]  # a list of this loop's own
            elif field == "ignore_uri_case":
                fields[field] = True
            elif field in ("port", "source_namespace"):
                fields[field] = value
            else:
                fields[field] = _path(kind, value)
        return fields  # type: ignore[return-value]  # its keys are this class's own words for that message's fields


_IGNORE_CASE: tuple[Condition, ...] = (("ignore_uri_case", "", "", ""),)


def _lower(name: str) -> str:
    return name.lower() if isinstance(name, str) else name


def _map(fields: dict[str, object], field: str) -> dict[str, object]:
    found = fields.setdefault(field, {})
    assert isinstance(found, dict)
    return found


def _path(kind: str, value: str) -> dict[str, str]:
    if kind != "below":
        return {kind: str(value)}
    from meshwright.charts.regex import quoted

    return {"prefix": "/"} if value == "/" else {"regex": f"{quoted(str(value))}(/.*)?"}


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
