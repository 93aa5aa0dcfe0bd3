"""Clusters as Envoy's, each with an echo on loopback as its one endpoint."""

from collections.abc import Iterator

from meshwright.envoy.protobuf_json import JSON, TYPE
from meshwright.traffic import Forward, RouteConfiguration, RouteTable

CLUSTER_HEADER = "x-meshwright-cluster"
BLACK_HOLE = "BlackHoleCluster"
NO_LIMIT = 4294967295


def echoed_clusters(table: RouteTable, assume: bool = False) -> tuple[set[str], set[str]]:
    """Return the names of the clusters that HTTP routes and that TCP routes of ``table`` lead to, and that exist.

    A table without any cluster was read from RouteConfigurations alone: all that its routes name count as existing.

    Args:
        table: Its routes and clusters.
        assume: Count the clusters of ``assumed_hosts`` as existing.
    """
    http, tcp = _named_clusters(table)
    known = set(table.clusters) or http | tcp
    if assume:
        hosts = assumed_hosts(table)
        known |= {name for name in http | tcp if _host(name) in hosts}
    return (http & known) - {BLACK_HOLE}, (tcp & known) - {BLACK_HOLE}


def assumed_hosts(table: RouteTable) -> list[str]:
    """Return the hosts that routes lead to and of which no cluster tells: nobody knows whether they exist."""
    http, tcp = _named_clusters(table)
    known = {_host(name) for name in table.clusters}
    unknown = {_host(name) for name in http | tcp if name not in table.clusters} - known
    return sorted(unknown - {""})


def echo_cluster(name: str, port: int) -> JSON:
    """Return a cluster whose endpoint is loopback ``port``.

    HTTP requests tell the echo the cluster's name in ``x-meshwright-cluster``. Circuit breakers are as open as istiod
    leaves them, so that retries are not held back.
    """
    endpoint = {"endpoint": {"address": loopback(port)}}
    return {
        "name": name,
        "type": "STATIC",
        "connectTimeout": "10s",
        "loadAssignment": {"clusterName": name, "endpoints": [{"lbEndpoints": [endpoint]}]},
        "circuitBreakers": {
            "thresholds": [
                {
                    "maxConnections": NO_LIMIT,
                    "maxPendingRequests": NO_LIMIT,
                    "maxRequests": NO_LIMIT,
                    "maxRetries": NO_LIMIT,
                }
            ]
        },
        "typedExtensionProtocolOptions": {
            "envoy.extensions.upstreams.http.v3.HttpProtocolOptions": {
                "@type": TYPE + "envoy.extensions.upstreams.http.v3.HttpProtocolOptions",
                "explicitHttpConfig": {"httpProtocolOptions": {}},
                "httpFilters": [
                    header_mutation(requestMutations=[set_header(CLUSTER_HEADER, name.replace("%", "%%"))]),
                    {
                        "name": "envoy.filters.http.upstream_codec",
                        "typedConfig": {
                            "@type": TYPE + "envoy.extensions.filters.http.upstream_codec.v3.UpstreamCodec"
                        },
                    },
                ],
            }
        },
    }


def black_hole() -> JSON:
    """Return the cluster that has no endpoint."""
    return {"name": BLACK_HOLE, "type": "STATIC", "loadAssignment": {"clusterName": BLACK_HOLE}}


def loopback(port: int) -> JSON:
    """Return Envoy's Address for ``port`` on this machine alone."""
    return {"socketAddress": {"address": "127.0.0.1", "portValue": port}}


def header_mutation(**mutations: list[JSON]) -> JSON:
    """Return an HTTP filter that changes headers of requests or responses, also of those that Envoy itself makes."""
    kind = TYPE + "envoy.extensions.filters.http.header_mutation.v3.HeaderMutation"
    return {"name": "envoy.filters.http.header_mutation", "typedConfig": {"@type": kind, "mutations": mutations}}


def set_header(name: str, value: str) -> JSON:
    """Return a header mutation; ``value`` may hold Envoy's substitutions such as ``%ROUTE_NAME%``."""
    return {"append": {"header": {"key": name, "value": value}, "appendAction": "OVERWRITE_IF_EXISTS_OR_ADD"}}


def _named_clusters(table: RouteTable) -> tuple[set[str], set[str]]:
    http = {name for configuration in table.route_configurations for name in _of_routes(configuration)}
    return http, set(_of_chains(table))


def _host(cluster: str) -> str:
    """Return the host of ``outbound|PORT|SUBSET|HOST``, and nothing for other names."""
    return cluster.rpartition("|")[2] if cluster.count("|") == 3 else ""


def _of_routes(configuration: RouteConfiguration) -> Iterator[str]:
    for host in configuration.virtual_hosts:
        for route in host.routes:
            if isinstance(route.action, Forward):
                yield from (cluster.name for cluster in route.action.clusters)
                yield from (mirror.cluster for mirror in route.action.mirrors)


def _of_chains(table: RouteTable) -> Iterator[str]:
    for listener in table.listeners:
        for chain in (*listener.chains, *filter(None, [listener.default_chain])):
            if chain.tcp is not None:
                yield from (cluster.name for cluster in chain.tcp.clusters)
