"""Regions of difference: no request decides otherwise outside of them, and each holds one that does."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshwright.analysis.decide import Decider
from meshwright.analysis.differences import aligned, differences
from meshwright.traffic import DirectResponse, HeaderMatch, PathMatch, Route, RouteMatch, StringMatch

from .strategies import matches, random_request
from .tables import GATEWAY, route, table, virtual_host

CANARY = HeaderMatch("x-canary", StringMatch("exact", "true"))


def same(one, two):
    return (one and one.action) == (two and two.action)


def found(before, after):
    """Return, for each region, what answers before and after, what its parts meet and what they do not."""
    regions = differences(virtual_host(*before), virtual_host(*after), same)
    return [
        (
            region.before and region.before.name,
            region.after and region.after.name,
            [[match.path.value for match in part.matches] for part in region.parts],
            [[match.path.value for match in part.exceptions()] for part in region.parts],
        )
        for region in regions
    ]


@pytest.mark.parametrize(
    ("before", "after", "regions"),
    [
        pytest.param([route("a")], [route("a")], [], id="nothing changed"),
        pytest.param(
            [route("a", "/a")], [route("a2", "/a")], [("a", "a2", [["/a"]], [[]])], id="another action of one rule"
        ),
        pytest.param(
            [route("b", "/b"), route("a", "/a")], [route("a", "/a"), route("b", "/b")], [], id="rules change places"
        ),
        pytest.param(
            [route("b", "/a/b"), route("a", "/a")],
            [route("a", "/a"), route("b", "/a/b")],
            [("b", "a", [["/a/b", "/a"]], [[]])],
            id="a rule moves behind one that takes all of its requests",
        ),
        pytest.param(
            [route("b", "/a/b"), route("a", "/a")],
            [route("b", "/a/b"), route("a2", "/a")],
            [("a", "a2", [["/a"]], [["/a/b"]])],
            id="what rules before it take is excepted",
        ),
        pytest.param([route("a", "/a")], [], [("a", None, [["/a"]], [[]])], id="requests are no longer answered"),
        pytest.param([], [route("a", "/a")], [(None, "a", [["/a"]], [[]])], id="requests are newly answered"),
        pytest.param(
            [route("a")],
            [route("c", headers=[CANARY]), route("a")],
            [("a", "c", [["/", "/"]], [[]])],
            id="a rule in front takes some requests away",
        ),
        pytest.param(
            [route("a")], [route("a", "/x"), route("a")], [], id="a rule in front that answers alike changes nothing"
        ),
        pytest.param(
            [route("a", "/a"), route("a", "/b"), route("z")],
            [route("b", "/a"), route("b", "/b"), route("z")],
            [("a", "b", [["/a"], ["/b"]], [[], []])],
            id="the same change in two places is one region",
        ),
        pytest.param(
            [route("c", kind="connect")], [], [("c", None, [["/"]], [[]])], id="CONNECT requests are no longer answered"
        ),
    ],
)
def test_tells_the_regions(before, after, regions):
    assert found(before, after) == regions


def test_aligns_as_many_equal_conditions_as_keep_their_order():
    first, second, third, fourth = (RouteMatch(PathMatch("exact", f"/{number}")) for number in range(4))
    assert aligned([first, second, third], [third, first, fourth, second]) == [(0, 1), (1, 3)]
    assert aligned([first, first], [first, second, first]) == [(0, 0), (1, 2)]
    assert aligned([], [first]) == []


def edited(draw, rules):
    rules = list(rules)
    for _ in range(draw(st.integers(0, 3))):
        kind = draw(st.sampled_from(["remove", "insert", "change", "move"]))
        if kind == "insert" or not rules:
            rules.insert(draw(st.integers(0, len(rules))), draw(rule()))
            continue
        taken = rules.pop(draw(st.integers(0, len(rules) - 1)))
        if kind == "change":
            taken = replace(taken, action=DirectResponse(draw(st.integers(200, 203))))
        if kind != "remove":
            rules.insert(draw(st.integers(0, len(rules))), taken)
    return rules


def rule():
    return st.builds(Route, matches(), st.builds(DirectResponse, st.integers(200, 203)))


@st.composite
def pairs(draw):
    before = draw(st.lists(rule(), max_size=8))
    return before, edited(draw, before)


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(pairs(), st.integers(0, 2**32))
def test_no_request_differs_outside_of_the_regions_and_each_witness_does(pair, seed):
    hosts = [virtual_host(*map(replace, rules)) for rules in pair]
    tables = [table(host, proxy=GATEWAY) for host in hosts]
    deciders = [Decider(each) for each in tables]

    def answers(request):
        return tuple(each.decide_in("http.80", request).route for each in deciders)

    told = set()
    for region in differences(*hosts, same):
        for part in region.parts:
            told.add((id(part.before), id(part.after)))
            assert same(region.before, part.before)
            assert same(region.after, part.after)
            if part.witness is None:
                assert part.because
                continue
            before, after = answers(part.witness)
            assert before is part.before
            assert after is part.after
            assert not same(before, after)
    random = Random(seed)
    for _ in range(40):
        request = random_request(random, random.choice(tables).route_configurations[0])
        before, after = answers(request)
        assert same(before, after) or (id(before), id(after)) in told, request


@settings(max_examples=50, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(rule(), max_size=8))
def test_a_virtual_host_does_not_differ_from_itself(rules):
    assert list(differences(virtual_host(*rules), virtual_host(*rules), same)) == []
