"""Random meshes: services, gateways that share ports and hosts, VirtualServices that share hosts, DestinationRules."""

import json
from typing import Any

from hypothesis import strategies as st

from tests.differential.rules import SERVICES, http_rules, some

NAMESPACES = ["store", "team"]
HOSTS = ["shop.example.com", "www.example.com", "*.example.com", "example.com", "*", "Other.Example.org", "*.com"]
INSIDE = [
    "shop",
    "cart.team.svc.cluster.local",
    "reviews.store",
    "shop.store.svc.cluster.local",
    "*.store.svc.cluster.local",
]
AGES = [None, "2026-01-02T00:00:00Z", "2026-01-03T00:00:00Z", "2025-12-31T00:00:00Z"]
INGRESS = {"name": "ingress", "type": "router", "namespace": "istio-system", "labels": {"istio": "ingressgateway"}}
INNER = {"name": "inner", "type": "router", "namespace": "store", "labels": {"istio": "inner"}}
SIDECARS = [
    {"name": "web", "type": "sidecar", "namespace": "store", "labels": {"app": "web"}, "addresses": ["10.1.0.1"]},
    {"name": "job", "type": "sidecar", "namespace": "team", "labels": {"app": "job"}, "addresses": ["10.1.0.2"]},
]


class RandomMesh:
    """Objects and the proxies to ask for; shown as text that can become a case of its own."""

    def __init__(self, objects: tuple[dict[str, Any], ...], proxies: tuple[dict[str, Any], ...]) -> None:
        self.objects = objects
        self.proxies = proxies

    @property
    def text(self) -> str:
        return "\n---\n".join(json.dumps(each) for each in self.objects)

    def __repr__(self) -> str:
        return f"\n{self.text}\n"


