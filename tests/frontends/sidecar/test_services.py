from typing import Any

import pytest

from meshwright.frontends.istio.protocols import UNSUPPORTED, protocol_of_port
from meshwright.frontends.istio.service_entries import service_registry
from meshwright.frontends.istio.workloads import find_workloads
from meshwright.manifests.resource import Resource


def resource(kind: str, name: str, spec: dict[str, Any], namespace: str = "shop", **metadata: Any) -> Resource:
    versions = {"Service": "v1", "Pod": "v1", "Deployment": "apps/v1"}
    version = versions.get(kind, "networking.istio.io/v1")
    body = {"apiVersion": version, "kind": kind, "metadata": {"name": name, **metadata}, "spec": spec}
    return Resource(body, version, kind, namespace, name)


@pytest.mark.parametrize(
    ("port", "protocol"),
    [
        pytest.param({"name": "http", "port": 80}, "HTTP", id="a port named http is HTTP"),
        pytest.param({"name": "HTTP-web", "port": 80}, "HTTP", id="case does not count, the part to the hyphen does"),
        pytest.param({"name": "httpport", "port": 80}, UNSUPPORTED, id="httpport is no protocol"),
        pytest.param({"name": "grpc-web-x", "port": 80}, "GRPC-Web", id="grpc-web keeps its hyphen"),
        pytest.param({"name": "http", "port": 80, "appProtocol": "tcp"}, "TCP", id="appProtocol beats the name"),
        pytest.param({"name": "x", "port": 80, "appProtocol": "kubernetes.io/h2c"}, "HTTP2", id="h2c is HTTP/2"),
        pytest.param({"name": "db", "port": 3306}, "TCP", id="servers that speak first are not sniffed"),
        pytest.param({"name": "http", "port": 53, "protocol": "UDP"}, "UDP", id="UDP stays UDP whatever its name"),
    ],
)
def test_selects_the_protocol_of_a_port_as_istio_does(port, protocol):
    assert protocol_of_port(port) == protocol


def test_a_kubernetes_service_beats_an_older_service_entry_of_its_host():
    host = "a.shop.svc.cluster.local"
    entry = resource("ServiceEntry", "a", {"hosts": [host], "ports": []}, creationTimestamp="2000-01-01T00:00:00Z")
    service = resource("Service", "a", {"ports": []}, creationTimestamp="2020-01-01T00:00:00Z")
    found = service_registry([entry, service]).find(host, "shop")
    assert found is not None and found.kubernetes


def test_an_exported_service_is_seen_by_the_named_namespaces_only():
    notes = {"networking.istio.io/exportTo": "., other"}
    registry = service_registry([resource("Service", "a", {"ports": []}, annotations=notes)])
    seen = [n for n in ("shop", "other", "third") if registry.find("a.shop.svc.cluster.local", n)]
    assert seen == ["shop", "other"]


def test_entries_of_one_host_give_their_ports_together():
    def entry(name, port):
        spec = {"hosts": ["x.com"], "ports": [{"number": port, "name": "http", "protocol": "HTTP"}]}
        return resource("ServiceEntry", name, spec)

    found = service_registry([entry("a", 80), entry("b", 81)]).find("x.com", "shop")
    assert found is not None and [port.number for port in found.ports] == [80, 81]


def test_a_chain_of_external_names_ends_at_the_concrete_service():
    def alias(name, target):
        return resource("Service", name, {"type": "ExternalName", "externalName": target, "ports": []})

    concrete = resource("Service", "c", {"ports": []})
    chain = [alias("a", "b.shop.svc.cluster.local"), alias("b", "c.shop.svc.cluster.local")]
    found = service_registry([*chain, concrete]).find("c.shop.svc.cluster.local", "shop")
    assert found is not None
    assert found.aliases == (("shop", "a.shop.svc.cluster.local"), ("shop", "b.shop.svc.cluster.local"))


@pytest.mark.parametrize(
    ("subset", "count"),
    [
        pytest.param((), 2, id="all labels of the selector"),
        pytest.param((("version", "v2"),), 1, id="and those of the subset"),
        pytest.param((("version", "v3"),), 0, id="none carries them"),
    ],
)
def test_counts_the_workloads_behind_a_service(subset, count):
    def deployment(version):
        labels = {"app": "a", "version": version}
        return resource("Deployment", f"a-{version}", {"template": {"metadata": {"labels": labels}}})

    service = resource("Service", "a", {"selector": {"app": "a"}, "ports": []})
    workloads = find_workloads([deployment("v1"), deployment("v2"), service])
    found = service_registry([service]).find("a.shop.svc.cluster.local", "shop")
    assert found is not None and workloads.behind(found, subset) == count
