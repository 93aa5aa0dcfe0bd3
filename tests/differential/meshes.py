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

    def __init__(
        self,
        objects: tuple[dict[str, Any], ...],
        proxies: tuple[dict[str, Any], ...],
        mesh: dict[str, Any] | None = None,
    ) -> None:
        self.objects = objects
        self.proxies = proxies
        self.mesh = mesh or {}

    @property
    def text(self) -> str:
        return "\n---\n".join(json.dumps(each) for each in self.objects)

    def __repr__(self) -> str:
        return f"\n# {json.dumps(self.mesh)}\n{self.text}\n"


def istio(kind, namespace, name, spec, created=None):
    metadata = {"name": name, "namespace": namespace} | ({"creationTimestamp": created} if created else {})
    return {"apiVersion": "networking.istio.io/v1", "kind": kind, "metadata": metadata, "spec": spec}


def settings():
    """Mesh settings, most often none."""
    retries = {"attempts": 4, "retryOn": "reset,503", "perTryTimeout": "2s"}
    written = some(
        outboundTrafficPolicy=st.sampled_from([{"mode": "REGISTRY_ONLY"}, {"mode": "ALLOW_ANY"}]),
        defaultHttpRetryPolicy=st.sampled_from([retries, {"attempts": 0}]),
        defaultVirtualServiceExportTo=st.sampled_from([["."], ["*"]]),
        defaultDestinationRuleExportTo=st.sampled_from([["."], ["*"]]),
        defaultServiceExportTo=st.sampled_from([["."], ["*"]]),
    )
    return st.one_of(st.just({}), st.just({}), written)


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
    hosts = ["*"] if "*" in hosts else hosts  # istiod breaks down over */* with another host behind it
    server = {"hosts": [prefix + host for host in hosts]}
    kind = draw(st.sampled_from(["http", "http", "http", "http-b", "redirect", "https", "mutual", "http2", "tcp"]))
    if kind in ("https", "mutual"):
        server["port"] = {"number": 443, "name": f"https-{number}", "protocol": "HTTPS"}
        server["tls"] = {"mode": "SIMPLE" if kind == "https" else "MUTUAL", "credentialName": f"cert-{number}"}
        return server
    number_of_port = 8080 if kind in ("http-b", "http2", "tcp") else 80
    protocol = {"http2": "HTTP2", "tcp": "TCP"}.get(kind, "HTTP")
    server["port"] = {"number": number_of_port, "name": f"http-{number}", "protocol": protocol}
    if kind == "redirect":
        server["tls"] = {"httpsRedirect": True}
    return server


@st.composite
def gateways(draw, name):
    selector = draw(st.sampled_from([{"istio": "ingressgateway"}] * 4 + [{"istio": "inner"}, {}]))
    servers = draw(st.integers(1, 2))
    spec = {"selector": selector, "servers": [draw(gateway_servers(number)) for number in range(servers)]}
    return istio("Gateway", draw(st.sampled_from(NAMESPACES)), name, spec, draw(st.sampled_from(AGES)))


PORTS = {
    "http": {"number": 80, "protocol": "HTTP"},
    "tcp": {"number": 5432, "protocol": "TCP"},
    "tls": {"number": 443, "protocol": "TLS"},
    "https": {"number": 443, "protocol": "HTTPS"},
    "auto": {"number": 7000, "protocol": ""},
    "grpc": {"number": 9090, "protocol": "GRPC"},
    "http-8080": {"number": 8080, "protocol": "HTTP"},
}


@st.composite
def other_services(draw):
    """Services of every kind: with several protocols, headless, an alias, outside of the mesh."""
    found = []
    for number, name in enumerate(
        draw(st.lists(st.sampled_from(["db", "bank", "queue", "alias"]), max_size=3, unique=True))
    ):
        namespace = draw(st.sampled_from(NAMESPACES))
        metadata = {"name": name, "namespace": namespace}
        chosen = draw(
            st.lists(st.sampled_from(sorted(PORTS)), min_size=1, max_size=3, unique_by=lambda p: PORTS[p]["number"])
        )
        ports = [{"name": port, "port": PORTS[port]["number"]} for port in chosen]
        spec = {"ports": ports, "selector": {"app": draw(st.sampled_from(["web", "job", name]))}}
        kind = draw(st.sampled_from(["address", "address", "headless", "external"]))
        spec["clusterIP"] = "None" if kind == "headless" else f"10.2.0.{number + 1}"
        if kind == "external":
            target = draw(st.sampled_from(["api.example.com", "shop.store.svc.cluster.local", "out.example.net"]))
            spec = {"type": "ExternalName", "externalName": target, "ports": ports}
        if draw(st.integers(0, 4)) == 0:
            metadata["annotations"] = {"networking.istio.io/exportTo": draw(st.sampled_from([".", "team", "*", "~"]))}
        found.append({"apiVersion": "v1", "kind": "Service", "metadata": metadata, "spec": spec})
    return found + [draw(service_entries(number)) for number in range(draw(st.integers(0, 2)))]


