"""Sidecars that are told to see the same mesh do, whatever the mesh."""

import json
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read_text
from tests.differential.gateway_api import gateway_api_meshes
from tests.differential.meshes import layer4_meshes, meshes

NAMESPACES = ["store", "team", "plain", "other", "istio-system"]


def deployment(namespace, app, version="v1"):
    labels = {"app": app, "version": version}
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": {"name": f"{app}-{version}", "namespace": namespace},
        "spec": {"template": {"metadata": {"labels": labels}}},
    }


WORKLOADS = [deployment(namespace, app) for namespace in NAMESPACES for app in ("web", "job", "shop")]


def outbound(mesh, proxy):
    """What leaves a workload: names of virtual hosts stand for their domains, which each namespace shortens."""
    table = mesh.route_table(proxy)
    listeners = [each for each in table.listeners if each.name != "virtualInbound" and not is_own(each)]
    used = {
        chain.http
        for each in listeners
        for chain in (*each.chains, each.default_chain)
        if chain is not None and chain.http is not None
    }
    configurations = [
        [(host.name, host.routes, host.require_tls) for host in configuration.virtual_hosts]
        for configuration in table.route_configurations
        if configuration.name in used
    ]
    clusters = {name: each for name, each in table.clusters.items() if not name.startswith("inbound|")}
    return [replace(each, name="") for each in listeners], configurations, clusters


def is_own(listener):
    """A listener for connections that come in, which a Sidecar declares."""
    return any((chain.http or "").startswith("inbound|") for chain in listener.chains)


@given(mesh=st.one_of(meshes(), layer4_meshes(), gateway_api_meshes()))
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
def test_all_sidecars_of_a_view_send_their_requests_alike(mesh):
    text = "\n---\n".join(json.dumps(each) for each in [*mesh.objects, *WORKLOADS])
    compiled = compile_mesh(read_text(text), MeshOptions(mesh_config=mesh.mesh))
    views = compiled.sidecars_by_view()
    assert sorted(map(str, (each for members in views.values() for each in members))) == sorted(
        map(str, compiled.sidecars())
    )
    for first, members in views.items():
        for member in members[1:]:
            assert outbound(compiled, member) == outbound(compiled, first), (str(first), str(member))


def compiled(*objects):
    return compile_mesh(read_text("\n---\n".join(json.dumps(each) for each in objects)))


def istio(kind, namespace, spec):
    metadata = {"name": "one", "namespace": namespace}
    return {"apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


SERVICE = {
    "apiVersion": "v1",
    "kind": "Service",
    "metadata": {"name": "shop", "namespace": "store"},
    "spec": {"selector": {"app": "shop"}, "ports": [{"name": "http", "port": 80}]},
}


@pytest.mark.parametrize(
    ("extra", "views"),
    [
        pytest.param([], 1, id="nothing tells workloads of ordinary namespaces apart"),
        pytest.param(
            [istio("DestinationRule", "team", {"host": "shop.store.svc.cluster.local"})],
            2,
            id="a namespace that has a rule of its own for somebody else's host",
        ),
        pytest.param([istio("Sidecar", "plain", {"egress": [{"hosts": ["./*"]}]})], 2, id="a namespace with a Sidecar"),
        pytest.param(
            [
                istio(
                    "VirtualService",
                    "store",
                    {"hosts": ["shop"], "http": [{"match": [{"sourceLabels": {"app": "web"}}], "route": []}]},
                )
            ],
            3,
            id="workloads with and without a label that a rule asks for",
        ),
        pytest.param(
            [istio("EnvoyFilter", "plain", {"configPatches": [{"match": {"context": "SIDECAR_OUTBOUND"}}]})],
            2,
            id="a namespace with something that is not modelled",
        ),
    ],
)
def test_there_are_as_many_views_as_there_are_differences(extra, views):
    workloads = [each for each in WORKLOADS if each["metadata"]["namespace"] != "istio-system"]
    assert len(compiled(SERVICE, *workloads, *extra).sidecars_by_view()) == views


def test_manifests_without_workloads_are_asked_as_each_namespace_would():
    views = compiled(SERVICE).sidecars_by_view()
    assert [str(proxy) for proxy in views] == ["sidecar/store/"]


def test_a_selector_of_strange_values_stands_for_no_workload():
    odd = {**SERVICE, "spec": {"selector": {"app": ["shop"]}, "ports": [{"port": 80}]}}
    mesh = compiled(odd, deployment("store", "shop"))
    (proxy,) = mesh.sidecars()
    assert not any(chain.origin for listener in mesh.arrivals(proxy).listeners for chain in listener.chains)
