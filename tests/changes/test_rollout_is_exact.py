"""Rollouts against what happens on the way: the new routes with the old destinations, and the other way round."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshwright.analysis.decide import Decider
from meshwright.changes import rollout
from meshwright.traffic import Forward, Proxy, Request
from tests.analysis.real_envoy import RealEnvoy
from tests.changes.meshes import GATEWAY, mesh, routes, rule, service, subsets, to

PATHS = ("/", "/a", "/a/b", "/b", "/c/d")
HOSTS = ("shop.example.com", "b.example.com", "other.example.com")
NAMES = ("one", "two")
PROXY = Proxy("router", "istio-system", (("istio", "ingressgateway"),))

destinations = st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "v1", "v2"]))
matches = st.sampled_from(["", *(f"{{uri: {{prefix: {path}}}}}" for path in PATHS[:4]), "{uri: {exact: /a}}"])


@st.composite
def rules(draw):
    asked = draw(matches)
    if draw(st.integers(0, 5)) == 0:
        return f"    - {{{f'match: [{asked}], ' if asked else ''}redirect: {{uri: /moved}}}}"
    first = draw(destinations)
    if draw(st.booleans()):
        return rule(to(*first), match=asked)
    weight = draw(st.sampled_from([0, 30, 100]))
    return rule(to(*first, weight), to(*draw(destinations), 100 - weight), match=asked)


@st.composite
def shops(draw):
    parts = [GATEWAY]
    for name in draw(st.sets(st.sampled_from(NAMES), min_size=1)):
        parts.append(service(name))
        versions = draw(st.sets(st.sampled_from(["v1", "v2"])))
        if versions:
            parts.append(subsets(name, *sorted(versions)))
    for number, host in enumerate(sorted(draw(st.sets(st.sampled_from([*HOSTS[:2], "*.example.com"]), min_size=1)))):
        written = "\n".join(draw(st.lists(rules(), min_size=1, max_size=3)))
        parts.append(routes(written, host=host, name=f"web-{number}"))
    return mesh(*parts)


def lost(request, before, after):
    """Return the destinations that a request which is answered before does not find on the way."""
    old, new = before.route_table(PROXY), after.route_table(PROXY)
    first, last = Decider(old).decide(request), Decider(new).decide(request)
    asked_before = {cluster.name for cluster in first.clusters}
    asked_after = {cluster.name for cluster in last.clusters}
    known, kept = asked_before & old.clusters.keys(), asked_after & new.clusters.keys()
    if not known and first.outcome != "redirect":
        return set()
    coming = {name for name in kept - asked_before if name not in old.clusters}
    going = {name for name in known if name not in new.clusters}
    stays = {name for name in going if kept or last.outcome == "redirect" or name in asked_after}
    return {("new", name) for name in coming} | {("gone", name) for name in stays}


def told(found):
    """Return the destinations of gaps, as clusters are called."""
    return {(gap.change, f"outbound|80|{gap.subset}|{gap.host}") for gap in found.gaps}


@given(shops(), shops())
@settings(deadline=None, max_examples=60)
def test_no_other_request_is_lost_than_those_that_are_told(before, after):
    found = rollout(before, after)
    asked = [Request("GET", host, path) for host in HOSTS for path in (*PATHS, "/moved", "/ab")]
    really = {each for request in asked for each in lost(request, before, after)}
    assert really <= told(found)
    for gap in found.gaps:
        assert gap.witness is not None
        assert (gap.change, f"outbound|80|{gap.subset}|{gap.host}") in lost(gap.witness, before, after)


@given(shops())
@settings(deadline=None, max_examples=20)
def test_nothing_is_lost_where_nothing_changes(shop):
    assert rollout(shop, shop).gaps == ()


def without(configuration, clusters):
    """Return a route configuration whose destinations outside of ``clusters`` are missing in Envoy."""

    def action(route):
        if not isinstance(route.action, Forward):
            return route
        names = [
            each if each.name in clusters else replace(each, name=f"missing {each.name}")
            for each in route.action.clusters
        ]
        return replace(route, action=replace(route.action, clusters=tuple(names)))

    hosts = [replace(host, routes=tuple(map(action, host.routes))) for host in configuration.virtual_hosts]
    return replace(configuration, virtual_hosts=tuple(hosts))


WEB = (GATEWAY, service("web"))
ONE, BOTH = subsets("web", "v1"), subsets("web", "v1", "v2")
UNUSED = rule(to("web", "v1", 100), to("web", "v2", 0))


@pytest.mark.envoy
@pytest.mark.parametrize(
    ("before", "after", "statuses"),
    [
        pytest.param(
            (ONE, routes(rule(to("web", "v1")))), (BOTH, routes(rule(to("web", "v2")))), (503, 200), id="it is new"
        ),
        pytest.param(
            (BOTH, routes(rule(to("web", "v2")))), (ONE, routes(rule(to("web", "v1")))), (200, 503), id="it goes"
        ),
        pytest.param((ONE, routes(rule(to("web", "v1")))), (BOTH, routes(UNUSED)), (200, 200), id="it has no weight"),
    ],
)
def test_envoy_answers_503_on_the_way_where(before, after, statuses):
    old, new = mesh(*WEB, *before), mesh(*WEB, *after)
    one, two = old.route_table(PROXY), new.route_table(PROXY)
    early = replace(without(two.route_configurations[0], one.clusters), name="early")
    late = replace(without(one.route_configurations[0], two.clusters), name="late")
    gaps = rollout(old, new).gaps
    assert bool(gaps) == (503 in statuses)
    request = gaps[0].witness if gaps else Request("GET", "shop.example.com", "/")
    with RealEnvoy([early, late]) as envoy:
        assert tuple(envoy.ask(name, [request])[0].status for name in ("early", "late")) == statuses