@st.composite
def service_entries(draw, number):
    chosen = draw(
        st.lists(st.sampled_from(sorted(PORTS)), min_size=1, max_size=3, unique_by=lambda p: PORTS[p]["number"])
    )
    ports = [{"name": port, **PORTS[port], "protocol": PORTS[port]["protocol"] or "TCP"} for port in chosen]
    spec = {
        "hosts": [draw(st.sampled_from(["out.example.net", "*.example.net", "in.mesh", f"se-{number}.example.net"]))],
        "location": draw(st.sampled_from(["MESH_EXTERNAL", "MESH_INTERNAL"])),
        "ports": ports,
        "resolution": draw(st.sampled_from(["NONE", "STATIC", "DNS"])),
    }
    if spec["hosts"][0].startswith("*"):
        spec["resolution"] = "NONE"
    if spec["resolution"] == "STATIC":
        spec["endpoints"] = [{"address": "192.0.2.9"}]
    if draw(st.booleans()) or (spec["resolution"] == "NONE" and any(port["protocol"] == "TCP" for port in ports)):
        # each its own: whose address it is when two have the same is up to chance in istiod
        spec["addresses"] = [draw(st.sampled_from([f"192.0.{number}.1", f"192.0.{number}.0/24"]))]
    if draw(st.integers(0, 5)) == 0:
        spec["exportTo"] = draw(st.sampled_from([["."], ["*"], ["team"]]))
    # at a time of its own: which comes first of two that have host, namespace and time in common is up to chance, too
    created = draw(st.sampled_from(AGES[1:])).replace("T00:00", f"T00:0{number}")
    return istio("ServiceEntry", draw(st.sampled_from(NAMESPACES)), f"se-{number}", spec, created)


@st.composite
def layer4_servers(draw, number):
    kind = draw(st.sampled_from(["passthrough", "tcp", "terminated", "auto"]))
    hosts = [draw(st.sampled_from(["bank.example.com", "*.example.com", "*"]))]
    if kind == "tcp":
        return {"hosts": ["*"], "port": {"number": 5432, "name": f"tcp-{number}", "protocol": "TCP"}}
    mode = {"passthrough": "PASSTHROUGH", "terminated": "SIMPLE", "auto": "AUTO_PASSTHROUGH"}[kind]
    tls = {"mode": mode} | ({"credentialName": f"cert-{number}"} if mode == "SIMPLE" else {})
    port = draw(st.sampled_from([443, 15443]))
    return {"hosts": hosts, "port": {"number": port, "name": f"tls-{number}", "protocol": "TLS"}, "tls": tls}


@st.composite
def layer4_virtual_services(draw, number, gateway_names):
    """TLS rules by server name and TCP rules by port."""
    host = draw(st.sampled_from(["bank.example.com", "*.example.com", "db.store.svc.cluster.local", "out.example.net"]))
    target = st.sampled_from(["db", "bank.team", "shop", "out.example.net"]).map(
        lambda name: {"destination": {"host": name}}
    )
    ported = st.builds(
        lambda each, port: {"destination": each["destination"] | ({"port": {"number": port}} if port else {})},
        target,
        st.sampled_from([0, 443, 5432]),
    )
    split = st.one_of(
        ported.map(lambda one: [one]),
        st.builds(lambda one, two: [one | {"weight": 30}, two | {"weight": 70}], ported, ported),
    )
    inner = host.replace("*", "a")
    snis = st.lists(st.sampled_from(sorted({host, inner})), min_size=1, max_size=2, unique=True)
    tls_match = st.fixed_dictionaries({"sniHosts": snis}, optional={"port": st.sampled_from([443, 15443])})
    tcp_match = some(port=st.sampled_from([5432, 443]), sourceLabels=st.just({"app": "web"}))
    spec = {"hosts": [host]}
    if gateway_names:
        spec["gateways"] = draw(
            st.lists(st.sampled_from([*gateway_names, "mesh"]), min_size=1, max_size=2, unique=True)
        )
    if draw(st.booleans()):
        rule = st.fixed_dictionaries({"match": st.lists(tls_match, min_size=1, max_size=2), "route": split})
        spec["tls"] = draw(st.lists(rule, min_size=1, max_size=2))
    else:
        matches = st.lists(tcp_match.filter(bool), min_size=1, max_size=2)
        rule = st.fixed_dictionaries({"route": split}, optional={"match": matches})
        spec["tcp"] = draw(st.lists(rule, min_size=1, max_size=2))
    namespace = draw(st.sampled_from(NAMESPACES))
    return istio("VirtualService", namespace, f"l4-{number}", spec, draw(st.sampled_from(AGES)))


