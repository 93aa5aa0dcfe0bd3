"""Route tables small enough to stand in a test."""

from meshwright.traffic import (
    Cluster,
    FilterChain,
    FilterChainMatch,
    Forward,
    Listener,
    PathMatch,
    Proxy,
    Request,
    Route,
    RouteConfiguration,
    RouteMatch,
    RouteTable,
    VirtualHost,
    WeightedCluster,
)

GATEWAY = Proxy("router", "istio-system", (("istio", "ingressgateway"),))
SIDECAR = Proxy("sidecar", "shop")


def route(name="one", path="/", *, kind="prefix", headers=(), query=(), action=None, ignore_case=False, **more):
    match = RouteMatch(PathMatch(kind, path, ignore_case), tuple(headers), tuple(query))
    return Route(match, action or Forward((WeightedCluster(name),)), name, **more)


def virtual_host(*routes, domains=("*",), **more):
    return VirtualHost("host", tuple(domains), routes, **more)


def table(*hosts, proxy=SIDECAR, clusters=("one", "two"), **more):
    """Plain HTTP on port 80, to these virtual hosts."""
    chain = FilterChain("", FilterChainMatch(), http="http.80")
    listener = Listener("0.0.0.0_80", "0.0.0.0", 80, (chain,))
    configuration = RouteConfiguration("http.80", hosts, ignore_port_in_host_matching=True)
    return RouteTable(proxy, (listener,), (configuration,), {name: Cluster(name) for name in clusters}, **more)


def request(path="/", *, method="GET", authority="a.com", headers=(), **more):
    return Request(method, authority, path, tuple(headers), **more)
