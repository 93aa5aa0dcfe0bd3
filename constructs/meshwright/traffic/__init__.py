"""The route table: what a proxy does with traffic, as plain frozen values.

Every frontend compiles to these values and every question is asked of them. They know nothing of YAML, Istio or
Envoy's protobuf, and this room needs the standard library only. The shape follows Envoy's own (listener, virtual
host, route, match, action, cluster), because that is what answers requests in the end.
"""

from meshwright.traffic.action import (
    Action,
    CorsPolicy,
    DirectResponse,
    Fault,
    FaultAbort,
    FaultDelay,
    Forward,
    HashPolicy,
    HeaderChanges,
    HeaderValue,
    MirrorPolicy,
    NoAction,
    Redirect,
    RegexRewrite,
    RetryPolicy,
    WeightedCluster,
)
from meshwright.traffic.cluster import Cluster
from meshwright.traffic.listener import FilterChain, FilterChainMatch, Listener, TcpRoute
from meshwright.traffic.match import ClaimMatch, HeaderMatch, PathMatch, QueryMatch, RouteMatch, StringMatch
from meshwright.traffic.origin import MadeBy, Origin, Place
from meshwright.traffic.request import Request
from meshwright.traffic.route import Route, RouteConfiguration, VirtualHost
from meshwright.traffic.table import Proxy, RouteTable, Unknown

__all__ = [
    "Action",
    "ClaimMatch",
    "Cluster",
    "CorsPolicy",
    "DirectResponse",
    "Fault",
    "FaultAbort",
    "FaultDelay",
    "FilterChain",
    "FilterChainMatch",
    "Forward",
    "HashPolicy",
    "HeaderChanges",
    "HeaderMatch",
    "HeaderValue",
    "Listener",
    "MadeBy",
    "MirrorPolicy",
    "NoAction",
    "Origin",
    "PathMatch",
    "Place",
    "Proxy",
    "QueryMatch",
    "Redirect",
    "RegexRewrite",
    "Request",
    "RetryPolicy",
    "Route",
    "RouteConfiguration",
    "RouteMatch",
    "RouteTable",
    "StringMatch",
    "TcpRoute",
    "Unknown",
    "VirtualHost",
    "WeightedCluster",
]
