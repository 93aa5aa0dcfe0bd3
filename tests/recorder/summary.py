"""Listeners in few words: ports, filter chains with what they match, and where each leads."""

from typing import Any

from meshwright.traffic import FilterChain, Listener

MANAGER = "envoy.filters.network.http_connection_manager"
PROXY = "envoy.filters.network.tcp_proxy"


def of_istiod(listener: dict[str, Any]) -> dict[str, Any]:
    """Summarise an Envoy listener in protobuf JSON."""
    address = listener["address"]["socketAddress"]
    out = {"name": listener["name"], "address": address["address"], "port": address["portValue"]}
    if address.get("protocol") == "UDP":
        out["udp"] = True
    out["chains"] = [_chain(chain) for chain in listener.get("filterChains", [])]
    if "defaultFilterChain" in listener:
        out["default"] = _chain(listener["defaultFilterChain"])
    return out


def routes_of(sent: dict[str, Any]) -> dict[str, Any]:
    """Return the route configurations by name: those sent by themselves, and those inside of listeners."""
    found = {route["name"]: route for route in sent["routes"]}
    for listener in sent["listeners"]:
        for chain in [*listener.get("filterChains", []), listener.get("defaultFilterChain", {})]:
            for each in chain.get("filters", []):
                inside = each.get("typedConfig", {}).get("routeConfig")
                if each["name"] == MANAGER and inside is not None:
                    found.setdefault(inside["name"], inside)
    return found


def _chain(chain: dict[str, Any]) -> dict[str, Any]:
    match = dict(chain.get("filterChainMatch", {}))
    for key in ("prefixRanges", "sourcePrefixRanges"):
        if key in match:
            match[key] = [f"{each['addressPrefix']}/{each.get('prefixLen', 0)}" for each in match[key]]
    out: dict[str, Any] = {"match": match} if match else {}
    for each in chain.get("filters", []):
        config = each.get("typedConfig", {})
        if each["name"] == MANAGER:
            out["http"] = config["rds"]["routeConfigName"] if "rds" in config else config["routeConfig"]["name"]
        elif each["name"] == PROXY:
            weighted = config.get("weightedClusters", {}).get("clusters")
            out["tcp"] = [[c["name"], c["weight"]] for c in weighted] if weighted else [[config.get("cluster", ""), 1]]
    if "transportSocket" in chain:
        mutual = chain["transportSocket"].get("typedConfig", {}).get("requireClientCertificate", False)
        out["tls"] = "mutual" if mutual else "simple"
    return out


def of_ours(listener: Listener) -> dict[str, Any]:
    """Summarise a listener of the route table in the same words."""
    out: dict[str, Any] = {"name": listener.name, "address": listener.address, "port": listener.port}
    if listener.udp:
        out["udp"] = True
    out["chains"] = [_our_chain(chain) for chain in listener.chains]
    if listener.default_chain is not None:
        out["default"] = _our_chain(listener.default_chain)
    return out


def _our_chain(chain: FilterChain) -> dict[str, Any]:
    written = {
        "serverNames": list(chain.match.server_names),
        "destinationPort": chain.match.destination_port,
        "prefixRanges": list(chain.match.prefix_ranges),
        "sourcePrefixRanges": list(chain.match.source_prefix_ranges),
        "applicationProtocols": list(chain.match.application_protocols),
        "transportProtocol": chain.match.transport_protocol,
    }
    match = {key: value for key, value in written.items() if value}
    out: dict[str, Any] = {"match": match} if match else {}
    if chain.http is not None:
        out["http"] = chain.http
    if chain.tcp is not None:
        clusters = [[cluster.name, cluster.weight] for cluster in chain.tcp.clusters]
        out["tcp"] = [[clusters[0][0], 1]] if len(clusters) == 1 else clusters
    if chain.tls != "none":
        out["tls"] = chain.tls
    return out
