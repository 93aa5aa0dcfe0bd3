"""Tests in the format of istio-config-validator.

That tool looks at VirtualServices alone: no gateways, no ports, no Services, and a delegate's rules are tried as they
are written, without istiod's merge. So does this; what a real proxy would do is what ``meshwright explain`` tells.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import product
from typing import Any

from meshwright.analysis.hosts import without_port
from meshwright.analysis.matching import Test, matches
from meshwright.analysis.paths import normalise
from meshwright.analysis.regex import PatternError
from meshwright.analysis.subject import Subject
from meshwright.errors import InputError
from meshwright.frontends.istio.matches import route_match
from meshwright.manifests import Resource
from meshwright.route_tests.result import Result

_FIELDS = ("rewrite", "fault", "headers", "redirect")
_KNOWN = frozenset(("description", "wantMatch", "request", "route", "delegate", *_FIELDS))
_KNOWN_OF_A_REQUEST = frozenset(("authority", "method", "uri", "headers"))

Rule = Mapping[str, Any]


@dataclass(frozen=True)
class VirtualService:
    """One VirtualService with its conditions compiled when first asked for."""

    resource: Resource

    @cached_property
    def spec(self) -> Mapping[str, Any]:
        """Its ``spec``, checked as far as the tests read it."""
        spec: Mapping[str, Any] = self.resource.body.get("spec") or {}
        for field in ("hosts", "http"):
            written = spec.get(field)
            if written is not None and not isinstance(written, list):
                raise self._wrong(f"spec.{field}", f"is {written!r}, not a list")
        return spec

    @cached_property
    def rules(self) -> list[tuple[Test, Rule]]:
        """Each HTTP rule with the test whether it takes a request."""
        return [(self._test(place, rule), rule) for place, rule in enumerate(self.spec.get("http") or [])]

    def is_for(self, authority: str) -> bool:
        """Tell whether one of its hosts covers ``authority``."""
        return any(_covers(str(host).lower(), authority.lower()) for host in self.spec.get("hosts") or [])

    def _test(self, place: int, rule: Rule) -> Test:
        written = rule.get("match") or []
        try:
            tests = [matches(route_match(match)) for match in written]
        except PatternError as error:
            raise self._wrong(f"spec.http[{place}]", f"has a regular expression that is not RE2: {error}") from error
        return lambda subject: not tests or any(test(subject) for test in tests)

    def _wrong(self, field: str, wrong: str) -> InputError:
        origin = self.resource.origin(field)
        place = origin.place
        where = f"{place.file}:{place.line_of(field)}" if place is not None else str(self.resource)
        return InputError(where, f"{field} of {self.resource} {wrong}", "Correct the VirtualService")


def _covers(host: str, authority: str) -> bool:
    if host.startswith("*"):
        return authority.endswith(host[1:]) and len(authority) > len(host) - 1
    return authority == host or without_port(authority) == host


class ConfigValidator:
    """Judges tests against the VirtualServices among ``resources``.

    Raises:
        InputError: A VirtualService is not one.
    """

    def __init__(self, resources: Sequence[Resource]) -> None:
        self._services = [VirtualService(each) for each in resources if each.kind == "VirtualService"]
        for service in self._services:
            service.rules  # noqa: B018 a broken one is told of before any test runs

    def judge(self, file: str, tests: Sequence[Mapping[str, Any]], *, strict: bool) -> Iterator[Result]:
        """Yield one result a test.

        Raises:
            InputError: A test has no request, or (``strict``) a field that the format does not know.
        """
        for number, test in enumerate(tests):
            name = str(test.get("description") or f"test {number + 1}")
            request = test.get("request")
            if not isinstance(request, dict):
                raise InputError(file, f'test "{name}" has no request', "Give authority, method and uri as lists")
            if strict:
                _reject_unknown(file, name, test, _KNOWN)
                _reject_unknown(file, name, request, _KNOWN_OF_A_REQUEST)
            failures = tuple(
                failure for subject in _subjects(file, name, request) for failure in self._fails(test, subject)
            )
            yield Result(file, name, failures)

    def _fails(self, test: Mapping[str, Any], subject: Subject) -> Iterator[str]:
        want = test.get("wantMatch", False) is True
        service, rule = self._find([each for each in self._services if each.is_for(subject.authority)], subject)
        delegate = rule.get("delegate")
        asked = test.get("delegate")
        if asked is not None:
            yield from _compared(subject, "delegate", delegate, asked, want)
        if delegate is not None and (asked is None or "route" in test):
            service, rule = self._find(self._delegates(delegate, service), subject)
        if asked is None or "route" in test:
            yield from _compared(subject, "route", rule.get("route"), test.get("route"), want)
        for field in _FIELDS:
            if test.get(field) is not None:
                yield from _compared(subject, field, rule.get(field), test[field], want)

    def _find(self, services: Sequence[VirtualService], subject: Subject) -> tuple[VirtualService | None, Rule]:
        for service in services:
            for takes, rule in service.rules:
                if takes(subject):
                    return service, rule
        return None, {}

    def _delegates(self, delegate: Mapping[str, Any], root: VirtualService | None) -> list[VirtualService]:
        namespace = delegate.get("namespace") or (root.resource.namespace if root is not None else "")
        wanted = (namespace, delegate.get("name"))
        return [each for each in self._services if (each.resource.namespace, each.resource.name) == wanted]


def _reject_unknown(file: str, name: str, written: Mapping[str, Any], known: frozenset[str]) -> None:
    unknown = sorted(set(written) - known)
    if unknown:
        offered = ", ".join(sorted(known))
        raise InputError(file, f'test "{name}" has the unknown field "{unknown[0]}"', f"Known are {offered}")


def _subjects(file: str, name: str, request: Mapping[str, Any]) -> Iterator[Subject]:
    """Yield the product of authorities, methods and URIs."""
    told = [_listed(request.get(field)) for field in ("authority", "method", "uri")]
    headers = tuple((str(key), str(value)) for key, value in (request.get("headers") or {}).items())
    for authority, method, uri in product(*(each or [""] for each in told)):
        path = normalise(uri or "/", "BASE")
        if path is None:
            raise InputError(file, f'test "{name}" asks for the uri "{uri}"', "Give a path that begins with /")
        yield Subject(method or "GET", authority, path, headers, "http", at_the_edge=False)


def _listed(value: object) -> list[str]:
    return [str(each) for each in value] if isinstance(value, list) else [] if value is None else [str(value)]


def _compared(subject: Subject, field: str, found: object, asked: object, want: bool) -> Iterator[str]:
    if (_plain(found) == _plain(asked)) != want:
        there = f"{subject.method} {subject.authority}{subject.full_path}"
        wished = f"not {_plain(asked)}" if not want else f"{_plain(asked)}"
        yield f"{there}: {field} is {_plain(found)}, the test wants {wished}"


def _plain(value: object) -> object:
    """Return ``value`` without empty parts, which say nothing."""
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items() if each is not None}
    return [_plain(each) for each in value] if isinstance(value, list) else value
