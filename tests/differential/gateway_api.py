"""Random Gateways and routes of the Gateway API, as a cluster lets them through."""

from hypothesis import strategies as st

from tests.differential.meshes import AGES, NAMESPACES, SIDECARS, RandomMesh, services
from tests.differential.rules import SERVICES, some, some_of

GROUP = "gateway.networking.k8s.io"
NAMES = ["shop.example.com", "*.example.com", "www.example.com", "example.com", "*.com"]
PATHS = ["/", "/a", "/a/b", "/api/v1", "/A"]


def made(kind, namespace, name, spec, created=None, version="v1"):
    metadata = {"name": name, "namespace": namespace} | ({"creationTimestamp": created} if created else {})
    return {"apiVersion": f"{GROUP}/{version}", "kind": kind, "metadata": metadata, "spec": spec}


def namespaces():
    for name in NAMESPACES:
        yield {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name, "labels": {"team": name}}}


@st.composite
def listeners(draw, number):
    out = {"name": f"l-{number}", "port": draw(st.sampled_from([80, 80, 8080])), "protocol": "HTTP"}
    if draw(st.integers(0, 2)):
        out["hostname"] = draw(st.sampled_from(NAMES))
    chosen = draw(st.sampled_from(["Same", "All", "All", "Selector"]))
    selector = {"selector": {"matchLabels": {"team": "team"}}} if chosen == "Selector" else {}
    out["allowedRoutes"] = {"namespaces": {"from": chosen} | selector}
    return out


@st.composite
def gateways(draw, number):
    name = f"gw-{number}"
    count = draw(st.integers(1, 3))
    spec = {"gatewayClassName": "istio", "listeners": [draw(listeners(number)) for number in range(count)]}
    namespace = draw(st.sampled_from(NAMESPACES))
    ports = [{"name": "http", "port": 80, "targetPort": 80}, {"name": "http-b", "port": 8080, "targetPort": 8080}]
    service = {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": {"name": f"{name}-istio", "namespace": namespace},
        "spec": {"clusterIP": f"10.9.0.{number + 1}", "ports": ports, "selector": {f"{GROUP}/gateway-name": name}},
    }
    return [made("Gateway", namespace, name, spec, draw(st.sampled_from(AGES))), service]


def header_values():
    kinds = st.sampled_from(["Exact", "RegularExpression"])
    return st.builds(lambda kind, value: {"type": kind, "value": value}, kinds, st.sampled_from(["1", "two"]))


def named(names):
    """Lists of conditions, each name once."""
    condition = st.builds(lambda name, value: {"name": name, **value}, st.sampled_from(names), header_values())
    return st.lists(condition, min_size=1, max_size=2, unique_by=lambda each: each["name"].lower())


def matches():
    path = st.one_of(
        st.builds(lambda value: {"type": "PathPrefix", "value": value}, st.sampled_from(PATHS)),
        st.builds(lambda value: {"type": "Exact", "value": value}, st.sampled_from(PATHS)),
        st.builds(lambda value: {"type": "RegularExpression", "value": value}, st.sampled_from(["/a.*", "/[ab]"])),
    )
    return some(
        path=path,
        headers=named(["x-a", "X-B", "cookie"]),
        queryParams=named(["q", "p"]),
        method=st.sampled_from(["GET", "POST"]),
    )


@st.composite
def backends(draw):
    out = {
        "kind": "Service",
        "name": draw(st.sampled_from([*SERVICES, "nowhere"])),
        "port": draw(st.sampled_from([80, 80, 9000])),
    }
    out |= draw(some(namespace=st.sampled_from(NAMESPACES), weight=st.integers(0, 3)))
    if draw(st.integers(0, 4)) == 0:
        out["filters"] = [draw(header_filters())]
    return out


def header_filters():
    changes = some_of(
        set=st.just([{"name": "x-set", "value": "1"}]),
        add=st.just([{"name": "x-add", "value": "2"}]),
        remove=st.just(["x-gone"]),
    )
    return st.one_of(
        changes.map(lambda each: {"type": "RequestHeaderModifier", "requestHeaderModifier": each}),
        changes.map(lambda each: {"type": "ResponseHeaderModifier", "responseHeaderModifier": each}),
    )


