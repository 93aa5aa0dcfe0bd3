"""Conditions, times and destinations in words, quoting what was written."""

from collections.abc import Callable
from datetime import timedelta
from functools import lru_cache, partial

from meshwright.analysis.subject import Subject
from meshwright.traffic import (
    ClaimMatch,
    Fault,
    HeaderMatch,
    Origin,
    PathMatch,
    Proxy,
    QueryMatch,
    RouteMatch,
    StringMatch,
    WeightedCluster,
)

_KINDS = {"exact": "is", "prefix": "starts with", "suffix": "ends with", "contains": "contains", "regex": "matches"}


Value = Callable[[Subject], str]
"""Tells a request's own value of what a condition is about."""


def quoted(text: str) -> str:
    """Return ``text`` in quotes, with what a terminal would obey made visible."""
    if not text.isprintable():
        text = "".join(each if each.isprintable() else each.encode("unicode_escape").decode() for each in text)
    return f'"{text}"'


def case_words(match: StringMatch | PathMatch) -> str:
    """Return `` (any case)`` where letters may be of either; a regular expression says so by itself."""
    return " (any case)" if match.ignore_case and match.kind != "regex" else ""


def value_words(match: StringMatch) -> str:
    """Return ``starts with "a"``."""
    return f"{_KINDS[match.kind]} {quoted(match.value)}{case_words(match)}"


def path_words(match: PathMatch) -> str:
    """Return ``path starts with "/a"``."""
    if match.kind == "connect":
        return "method is CONNECT"
    if match.kind == "separated_prefix":
        return f"path is {quoted(match.value)} or below it{case_words(match)}"
    return f"path {_KINDS[match.kind]} {quoted(match.value)}{case_words(match)}"


def header_words(match: HeaderMatch) -> str:
    """Return ``header x-user is "jason"``; pseudo headers by their usual names."""
    name = match.name.removeprefix(":") if match.name.startswith(":") else f"header {match.name}"
    if match.value is None:
        return f"{name} is {'there' if match.present != match.invert else 'absent'}"
    missing = ", also when it is absent" if match.missing_is_empty else ""
    return f"{name} {'not: ' if match.invert else ''}{value_words(match.value)}{missing}"


def query_words(match: QueryMatch) -> str:
    """Return ``query parameter q is "1"``."""
    return f"query parameter {match.name} " + ("is there" if match.value is None else value_words(match.value))


def claim_words(match: ClaimMatch) -> str:
    """Return ``claim groups is "admin"``."""
    name = f"token claim {'.'.join(match.path)}"
    value = "is there" if match.value is None else value_words(match.value)
    return f"{name} {'not: ' if match.invert else ''}{value}"


def condition_words(match: RouteMatch) -> tuple[str, ...]:
    """Return each condition in the order in which ``matching.tests_of`` returns its tests."""
    return (
        *map(header_words, match.headers),
        *map(query_words, match.query),
        *map(claim_words, match.claims),
        path_words(match.path),
    )


def condition_values(match: RouteMatch) -> tuple[Value, ...]:
    """Return, in the same order, what tells the request's own value."""
    return (
        *(partial(_header_value, each.name.lower()) for each in match.headers),
        *(partial(_query_value, each.name) for each in match.query),
        *(_no_claim for _ in match.claims),
        _path_value,
    )


def _header_value(name: str, subject: Subject) -> str:
    values = subject.headers.get(name)
    return "absent" if values is None else " and ".join(map(quoted, values))


def _query_value(name: str, subject: Subject) -> str:
    value = subject.query.get(name)
    return "absent" if value is None else quoted(value)


def _no_claim(_: Subject) -> str:
    return "absent"


def _path_value(subject: Subject) -> str:
    return quoted(subject.path)


def seconds(duration: timedelta) -> str:
    """Return ``2 s`` or ``0.25 s``."""
    return f"{duration.total_seconds():g} s"


@lru_cache(maxsize=1024)
def proxy_words(proxy: Proxy) -> str:
    """Return ``router/istio-system/istio=ingressgateway``."""
    return str(proxy)


def place_words(origin: Origin | None) -> str:
    """Return the object and field; empty when nobody wrote it."""
    if origin is None:
        return ""
    return f"{origin.resource} {origin.field}".rstrip()


def clusters_words(clusters: tuple[WeightedCluster, ...]) -> str:
    """Return the destinations, with shares in percent where there are several."""
    if len(clusters) == 1:
        return clusters[0].name
    total = sum(each.weight for each in clusters) or 1
    return ", ".join(f"{each.name} ({100 * each.weight / total:.4g} %)" for each in clusters)


def fault_words(fault: Fault) -> tuple[str, ...]:
    """Return one phrase a fault."""
    words = []
    if fault.delay is not None:
        words.append(f"{fault.delay.percent:g} % wait {seconds(fault.delay.fixed)}")
    if fault.abort is not None:
        code = fault.abort.http_status
        answer = f"{code}" if code is not None else f"gRPC status {fault.abort.grpc_status}"
        words.append(f"{fault.abort.percent:g} % are answered {answer}")
    return tuple(words)
