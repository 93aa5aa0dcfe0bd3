"""Overlaps: both routes ask for the witness, and who gets it depends on what is said to decide."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshwright.analysis.decide import Decider
from meshwright.analysis.overlap import overlaps
from meshwright.traffic import DirectResponse, HeaderMatch, Origin, Route, RouteTable, StringMatch, VirtualHost

from .strategies import matches, random_request
from .tables import GATEWAY, route, table, virtual_host


def of(owner, *routes, kind="VirtualService"):
    return [
        replace(each, origin=Origin(f"{kind} shop/{owner}", f"spec.http[{place}]")) for place, each in enumerate(routes)
    ]


def header(name, value):
    return HeaderMatch(name, StringMatch("exact", value))


def pairs(routes, **more):
    host = virtual_host(*routes, domains=("shop.com",))
    return [(each.winner.name, each.loser.name) for each in overlaps(host, **more)]


@pytest.mark.parametrize(
    ("routes", "found"),
    [
        pytest.param(
            [*of("one", route("a", "/a")), *of("two", route("b", "/a/b"))], [("a", "b")], id="a prefix and one below it"
        ),
        pytest.param([*of("one", route("a", "/a"), route("b", "/a/b"))], [], id="one object is its author's affair"),
        pytest.param(
            [*of("one", route("a", "/a/")), *of("two", route("b", "/b/"))], [], id="siblings share no request"
        ),
        pytest.param(
            [*of("one", route("a", "/foo")), *of("two", route("b", "/foobar"))], [("a", "b")], id="siblings by letters"
        ),
        pytest.param(
            [*of("one", route("a", "/v1/[a-z]+", kind="regex")), *of("two", route("b", "/.*/x", kind="regex"))],
            [("a", "b")],
            id="two patterns",
        ),
        pytest.param(
            [
                *of("one", route("a", "/a", headers=[header(":method", "GET")])),
                *of("two", route("b", "/a", headers=[header(":method", "POST")])),
            ],
            [],
            id="two methods",
        ),
        pytest.param(
            [
                *of("one", route("a", "/a", headers=[header("x-version", "1")])),
                *of("two", route("b", "/a", headers=[header("x-version", "2")])),
            ],
            [],
            id="two values of a header",
        ),
        pytest.param(
            [
                *of("one", route("a", headers=[header("x-one", "1")])),
                *of("two", route("b", headers=[header("x-two", "1")])),
            ],
            [("a", "b")],
            id="two headers, which one request can carry",
        ),
        pytest.param(
            [*of("one", route("a", "/a")), *of("two", route("all"))], [], id="a catch-all comes last whatever its age"
        ),
        pytest.param(
            [*of("one", route("all")), *of("two", route("all2")), *of("three", route("all3"))],
            [("all", "all2"), ("all", "all3")],
            id="of catch-alls only the first wins",
        ),
        pytest.param(
            [*of("one", route("a", "/a")), *of("two", route("b", "/a/x"), route("c", "/a"))],
            [("a", "b"), ("a", "c")],
            id="the second object would have two routes for them",
        ),
        pytest.param(
            [*of("one", route("a", "/a/x")), *of("two", route("b", "/a"), route("c", "/a/x"))],
            [("a", "b")],
            id="a route that its own object hides loses nothing",
        ),
        pytest.param(
            [*of("one", route("a", "/a", kind="exact"), kind="HTTPRoute"), *of("two", route("b"), kind="HTTPRoute")],
            [],
            id="the Gateway API prefers the more specific one",
        ),
        pytest.param(
            [*of("one", route("a", "/a"), kind="HTTPRoute"), *of("two", route("b", "/a"), kind="HTTPRoute")],
            [("a", "b")],
            id="of equals of the Gateway API the older one wins",
        ),
    ],
)
def test_finds_the_pairs_that_age_decides(routes, found):
    assert pairs(routes) == found


def test_the_other_pairs_are_found_when_asked_for():
    routes = [*of("one", route("a", "/a"), route("a2", "/a/2")), *of("two", route("all"))]
    routes[:2] = reversed(routes[:2])
    assert pairs(routes, decided_by=("order",)) == [("a2", "a")]
    assert pairs(routes, decided_by=("specificity",)) == [("a2", "all"), ("a", "all")]


def test_delegates_of_one_object_are_ordered_by_it():
    routes = [*of("one", route("a", "/a")), *of("two", route("b", "/a/b"))]
    assert pairs(routes, owner=lambda _: "root") == []


def test_of_two_objects_the_first_pair_is_told_when_one_is_enough():
    routes = [*of("one", route("a", "/a"), route("b", "/b")), *of("two", route("c", "/a/x"), route("d", "/b/x"))]
    assert pairs(routes) == [("a", "c"), ("b", "d")]
    assert pairs(routes, once=True) == [("a", "c")]


def owners():
    rules = st.lists(matches(), min_size=1, max_size=4)
    return st.lists(rules, min_size=2, max_size=3).map(
        lambda found: [
            of(
                f"vs-{number}",
                *(Route(match, DirectResponse(200), f"{number}.{place}") for place, match in enumerate(rules)),
            )
            for number, rules in enumerate(found)
        ]
    )


def served(objects):
    """The routes as istiod lines them up: by age, those that take everything last."""
    routes = [each for rules in objects for each in rules]
    late = [each for each in routes if takes_all(each)]
    host = VirtualHost("host", ("*",), (*(each for each in routes if each not in late), *late))
    return host, Decider(table(host, proxy=GATEWAY))


def takes_all(rule):
    match = rule.match
    path = match.path.value == "/" if match.path.kind == "prefix" else match.path.value == ".*"
    return path and match.path.kind in ("prefix", "regex") and not match.headers and not match.query


def winner(decider, request):
    return decider.decide_in("http.80", request).route


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(owners())
def test_the_winner_gets_the_witness_and_the_loser_does_when_their_objects_change_places(objects):
    host, decider = served(objects)
    for each in overlaps(host):
        if each.witness is None:
            assert each.because
            continue
        assert winner(decider, each.witness) is each.winner
        one, two = (
            next(place for place, rules in enumerate(objects) if rule in rules) for rule in (each.winner, each.loser)
        )
        swapped = list(objects)
        swapped[one], swapped[two] = swapped[two], swapped[one]
        assert winner(served(swapped)[1], each.witness) is each.loser


@settings(max_examples=100, deadline=None, suppress_health_check=list(HealthCheck))
@given(owners(), st.integers(0, 2**32))
def test_a_request_whose_winner_depends_on_age_is_in_an_overlap(objects, seed):
    host, decider = served(objects)
    told = {(each.winner.name, each.loser.name) for each in overlaps(host)}
    random = Random(seed)
    mesh: RouteTable = decider.table
    for _ in range(30):
        request = random_request(random, mesh.route_configurations[0])
        names = [name.lower() for name, _ in request.headers]
        now = winner(decider, request)
        if now is None or len(set(names)) < len(names):
            continue
        place = next(place for place, rules in enumerate(objects) if now in rules)
        for other in range(place + 1, len(objects)):
            swapped = list(objects)
            swapped[place], swapped[other] = swapped[other], swapped[place]
            then = winner(served(swapped)[1], request)
            if then is not now and then in objects[other]:
                assert (now.name, then.name) in told, request