@st.composite
def sidecar_resources(draw):
    """Sidecars that limit what workloads see, at most one of a kind a namespace."""
    hosts = [
        "./*",
        "*/*",
        "store/*",
        "team/shop.team.svc.cluster.local",
        "~/*",
        "*/out.example.net",
        "./shop.store.svc.cluster.local",
    ]
    found = []
    for namespace in draw(st.lists(st.sampled_from([*NAMESPACES, "istio-system"]), max_size=2, unique=True)):
        egress = [{"hosts": draw(st.lists(st.sampled_from(hosts), min_size=1, max_size=2, unique=True))}]
        if draw(st.integers(0, 3)) == 0:
            port = draw(st.sampled_from([{"number": 80, "protocol": "HTTP"}, {"number": 5432, "protocol": "TCP"}]))
            egress.insert(0, {"port": port | {"name": "own"}, "hosts": ["./*"]})
        spec = {"egress": egress}
        if draw(st.integers(0, 3)) == 0 and namespace != "istio-system":
            spec["workloadSelector"] = {"labels": {"app": "web"}}
        if draw(st.integers(0, 3)) == 0:
            spec["outboundTrafficPolicy"] = {"mode": draw(st.sampled_from(["REGISTRY_ONLY", "ALLOW_ANY"]))}
        found.append(istio("Sidecar", namespace, "limits", spec))
    return found


@st.composite
def peer_authentications(draw):
    found = []
    for namespace in draw(st.lists(st.sampled_from([*NAMESPACES, "istio-system"]), max_size=2, unique=True)):
        spec = {"mtls": {"mode": draw(st.sampled_from(["STRICT", "PERMISSIVE", "DISABLE"]))}}
        if namespace != "istio-system" and draw(st.booleans()):
            spec["selector"] = {"matchLabels": {"app": "web"}}
            if draw(st.booleans()):
                spec["portLevelMtls"] = {
                    str(draw(st.sampled_from([80, 5432]))): {"mode": draw(st.sampled_from(["STRICT", "DISABLE"]))}
                }
        metadata = {"name": "mtls", "namespace": namespace}
        version = "security.istio.io/v1"
        found.append({"apiVersion": version, "kind": "PeerAuthentication", "metadata": metadata, "spec": spec})
    return found


@st.composite
def layer4_meshes(draw):
    """A mesh with TLS and TCP routes, services of all protocols and Sidecars."""
    servers = st.integers(1, 2).flatmap(lambda count: st.tuples(*(layer4_servers(number) for number in range(count))))
    own_gateways = [
        istio(
            "Gateway",
            "store",
            f"l4-gw-{number}",
            {"selector": {"istio": "ingressgateway"}, "servers": list(draw(servers))},
        )
        for number in range(draw(st.integers(0, 2)))
    ]
    names = [f"store/{each['metadata']['name']}" for each in own_gateways]
    rules = [draw(layer4_virtual_services(number, names)) for number in range(draw(st.integers(0, 3)))]
    rules += [draw(virtual_services(number, [], [])) for number in range(draw(st.integers(0, 2)))]
    others = [*draw(other_services()), *draw(sidecar_resources()), *draw(peer_authentications())]
    proxies = (*([INGRESS] if names else []), *SIDECARS)
    return RandomMesh((*services(), *others, *own_gateways, *rules), proxies, draw(settings()))


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
    hosts = [*SERVICES, "shop.store.svc.cluster.local", "api.example.com", "*.store.svc.cluster.local", "*.example.com"]
    spec = {"host": draw(st.sampled_from(hosts))}
    at_port = st.builds(lambda port, each: each | {"port": {"number": port}}, st.sampled_from([80, 9000]), policy)
    layered = st.builds(lambda each, ports: each | {"portLevelSettings": [ports]}, policy, at_port)
    policy = st.one_of(policy, layered)
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