def path_changes(by_prefix):
    full = st.just({"type": "ReplaceFullPath", "replaceFullPath": "/new"})
    prefix = st.sampled_from(["/", "/x"]).map(lambda to: {"type": "ReplacePrefixMatch", "replacePrefixMatch": to})
    return st.one_of(full, prefix) if by_prefix else full


@st.composite
def http_rules(draw):
    rule = {}
    if draw(st.integers(0, 4)):
        rule["matches"] = draw(st.lists(matches(), min_size=1, max_size=2))
    paths = [match.get("path", {"type": "PathPrefix"})["type"] for match in rule.get("matches", [{}])]
    by_prefix = len(paths) == 1 and paths[0] == "PathPrefix"
    filters = draw(st.lists(header_filters(), max_size=1))
    kind = draw(st.sampled_from(["route"] * 5 + ["redirect", "rewrite", "mirror"]))
    if kind == "redirect":
        target = some_of(
            scheme=st.sampled_from(["http", "https"]),
            hostname=st.just("new.example.com"),
            port=st.just(8443),
            path=path_changes(by_prefix),
        )
        code = some(statusCode=st.sampled_from([301, 302]))
        redirect = draw(st.builds(lambda one, other: {**one, **other}, target, code))
        rule["filters"] = [*filters, {"type": "RequestRedirect", "requestRedirect": redirect}]
        return rule
    if kind == "rewrite":
        rewrite = draw(some_of(hostname=st.just("inner.example.com"), path=path_changes(by_prefix)))
        filters.append({"type": "URLRewrite", "urlRewrite": rewrite})
    if kind == "mirror":
        filters.append({"type": "RequestMirror", "requestMirror": {"backendRef": {"name": "cart", "port": 80}}})
    if filters:
        rule["filters"] = filters
    if draw(st.integers(0, 6)):
        rule["backendRefs"] = draw(st.lists(backends(), min_size=1, max_size=3))
    if draw(st.integers(0, 3)) == 0:
        rule["timeouts"] = {"request": "3s"}
    return rule


@st.composite
def parents(draw, own_gateways):
    if not own_gateways or draw(st.integers(0, 3)) == 0:
        out = {"group": "", "kind": "Service", "name": draw(st.sampled_from(SERVICES))}
        return out | draw(some(port=st.sampled_from([80, 9000])))
    gateway = draw(st.sampled_from(own_gateways))
    out = {"name": gateway["metadata"]["name"], "namespace": gateway["metadata"]["namespace"]}
    if draw(st.integers(0, 3)) == 0:
        out["sectionName"] = draw(st.sampled_from(gateway["spec"]["listeners"]))["name"]
    if draw(st.integers(0, 3)) == 0:
        out["port"] = draw(st.sampled_from([80, 8080]))
    return out


@st.composite
def http_routes(draw, number, own_gateways):
    spec = {"parentRefs": [draw(parents(own_gateways))]}
    if draw(st.integers(0, 3)):
        spec["hostnames"] = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=2, unique=True))
    spec["rules"] = draw(st.lists(http_rules(), min_size=1, max_size=3))
    namespace = draw(st.sampled_from(NAMESPACES))
    return made("HTTPRoute", namespace, f"route-{number}", spec, draw(st.sampled_from(AGES)))


@st.composite
def gateway_api_meshes(draw):
    """Gateways that istiod deploys, HTTPRoutes on them and on Services, and grants across namespaces."""
    objects = [each for number in range(draw(st.integers(1, 2))) for each in draw(gateways(number))]
    own_gateways = [each for each in objects if each["kind"] == "Gateway"]
    objects += [draw(http_routes(number, own_gateways)) for number in range(draw(st.integers(1, 4)))]
    if draw(st.booleans()):
        source = {"group": GROUP, "kind": "HTTPRoute", "namespace": draw(st.sampled_from(NAMESPACES))}
        target = {"group": "", "kind": "Service"} | draw(some(name=st.sampled_from(SERVICES)))
        spec = {"from": [source], "to": [target]}
        objects.append(made("ReferenceGrant", draw(st.sampled_from(NAMESPACES)), "grant", spec, version="v1beta1"))
    proxies = [
        {
            "name": each["metadata"]["name"],
            "type": "router",
            "namespace": each["metadata"]["namespace"],
            "labels": {f"{GROUP}/gateway-name": each["metadata"]["name"]},
        }
        for each in own_gateways
    ]
    return RandomMesh((*namespaces(), *services(), *objects), (*proxies, *SIDECARS))
