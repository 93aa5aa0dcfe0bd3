"""Sets of requests obey the laws of sets, and their witnesses are requests that belong."""

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshwright.analysis.decide import Decider
from meshwright.analysis.space.entrance import Entrance
from meshwright.analysis.space.requests import RequestSpace
from meshwright.analysis.space.witness import Unsendable
from meshwright.analysis.space.words import Undecided
from meshwright.traffic import HeaderMatch, PathMatch, QueryMatch, RouteMatch, StringMatch

from ..strategies import matches, random_request
from ..tables import route, table, virtual_host

HOST = virtual_host(domains=("shop.com",))


def path(value, kind="prefix", **more):
    return RouteMatch(PathMatch(kind, value), **more)


def header(name, kind=None, value="", **more):
    return RouteMatch(
        PathMatch("prefix", "/"), (HeaderMatch(name, StringMatch(kind, value) if kind else None, **more),)
    )


def query(name, kind=None, value=""):
    condition = StringMatch(kind, value) if kind else None
    return RouteMatch(PathMatch("prefix", "/"), (), (QueryMatch(name, condition),))


@pytest.mark.parametrize(
    ("inner", "outer", "covered"),
    [
        pytest.param([path("/foobar")], [path("/foo")], True, id="a longer prefix"),
        pytest.param(
            [path("/foobar")], [path("/foo", "separated_prefix")], False, id="segments do not swallow siblings"
        ),
        pytest.param([path("/foo/bar")], [path("/foo", "separated_prefix")], True, id="segments below"),
        pytest.param([path("/(a|b)", "regex")], [path("/a", "exact"), path("/b", "exact")], True, id="word by word"),
        pytest.param([path("/[ab]+", "regex")], [path("/a", "exact"), path("/b", "exact")], False, id="more words"),
        pytest.param([path("/a/../b")], [], True, id="a path that is never normal"),
        pytest.param([path("/%41.*", "regex")], [], True, id="an escape that is never left"),
        pytest.param([path("/%2F.*", "regex")], [], False, id="an escape that is left"),
        pytest.param([path("/.*\\?x", "regex")], [], True, id="a path has no query"),
        pytest.param([path("/é")], [], True, id="a path is ASCII"),
        pytest.param([path("/")], [path(".*", "regex")], True, id="a pattern for everything"),
        pytest.param([path("/")], [header("x-a"), header("x-a", present=False)], True, id="there or not"),
        pytest.param(
            [path("/")], [header("x-a", "exact", "1"), header("x-a", "exact", "1", invert=True)], False, id="or absent"
        ),
        pytest.param(
            [path("/")],
            [header("x-a", "exact", "1"), header("x-a", "exact", "1", invert=True, missing_is_empty=True)],
            True,
            id="a missing one is empty",
        ),
        pytest.param(
            [header("x-a", "prefix", "ab")], [header("x-a", "regex", "a.*")], True, id="a prefix in a pattern"
        ),
        pytest.param([header(":method", "exact", "CONNECT")], [], True, id="CONNECT has no path"),
        pytest.param(
            [header(":scheme", "regex", "h.*")], [header(":scheme", "prefix", "http")], True, id="two schemes"
        ),
        pytest.param([header(":authority", "prefix", "other")], [], True, id="an authority of others"),
        pytest.param([header(":authority", "exact", "SHOP.com")], [], False, id="an authority in other letters"),
        pytest.param([query("a b")], [], True, id="a parameter that no URL has"),
        pytest.param([query("a", "regex", ".*&.*")], [], True, id="a value that would be two"),
        pytest.param([query("a", "exact", "x=y")], [], False, id="a value with an equals sign"),
        pytest.param([header("x-a", "exact", " 1")], [], True, id="a value that begins with a space"),
        pytest.param([header("x a")], [], True, id="a name that is none"),
    ],
)
def test_coverage_is_exact(inner, outer, covered):
    space = RequestSpace(Entrance(HOST))
    assert space.matching(*inner).is_covered_by(*map(space.matching, outer)) is covered


def test_a_header_sent_twice_meets_two_conditions_that_exclude_each_other():
    space = RequestSpace(Entrance(HOST))
    both = space.matching(header("x-a", "exact", "1"), header("x-a", "exact", "2"))
    assert both.witness().headers == (("x-a", "1"), ("x-a", "2"))


def test_a_header_that_envoy_joins_has_one_value():
    space = RequestSpace(Entrance(HOST))
    assert space.matching(header("accept", "exact", "1"), header("accept", "exact", "2")).is_empty()


def test_all_requests_have_a_witness():
    assert RequestSpace(Entrance(HOST)).matching().witness().path == "/"


def test_what_a_proxy_writes_is_no_claim_of_a_client():
    space = RequestSpace(Entrance(HOST))
    with pytest.raises(Unsendable, match="x-forwarded-for"):
        space.matching(header("x-forwarded-for", "exact", "10.0.0.1")).witness()


def test_what_goes_beyond_the_bound_is_not_answered(monkeypatch):
    monkeypatch.setattr("meshwright.analysis.space.words.MOST_STATES", 10)
    space = RequestSpace(Entrance(HOST))
    both = space.matching(path("/.*abcdefgh.*", "regex")) & space.matching(path("/.*hgfedcba.*", "regex"))
    with pytest.raises(Undecided, match="10 states"):
        both.is_empty()


def winners(decider, requests):
    """Tell which requests come to a route, leaving out those that Envoy refuses."""
    decided = [decider.decide_in("http.80", each) for each in requests]
    return [each.route is not None for each in decided if each.reason != "bad_request"]


def taken(matches, requests):
    rules = [route(str(number)) for number, _ in enumerate(matches)]
    rules = [type(rule)(match, rule.action) for rule, match in zip(rules, matches, strict=True)]
    return winners(Decider(table(virtual_host(*rules))), requests)


@settings(max_examples=150, deadline=None)
@given(matches(), matches(), matches(), st.integers(0, 2**32))
def test_what_is_empty_has_no_request_and_what_is_not_has_its_witness(one, two, three, seed):
    host = virtual_host(domains=("*",))
    space = RequestSpace(Entrance(host, at_the_edge=False))
    left = (space.matching(one) & space.matching(two)) - space.matching(three)
    rules = virtual_host(*(type(route())(each, route().action) for each in (one, two, three)))
    configuration = table(rules).route_configurations[0]
    random = Random(seed)
    requests = [random_request(random, configuration) for _ in range(30)]
    try:
        witness = left.witness()
    except (Undecided, Unsendable):
        return
    if witness is not None:
        assert (taken([one], [witness]), taken([two], [witness]), taken([three], [witness])) == (
            [True],
            [True],
            [False],
        )
        return
    told = zip(taken([one], requests), taken([two], requests), taken([three], requests), strict=True)
    assert (True, True, False) not in list(told)


@settings(max_examples=100, deadline=None)
@given(matches(), matches())
def test_a_set_less_another_and_what_both_share_make_the_set(one, two):
    space = RequestSpace(Entrance(virtual_host(domains=("*",))))
    first, second = space.matching(one), space.matching(two)
    try:
        assert (first - second).is_covered_by(first)
        assert first.is_covered_by(first - second, first & second)
        assert ((first - second) & second).is_empty()
        assert (first - (first - second)).is_covered_by(second)
    except Undecided as error:
        assert ":path" in str(error)
