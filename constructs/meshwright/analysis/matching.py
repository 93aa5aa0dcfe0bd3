"""Conditions as tests of one request, compiled once. Source: Envoy docs, "config.route.v3.RouteMatch"."""

from collections.abc import Callable

from meshwright.analysis.regex import full_match
from meshwright.analysis.subject import Subject
from meshwright.analysis.text import lowered
from meshwright.traffic import ClaimMatch, HeaderMatch, PathMatch, QueryMatch, RouteMatch, StringMatch

Test = Callable[[Subject], bool]
ValueTest = Callable[[str], bool]


def matches_value(match: StringMatch) -> ValueTest:
    """Return the test for one value."""
    if match.kind == "regex":
        return full_match(match.value)
    wanted = lowered(match.value) if match.ignore_case else match.value
    tests: dict[str, ValueTest] = {
        "exact": lambda value: value == wanted,
        "prefix": lambda value: value.startswith(wanted),
        "suffix": lambda value: value.endswith(wanted),
        "contains": lambda value: wanted in value,
    }
    test = tests[match.kind]
    return (lambda value: test(lowered(value))) if match.ignore_case else test


def matches_path(match: PathMatch) -> Test:
    """Return the test for the path, which is compared without its query."""
    if match.kind == "connect":
        return lambda subject: subject.method == "CONNECT"
    if match.kind == "regex":
        regex = full_match(match.value)
        return lambda subject: regex(subject.path)
    wanted = lowered(match.value) if match.ignore_case else match.value
    if match.ignore_case:
        test = _path_test(match.kind, wanted)
        return lambda subject: test(lowered(subject.path))
    if match.kind == "prefix":
        return lambda subject: subject.path.startswith(wanted)
    if match.kind == "exact":
        return lambda subject: subject.path == wanted
    test = _path_test(match.kind, wanted)
    return lambda subject: test(subject.path)


def _path_test(kind: str, wanted: str) -> ValueTest:
    if kind == "exact":
        return lambda path: path == wanted
    if kind == "prefix":
        return lambda path: path.startswith(wanted)
    below = wanted + "/"
    return lambda path: path == wanted or path.startswith(below)


def matches_header(match: HeaderMatch) -> Test:
    """Return the test for one header; of several values that Envoy does not join, one has to hold."""
    name, invert = match.name.lower(), match.invert
    if match.value is None:
        wanted = match.present != invert
        return lambda subject: (name in subject.headers) == wanted
    holds = matches_value(match.value)
    missing = (holds("") != invert) if match.missing_is_empty else False

    def test(subject: Subject) -> bool:
        values = subject.headers.get(name)
        return missing if values is None else any(map(holds, values)) != invert

    return test


def matches_query(match: QueryMatch) -> Test:
    """Return the test for one query parameter."""
    name = match.name
    if match.value is None:
        return lambda subject: name in subject.query
    holds = matches_value(match.value)

    def test(subject: Subject) -> bool:
        value = subject.query.get(name)
        return value is not None and holds(value)

    return test


def matches_claim(match: ClaimMatch) -> Test:
    """Return the test for one claim of a token, of which a request in question has none."""
    return lambda _: match.invert


def tests_of(match: RouteMatch) -> "list[Test]":
    """Return one test a condition: headers, query and claims first, the path last, as Envoy tries them."""
    return [
        *map(matches_header, match.headers),
        *map(matches_query, match.query),
        *map(matches_claim, match.claims),
        matches_path(match.path),
    ]


def matches(match: RouteMatch) -> Test:
    """Return the test for all conditions of a route."""
    path = matches_path(match.path)
    rest = tests_of(match)[:-1]
    if match.path.kind != "connect":
        path = _with_a_path(path)
    if not rest:
        return path
    return lambda subject: path(subject) and all(test(subject) for test in rest)


def _with_a_path(test: Test) -> Test:
    return lambda subject: subject.method != "CONNECT" and test(subject)