def istio(kind, namespace, name, spec, created=None):
    metadata = {"name": name, "namespace": namespace} | ({"creationTimestamp": created} if created else {})
    return {"apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


def services():
    """The same services in both namespaces, with an outside host."""
    found = []
    for number, name in enumerate(SERVICES):
        for offset, namespace in enumerate(NAMESPACES):
            ports = [{"name": "http", "port": 80}] + ([{"name": "http-b", "port": 9000}] if name == "reviews" else [])
            spec = {"clusterIP": f"10.0.{offset}.{number + 1}", "ports": ports, "selector": {"app": name}}
            metadata = {"name": name, "namespace": namespace}
            found.append({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec})
    ports = [{"number": 80, "name": "http", "protocol": "HTTP"}, {"number": 9000, "name": "http-b", "protocol": "HTTP"}]
    spec = {"hosts": ["api.example.com"], "location": "MESH_EXTERNAL", "resolution": "DNS", "ports": ports}
    return [*found, istio("ServiceEntry", "store", "api", spec)]


@st.composite
def gateway_servers(draw, number):
    hosts = draw(st.lists(st.sampled_from(HOSTS), min_size=1, max_size=2, unique=True))
    prefix = draw(st.sampled_from(["", "", "", "./", "*/", "store/", "team/"]))
    server = {"hosts": [prefix + host for host in hosts]}
    kind = draw(st.sampled_from(["http", "http", "http", "http-b", "redirect", "https", "mutual"]))
    if kind in ("https", "mutual"):
        server["port"] = {"number": 443, "name": f"https-{number}", "protocol": "HTTPS"}
        server["tls"] = {"mode": "SIMPLE" if kind == "https" else "MUTUAL", "credentialName": f"cert-{number}"}
        return server
    server["port"] = {"number": 8080 if kind == "http-b" else 80, "name": f"http-{number}", "protocol": "HTTP"}
    if kind == "redirect":
        server["tls"] = {"httpsRedirect": True}
    return server


@st.composite
def gateways(draw, name):
    selector = draw(st.sampled_from([{"istio": "ingressgateway"}] * 4 + [{"istio": "inner"}, {}]))
    servers = draw(st.integers(1, 2))
    spec = {"selector": selector, "servers": [draw(gateway_servers(number)) for number in range(servers)]}
    return istio("Gateway", draw(st.sampled_from(NAMESPACES)), name, spec, draw(st.sampled_from(AGES)))


def overlap(one, other):
    """Tell whether admission takes two hosts of one VirtualService for duplicates."""
    one, other = one.lower(), other.lower()
    wild = [host[1:] for host in (one, other) if host.startswith("*")]
    return one == other or any(one.endswith(end) and other.endswith(end) for end in wild)


@st.composite
def virtual_services(draw, number, gateway_names, delegates):
    """A VirtualService for gateways, for sidecars, or for both."""
    namespace = draw(st.sampled_from(NAMESPACES))
    spec = {}
    where = draw(st.sampled_from(["gateways", "gateways", "mesh", "both"])) if gateway_names else "mesh"
    if where != "mesh":
        chosen = draw(st.lists(st.sampled_from(gateway_names), min_size=1, max_size=2, unique=True))
        spec["gateways"] = chosen + (["mesh"] if where == "both" else [])
    hosts = HOSTS if where == "gateways" else [host for host in INSIDE + HOSTS if host != "*"]
    first, second = draw(st.sampled_from(hosts)), draw(st.sampled_from(hosts))
    spec["hosts"] = [first] if overlap(first, second) else [first, second]
    spec["http"] = draw(st.lists(http_rules(delegates), min_size=1, max_size=3))
    if draw(st.integers(0, 5)) == 0:
        spec["exportTo"] = draw(st.sampled_from([["."], ["*"], ["team"], ["istio-system", "store"]]))
    return istio("VirtualService", namespace, f"vs-{number}", spec, draw(st.sampled_from(AGES)))


@st.composite
def destination_rules(draw, number):
    balanced = st.sampled_from(
        [
            {"simple": "ROUND_ROBIN"},
            {"consistentHash": {"httpHeaderName": "x-user"}},
            {"consistentHash": {"httpCookie": {"name": "user", "ttl": "60s"}}},
            {"consistentHash": {"useSourceIp": True}},
        ]
    )
    policy = st.builds(lambda settings: {"loadBalancer": settings}, balanced)
    subset = st.fixed_dictionaries(
        {"name": st.sampled_from(["v1", "v2"]), "labels": st.just({"version": "v1"})},
        optional={"trafficPolicy": policy},
    )
    spec = {"host": draw(st.sampled_from([*SERVICES, "shop.store.svc.cluster.local", "api.example.com"]))}
    spec |= draw(
        some(trafficPolicy=policy, subsets=st.lists(subset, min_size=1, max_size=2, unique_by=lambda s: s["name"]))
    )
    if draw(st.integers(0, 4)) == 0:
        spec["exportTo"] = draw(st.sampled_from([["."], ["*"], ["team"]]))
    namespace = draw(st.sampled_from([*NAMESPACES, "istio-system"]))
    return istio("DestinationRule", namespace, f"dr-{number}", spec, draw(st.sampled_from(AGES)))


@st.composite
def meshes(draw, sidecars=True):
    """A mesh that admission lets through, as far as its rules are known here."""
    own_gateways = [draw(gateways(f"gw-{number}")) for number in range(draw(st.integers(0 if sidecars else 1, 3)))]
    names = [f"{each['metadata']['namespace']}/{each['metadata']['name']}" for each in own_gateways]
    delegates = []
    for number in range(draw(st.integers(0, 2))):
        rules = draw(st.lists(http_rules(), min_size=1, max_size=2))
        namespace = draw(st.sampled_from(NAMESPACES))
        delegates.append(istio("VirtualService", namespace, f"delegate-{number}", {"http": rules}))
    targets = [(each["metadata"]["name"], each["metadata"]["namespace"]) for each in delegates]
    rules = [draw(virtual_services(number, names, targets)) for number in range(draw(st.integers(1, 4)))]
    policies = [draw(destination_rules(number)) for number in range(draw(st.integers(0, 3)))]
    proxies = [INGRESS, INNER] if own_gateways else []
    return RandomMesh(
        (*services(), *own_gateways, *delegates, *rules, *policies), (*proxies, *(SIDECARS if sidecars else []))
    )
