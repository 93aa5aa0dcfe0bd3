"""Listeners as Envoy's, with the settings that istiod gives them, bound to loopback.

What istiod sets and this does alike: the server's name, how paths are normalised, no idle timeout of streams, web
sockets, the client's address taken from the connection on gateways, and the order fault, CORS, router.
Source: recorded listeners of istiod; Istio reference, "Global Mesh Options", ProxyPathNormalization.
"""

from collections.abc import Callable
from dataclasses import dataclass

from meshwright.envoy.clusters import BLACK_HOLE, CLUSTER_HEADER, header_mutation, loopback, set_header
from meshwright.envoy.protobuf_json import JSON, TYPE, without_defaults
from meshwright.traffic import FilterChain, FilterChainMatch, Listener, TcpRoute
from meshwright.traffic.table import PathNormalisation

ROUTE_HEADER = "x-meshwright-route"
FILTERS = TYPE + "envoy.extensions.filters."
ACCESS_LOG_FIELDS = {
    "route": "%ROUTE_NAME%",
    "status": "%RESPONSE_CODE%",
    "method": "%REQ(:METHOD)%",
    "authority": "%REQ(:AUTHORITY)%",
    "path": "%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%",
    "cluster": "%UPSTREAM_CLUSTER%",
    "flags": "%RESPONSE_FLAGS%",
    "milliseconds": "%DURATION%",
}
PATHS: dict[PathNormalisation, JSON] = {
    "NONE": {"normalizePath": False},
    "BASE": {"normalizePath": True},
    "MERGE_SLASHES": {"normalizePath": True, "mergeSlashes": True},
    "DECODE_AND_MERGE_SLASHES": {
        "normalizePath": True,
        "mergeSlashes": True,
        "pathWithEscapedSlashesAction": "UNESCAPE_AND_FORWARD",
    },
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    """How listeners are served on this machine.

    Args:
        routes: Gives the ``routeConfig`` or ``rds`` field for the name of a RouteConfiguration.
        gateway: Gateways take the client's address from the connection, sidecars from the request.
        path_normalisation: Of the whole mesh.
        secret: Where listeners that terminate TLS find their certificate; ``None`` where none does.
        access_log: Write each request to standard output as a line of JSON.
        original_destination: Connections tell where they were headed in a PROXY header, as the node's redirection
            would; without it conditions on destination addresses and ports see loopback.
    """

    routes: Callable[[str], JSON]
    gateway: bool = True
    path_normalisation: PathNormalisation = "BASE"
    secret: JSON | None = None
    access_log: bool = False
    original_destination: bool = False


def envoy_listener(listener: Listener, name: str, port: int, serving: Serving) -> JSON:
    """Return ``listener`` as Envoy's, called ``name`` and bound to loopback ``port``."""
    chains = [_chain(chain, name, serving) for chain in listener.chains]
    out: JSON = {"name": name, "address": loopback(port), "enableReusePort": False}
    filters = _listener_filters(listener, serving)
    if filters:
        out["listenerFilters"] = filters
    if chains:
        out["filterChains"] = chains
    if listener.default_chain is not None:
        default = _chain(listener.default_chain, name, serving)
        out["defaultFilterChain"] = {key: value for key, value in default.items() if key != "filterChainMatch"}
    return out


def reads_server_name(chain: FilterChain) -> bool:
    """Return whether the first bytes of a connection have to be read as TLS to choose this chain."""
    return bool(chain.match.server_names) or chain.match.transport_protocol != ""


def _listener_filters(listener: Listener, serving: Serving) -> list[JSON]:
    chains = [*listener.chains, *filter(None, [listener.default_chain])]
    names = []
    if serving.original_destination:
        names.append(("proxy_protocol", "ProxyProtocol"))
    if listener.inspects_tls or any(reads_server_name(chain) for chain in chains):
        names.append(("tls_inspector", "TlsInspector"))
    if listener.inspects_http:
        names.append(("http_inspector", "HttpInspector"))
    return [
        {
            "name": f"envoy.filters.listener.{name}",
            "typedConfig": {"@type": f"{FILTERS}listener.{name}.v3.{message}"},
        }
        for name, message in names
    ]


def _chain(chain: FilterChain, listener: str, serving: Serving) -> JSON:
    out: JSON = {"name": chain.name} if chain.name else {}
    condition = _chain_match(chain.match)
    if condition:
        out["filterChainMatch"] = condition
    if chain.http is not None:
        out["filters"] = [_http(chain.http, listener, serving)]
    else:
        out["filters"] = [_tcp(chain.tcp, listener)]
    if chain.tls != "none" and serving.secret is not None:
        out["transportSocket"] = _tls(serving.secret, http=chain.http is not None)
    return out


def _chain_match(match: FilterChainMatch) -> JSON:
    return without_defaults(
        {
            "serverNames": list(match.server_names),
            "destinationPort": match.destination_port,
            "prefixRanges": [_cidr(text) for text in match.prefix_ranges],
            "sourcePrefixRanges": [_cidr(text) for text in match.source_prefix_ranges],
            "applicationProtocols": list(match.application_protocols),
            "transportProtocol": match.transport_protocol,
        }
    )


def _cidr(text: str) -> JSON:
    address, _, length = text.partition("/")
    return {"addressPrefix": address, "prefixLen": int(length or (128 if ":" in address else 32))}


def _http(configuration: str, listener: str, serving: Serving) -> JSON:
    answered = [set_header(CLUSTER_HEADER, "%UPSTREAM_CLUSTER%"), set_header(ROUTE_HEADER, "%ROUTE_NAME%")]
    filters = [header_mutation(responseMutations=answered)]
    for name, message in (("fault", "HTTPFault"), ("cors", "Cors"), ("router", "Router")):
        kind = f"{FILTERS}http.{name}.v3.{message}"
        filters.append({"name": f"envoy.filters.http.{name}", "typedConfig": {"@type": kind}})
    manager: JSON = {
        "@type": FILTERS + "network.http_connection_manager.v3.HttpConnectionManager",
        "statPrefix": listener,
        "serverName": "istio-envoy",
        "streamIdleTimeout": "0s",
        "useRemoteAddress": serving.gateway,
        "upgradeConfigs": [{"upgradeType": "websocket"}],
        "httpFilters": filters,
    }
    manager |= PATHS[serving.path_normalisation]
    if serving.gateway:
        manager["forwardClientCertDetails"] = "SANITIZE_SET"
    if serving.access_log:
        kind = TYPE + "envoy.extensions.access_loggers.stream.v3.StdoutAccessLog"
        typed: JSON = {"@type": kind, "logFormat": {"jsonFormat": ACCESS_LOG_FIELDS}}
        manager["accessLog"] = [{"name": "envoy.access_loggers.stdout", "typedConfig": typed}]
    name = "envoy.filters.network.http_connection_manager"
    return {"name": name, "typedConfig": manager | serving.routes(configuration)}


def _tcp(route: TcpRoute | None, listener: str) -> JSON:
    clusters = [] if route is None else [cluster for cluster in route.clusters if cluster.weight]
    proxy: JSON = {"@type": FILTERS + "network.tcp_proxy.v3.TcpProxy", "statPrefix": listener}
    if len(clusters) > 1:
        weighted = [{"name": cluster.name, "weight": cluster.weight} for cluster in clusters]
        proxy["weightedClusters"] = {"clusters": weighted}
    else:
        proxy["cluster"] = clusters[0].name if clusters else BLACK_HOLE
    return {"name": "envoy.filters.network.tcp_proxy", "typedConfig": proxy}


def _tls(secret: JSON, http: bool) -> JSON:
    common: JSON = {"tlsCertificateSdsSecretConfigs": [secret]}
    if http:
        common["alpnProtocols"] = ["h2", "http/1.1"]
    kind = TYPE + "envoy.extensions.transport_sockets.tls.v3.DownstreamTlsContext"
    return {"name": "envoy.transport_sockets.tls", "typedConfig": {"@type": kind, "commonTlsContext": common}}
