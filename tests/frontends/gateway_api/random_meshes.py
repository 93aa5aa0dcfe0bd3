"""Random meshes of Gateway API objects, the same for the same number."""

from random import Random
from typing import Any

JSON = dict[str, Any]

API = "gateway.networking.k8s.io/v1"
NAMES = [
    "a.example.com",
    "b.example.com",
    "*.example.com",
    "*.com",
    "c.other.org",
    "*.b.example.com",
    "x.b.example.com",
]
PATHS = ["/", "/a", "/a/", "/ab", "/a/b", "/a/b/c"]
PORTS = {"http": (80, 8080), "http-alt": (8081, 8081), "https": (443, 8443), "tcp": (5432, 5432)}
PROXIES = [
    {
        "name": "gateway",
        "type": "router",
        "namespace": "edge",
        "labels": {"app": "ingress"},
        "addresses": ["192.0.2.1"],
    },
    *(
        {"name": namespace, "type": "sidecar", "namespace": namespace, "labels": {}, "addresses": ["192.0.2.9"]}
        for namespace in ("shop", "blog")
    ),
]


def thing(kind: str, namespace: str, name: str, spec: JSON, version: str = API, **metadata: Any) -> JSON:
    """One object."""
    metadata = {"name": name, **({"namespace": namespace} if namespace else {}), **metadata}
    return {"apiVersion": version, "kind": kind, "metadata": metadata, "spec": spec}


def mesh(number: int) -> list[JSON]:
    """Make a mesh: an ingress gateway, services in two namespaces, and Gateways and routes of all kinds."""
    random = Random(number)
    gateways = [_gateway(random, f"gate{index}") for index in range(random.choice([1, 1, 2]))]
    routes = [_route(random, f"route{index}", gateways) for index in range(random.randint(1, 5))]
    grants = [_grant(random, f"grant{index}") for index in range(random.choice([0, 0, 1, 2]))]
    return [*_surroundings(), *gateways, *grants, *routes]


def _surroundings() -> list[JSON]:
    ports = [{"name": name, "port": port, "targetPort": target} for name, (port, target) in PORTS.items()]
    address = {"clusterIP": "10.0.0.1", "selector": {"app": "ingress"}}
    pod = thing("Pod", "edge", "ingress", {"containers": []}, "v1", labels={"app": "ingress"})
    ready = {"podIP": "192.0.2.1", "phase": "Running", "conditions": [{"type": "Ready", "status": "True"}]}
    found = [thing("Service", "edge", "ingress", {**address, "ports": ports}, "v1"), {**pod, "status": ready}]
    found += [thing("Namespace", "", name, {}, "v1", labels={"team": name[0]}) for name in ("edge", "shop", "blog")]
    for index, namespace in enumerate(("shop", "blog")):
        for position, name in enumerate(("cart", "posts")):
            ports = [{"name": "http", "port": 80, "targetPort": 80}, {"name": "tcp", "port": 9000, "targetPort": 9000}]
            spec = {"clusterIP": f"10.0.{index + 1}.{position + 1}", "ports": ports}
            found.append(thing("Service", namespace, name, spec, "v1"))
    return found


def _dated(random: Random) -> JSON:
    return {"creationTimestamp": f"2026-0{random.randint(1, 9)}-01T00:00:00Z"} if random.random() < 0.5 else {}


def _gateway(random: Random, name: str) -> JSON:
    spec = {
        "gatewayClassName": "istio",
        "addresses": [{"type": "Hostname", "value": "ingress"}],
        "listeners": [_listener(random, f"l{index}") for index in range(random.randint(1, 4))],
    }
    return thing("Gateway", "edge", name, spec, **_dated(random))


def _listener(random: Random, name: str) -> JSON:
    protocol = random.choice(["HTTP", "HTTP", "HTTP", "HTTPS", "TLS", "TCP"])
    port = {"HTTP": random.choice([80, 80, 8081]), "TCP": 5432}.get(protocol, 443)
    listener: JSON = {"name": name, "port": port, "protocol": protocol}
    if protocol != "TCP" and random.random() < 0.7:
        listener["hostname"] = random.choice(NAMES)
    if protocol == "HTTPS":
        listener["tls"] = {"options": {"gateway.istio.io/tls-terminate-mode": "ISTIO_SIMPLE"}}
    if protocol == "TLS":
        listener["tls"] = {"mode": "Passthrough"}
    selector = random.choice(
        [
            {"matchLabels": {"team": "b"}},
            {"matchExpressions": [{"key": "team", "operator": random.choice(["In", "NotIn"]), "values": ["s"]}]},
        ]
    )
    allowed = random.choice(
        [{"from": "All"}, {"from": "All"}, {"from": "Same"}, {"from": "Selector", "selector": selector}]
    )
    listener["allowedRoutes"] = {"namespaces": allowed}
    if random.random() < 0.1:
        listener["allowedRoutes"]["kinds"] = [{"kind": random.choice(["HTTPRoute", "GRPCRoute", "TCPRoute"])}]
    return listener


def _grant(random: Random, name: str) -> JSON:
    source = {"group": "gateway.networking.k8s.io", "kind": random.choice(["HTTPRoute", "GRPCRoute"])}
    target = {"group": "", "kind": "Service", **({"name": "cart"} if random.random() < 0.3 else {})}
    spec = {"from": [{**source, "namespace": random.choice(["shop", "blog"])}], "to": [target]}
    version = "gateway.networking.k8s.io/v1beta1"
    return thing("ReferenceGrant", random.choice(["shop", "blog"]), name, spec, version)


