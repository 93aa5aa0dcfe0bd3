"""pilot/http-routes: the routes of one VirtualService, for one port and one set of gateways."""

import json
from collections.abc import Iterator
from typing import Any

from benchmarks.conformance.corpus import load
from benchmarks.conformance.routes import comparable
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.envoy.routes import route_configuration
from meshwright.frontends.istio.actions import RouteContext
from meshwright.frontends.istio.destination_rules import consistent_hash, destination_rules
from meshwright.frontends.istio.http_routes import routes_of
from meshwright.frontends.istio.mesh_config import MeshConfig
from meshwright.frontends.istio.objects import Config
from meshwright.frontends.istio.service_entries import service_registry
from meshwright.frontends.istio.virtual_services import virtual_services
from meshwright.manifests import read_text
from meshwright.traffic import Route, RouteConfiguration, VirtualHost

NAMESPACE = "default"
HASHED_BY_COOKIE: dict[str, dict[str, Any]] = {
    "for-virtual-service-with-ring-hash": {"trafficPolicy": {"name": "hash-cookie", "ttl": "0.0000001s"}},
    "for-virtual-service-with-subsets-with-ring-hash": {"subset": {"name": "other-cookie"}},
    "for-virtual-service-with-port-level-settings-matching-service-port": {"port": {"name": "matching-port-cookie"}},
}
"""The cookie that the DestinationRule of a case asked for; the recording lacks the rule itself."""


def judge() -> Iterator[Verdict]:
    """Compare the routes in the order in which Envoy tries them."""
    return each(load("pilot/http-routes.json")["cases"], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    host = {"name": "routes", "domains": ["*"], "routes": case["routes"]}
    recorded = comparable({"name": "routes", "virtualHosts": [host]})
    ours = VirtualHost("routes", ("*",), tuple(_ours(case)), include_request_attempt_count=False)
    written = comparable(route_configuration(RouteConfiguration("routes", (ours,))))
    return compare(case["id"], recorded, written)


def _ours(case: dict[str, Any]) -> list[Route]:
    written = case["virtual_service"]
    metadata = written["metadata"] | {"namespace": NAMESPACE}
    spec = {"hosts": ["*"], **written["spec"]}
    objects = [written | {"metadata": metadata, "spec": spec}, *_services(), *_rule(case)]
    resources = read_text("\n---\n".join(json.dumps(each) for each in objects))
    configs = [Config.of(resource, "") for resource in resources]
    headers = {"xForwardedHost": {"enabled": case.get("x_forwarded_host", False)}}
    mesh = MeshConfig.of({"defaultConfig": {"proxyHeaders": headers}})
    rules = destination_rules([c for c in configs if c.resource.kind == "DestinationRule"], mesh, "istio-system")
    registry = service_registry(resources)
    (service,) = virtual_services([c for c in configs if c.resource.kind == "VirtualService"], frozenset("*")).all
    gateways = frozenset(name if name == "mesh" else f"{NAMESPACE}/{name}" for name in case["gateways"])
    namespace = "foo" if "source-namespace" in case["id"] else NAMESPACE

    def hashing(host: str, subset: str, port: int) -> Any:
        found = registry.find(host, NAMESPACE)
        return consistent_hash(rules.find(NAMESPACE, {}, found) if found else None, subset, port)

    context = RouteContext(
        namespace=namespace,
        labels=case["node_labels"] or {},
        gateways=gateways if written["spec"].get("gateways") else frozenset({"mesh"}),
        port=case["port"],
        tls=case["tls"],
        mesh=mesh,
        service=lambda host: registry.find(host, NAMESPACE),
        consistent_hash=hashing,
        announces_http3=case["http3_alt_svc"],
    )
    return routes_of(service, context)


def _services() -> list[dict[str, Any]]:
    ports = [{"name": "default", "number": 8080, "protocol": "HTTP"}]
    spec = {"hosts": ["*.example.org"], "ports": ports, "resolution": "STATIC"}
    return [_object("ServiceEntry", spec)]


def _rule(case: dict[str, Any]) -> list[dict[str, Any]]:
    cookies = HASHED_BY_COOKIE.get(case["id"])
    if cookies is None:
        return []
    spec: dict[str, Any] = {"host": "*.example.org"}
    for place, cookie in cookies.items():
        policy: dict[str, Any] = {"loadBalancer": {"consistentHash": {"httpCookie": cookie}}}
        if place == "subset":
            spec["subsets"] = [{"name": "some-subset", "trafficPolicy": policy}]
        elif place == "port":
            spec["trafficPolicy"] = {"portLevelSettings": [policy | {"port": {"number": 8484}}]}
        else:
            spec["trafficPolicy"] = policy
    return [_object("DestinationRule", spec)]


def _object(kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    metadata = {"name": "recorded", "namespace": NAMESPACE}
    return {"apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": metadata, "spec": spec}
