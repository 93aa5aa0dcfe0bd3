"""Small route tables to put on a real Envoy."""

from meshwright.traffic import (
    FilterChain,
    FilterChainMatch,
    Forward,
    Listener,
    PathMatch,
    Proxy,
    Route,
    RouteConfiguration,
    RouteMatch,
    RouteTable,
    TcpRoute,
    VirtualHost,
    WeightedCluster,
)

GATEWAY = Proxy("router", "istio-system", (("istio", "ingressgateway"),))
ANY = RouteMatch(PathMatch("prefix", "/"))


def forward(*names, **rest):
    return Forward(tuple(WeightedCluster(name) for name in names), **rest)


def rule(action, match=ANY, **rest):
    return Route(match, action, **rest)


def host(domain, *routes, **rest):
    return VirtualHost(f"{domain}:80", (domain,), routes, **rest)


def gateway(*hosts, **rest):
    """Return a gateway with these hosts on plain HTTP, port 80."""
    chain = FilterChain("", FilterChainMatch(), http="http.80")
    configuration = RouteConfiguration("http.80", hosts, ignore_port_in_host_matching=True)
    return RouteTable(GATEWAY, (Listener("0.0.0.0_80", "0.0.0.0", 80, (chain,)),), (configuration,), **rest)


def tcp(*names, **match):
    return FilterChain("", FilterChainMatch(**match), tcp=TcpRoute(tuple(WeightedCluster(name) for name in names)))