def _route(random: Random, name: str, gateways: list[JSON]) -> JSON:
    kind = random.choice(["HTTPRoute"] * 5 + ["GRPCRoute", "TCPRoute", "TLSRoute"])
    spec: JSON = {"parentRefs": [_parent(random, gateways) for _ in range(random.choice([1, 1, 2]))]}
    if kind == "TLSRoute" or (kind != "TCPRoute" and random.random() < 0.7):
        spec["hostnames"] = random.sample(NAMES, random.choice([1, 1, 2]))
    make = {"HTTPRoute": _http_rule, "GRPCRoute": _grpc_rule}.get(kind, _plain_rule)
    spec["rules"] = [make(random) for _ in range(random.randint(1, 3) if kind in ("HTTPRoute", "GRPCRoute") else 1)]
    return thing(kind, random.choice(["shop", "blog"]), name, spec, **_dated(random))


def _parent(random: Random, gateways: list[JSON]) -> JSON:
    if random.random() < 0.7:
        gateway = random.choice(gateways)
        reference = {"name": gateway["metadata"]["name"], "namespace": "edge"}
        if random.random() < 0.3:
            reference["sectionName"] = random.choice(gateway["spec"]["listeners"])["name"]
        return {**reference, **({"port": random.choice([80, 443])} if random.random() < 0.15 else {})}
    reference = {"group": "", "kind": "Service", "name": random.choice(["cart", "posts", "absent"])}
    reference |= {"namespace": random.choice(["shop", "blog"])} if random.random() < 0.3 else {}
    return {**reference, **({"port": random.choice([80, 9000])} if random.random() < 0.3 else {})}


def _backend(random: Random) -> JSON:
    backend: JSON = {
        "name": random.choice(["cart", "posts", "cart", "posts", "absent"]),
        "port": random.choice([80, 80, 9000]),
    }
    if random.random() < 0.15:
        backend["namespace"] = random.choice(["shop", "blog"])
    if random.random() < 0.4:
        backend["weight"] = random.choice([0, 1, 3, 90])
    return backend


def _plain_rule(random: Random) -> JSON:
    return {"backendRefs": [_backend(random) for _ in range(random.choice([1, 2]))]}


def _grpc_rule(random: Random) -> JSON:
    rule = _plain_rule(random)
    if random.random() < 0.8:
        method = random.choice([{"service": "a.B"}, {"method": "Get"}, {"service": "a.B", "method": "Get"}])
        rule["matches"] = [{"method": {**method, "type": random.choice(["Exact", "RegularExpression"])}}]
    return rule


def _http_rule(random: Random) -> JSON:
    rule = _plain_rule(random) if random.random() < 0.95 else {}
    if random.random() < 0.85:
        rule["matches"] = [_match(random) for _ in range(random.randint(1, 3))]
    rule["filters"] = _filters(random)
    if any("requestRedirect" in one for one in rule["filters"]):
        rule.pop("backendRefs", None)
    if random.random() < 0.2:
        rule["timeouts"] = random.choice([{"request": "1m30s"}, {"request": "2s", "backendRequest": "500ms"}])
    if random.random() < 0.2:
        rule["retry"] = random.choice([{}, {"attempts": 0}, {"attempts": 3, "codes": [503], "backoff": "100ms"}])
    return rule


def _match(random: Random) -> JSON:
    match: JSON = {}
    if random.random() < 0.9:
        kind = random.choice(["PathPrefix", "PathPrefix", "Exact", "RegularExpression"])
        match["path"] = {"type": kind, "value": "/a.*" if kind == "RegularExpression" else random.choice(PATHS)}
    if random.random() < 0.3:
        match["headers"] = [{"name": random.choice(["x-a", "version"]), "value": "1"}]
    if random.random() < 0.2:
        match["queryParams"] = [{"name": "debug", "value": "t.*", "type": "RegularExpression"}]
    if random.random() < 0.2:
        match["method"] = random.choice(["GET", "POST"])
    return match


def _filters(random: Random) -> list[JSON]:
    path = random.choice(
        [
            {"type": "ReplacePrefixMatch", "replacePrefixMatch": random.choice(["/", "/new", "/new/"])},
            {"type": "ReplaceFullPath", "replaceFullPath": "/all"},
        ]
    )
    headers = {"set": [{"name": "X-A", "value": "1"}], "add": [{"name": "x-b", "value": "%2"}], "remove": ["x-c"]}
    mirror = {"backendRef": {"name": random.choice(["cart", "absent"]), "port": 80}, "percent": 10}
    redirect = random.choice(
        [{"scheme": "https"}, {"hostname": "new.example.com", "statusCode": 301}, {"path": path, "port": 81}]
    )
    cors = {"allowOrigins": random.choice([["*"], ["https://*.a.com", "https://b.com"]]), "allowMethods": ["GET"]}
    return random.choices(
        [
            [],
            [{"type": "RequestHeaderModifier", "requestHeaderModifier": headers}],
            [{"type": "ResponseHeaderModifier", "responseHeaderModifier": headers}],
            [{"type": "URLRewrite", "urlRewrite": {"path": path, "hostname": "new.example.com"}}],
            [{"type": "RequestMirror", "requestMirror": mirror}],
            [{"type": "RequestRedirect", "requestRedirect": redirect}],
            [{"type": "CORS", "cors": cors}],
        ],
        weights=[8, 1, 1, 1, 1, 1, 1],
    )[0]
