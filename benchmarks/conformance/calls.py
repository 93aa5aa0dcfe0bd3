"""What a connection meets on its way through a proxy, told as Istio's traffic simulation tells it.

The simulation knows ALPN, raw TCP and traffic that arrives at a workload, and of a route it looks at the path only; so
its answers are derived here from listeners, filter chains and virtual hosts alone, and not by ``explain``.
"""

from collections.abc import Callable, Sequence
from ipaddress import ip_address, ip_network
from typing import Any

from benchmarks.conformance.routes import INSIDE_LISTENERS
from meshwright.analysis.hosts import Hosts
from meshwright.analysis.regex import full_match
from meshwright.traffic import FilterChain, Forward, Listener, Route, RouteTable, VirtualHost

PLAIN_ALPN = {"http": "http/1.1", "http2": "h2c"}
TLS_ALPN = {"http": "http/1.1", "http2": "h2"}
MTLS_ALPN = {"http": "istio-http/1.1", "http2": "istio-h2"}


class Missed(Exception):
    """The call ends here, for the reason that the simulation names."""


def run(table: RouteTable, asked: dict[str, Any]) -> dict[str, str]:
    """Return error, listener, filter_chain, route, route_config, virtual_host and cluster, as far as they are set."""
    result: dict[str, str] = {}
    try:
        _run(table, _filled(asked), result)
    except Missed as reason:
        result["error"] = str(reason)
    return {key: value for key, value in result.items() if value}


def _filled(asked: dict[str, Any]) -> dict[str, Any]:
    call = {"path": "/", "tls": "plaintext", "address": "1.3.3.7", "host": "", "protocol": "", "mode": "", **asked}
    if call["tls"] == "tls":
        call.setdefault("sni", call["host"])
        call.setdefault("alpn", TLS_ALPN.get(call["protocol"], ""))
    if call["tls"] == "mtls":
        call.setdefault("alpn", MTLS_ALPN.get(call["protocol"], "istio"))
    return {"sni": "", "alpn": "", **call}


def _run(table: RouteTable, call: dict[str, Any], result: dict[str, str]) -> None:
    listener = _listener(table, call)
    result["listener"] = listener.name
    if not listener.inspects_tls_on(call["port"]):
        call["alpn"] = ""
    if listener.inspects_http_on(call["port"]) and call["tls"] == "plaintext":
        call["alpn"] = PLAIN_ALPN.get(call["protocol"], call["alpn"])
    chain = _chain(listener, call)
    result["filter_chain"] = chain.name
    if chain.tls != "none" and call["tls"] == "plaintext":
        raise Missed("invalid TLS")
    if chain.tls != "none" and _is_mesh_mtls(chain, call) != (call["tls"] == "mtls"):
        raise Missed("invalid mTLS")
    if chain.tcp is not None:
        result["cluster"] = chain.tcp.clusters[0].name if len(chain.tcp.clusters) == 1 else ""
    elif chain.http is not None:
        _http(table, chain, call, result)


def _listener(table: RouteTable, call: dict[str, Any]) -> Listener:
    named = {listener.name: listener for listener in table.listeners}
    if call["mode"] == "inbound":
        found = named.get("virtualInbound")
    else:
        here = [listener for listener in table.listeners if listener.port == call["port"]]
        exact = [listener for listener in here if listener.address == call["address"]]
        found = next(iter(exact + [each for each in here if each.address == "0.0.0.0"]), named.get("virtualOutbound"))
    if found is None:
        raise Missed("no listener matched")
    return found


def _chain(listener: Listener, call: dict[str, Any]) -> FilterChain:
    chains: Sequence[FilterChain] = listener.chains
    tls_read = listener.inspects_tls_on(call["port"])
    transport = "raw_buffer" if call["tls"] == "plaintext" or not tls_read else "tls"
    chains = _sift(chains, lambda c: c.match.destination_port, lambda port: int(port == call["port"]))
    chains = _sift(chains, lambda c: c.match.prefix_ranges, lambda ranges: _rank_ranges(ranges, call["address"]))
    chains = _sift(chains, lambda c: c.match.server_names, lambda names: _rank_names(names, call["sni"]))
    chains = _sift(chains, lambda c: c.match.transport_protocol, lambda wanted: int(wanted == transport))
    chains = _sift(chains, lambda c: c.match.application_protocols, lambda wanted: int(call["alpn"] in wanted))
    if len(chains) > 1:
        raise Missed("multiple filter chains matched")
    if not chains and listener.default_chain is None:
        raise Missed("no filter chains matched")
    found = chains[0] if chains else listener.default_chain
    assert found is not None
    return found


def _sift(
    chains: Sequence[FilterChain], part: Callable[[FilterChain], Any], rank: Callable[[Any], int]
) -> list[FilterChain]:
    """Keep the chains that match best; those that ask nothing only when no other does."""
    ranked = [(rank(part(chain)), chain) for chain in chains if part(chain)]
    best = max((value for value, _ in ranked), default=0)
    if best > 0:
        return [chain for value, chain in ranked if value == best]
    return [chain for chain in chains if not part(chain)]


def _rank_ranges(ranges: tuple[str, ...], address: str) -> int:
    networks = [ip_network(each, strict=False) for each in ranges]
    return max((network.prefixlen for network in networks if ip_address(address) in network), default=0)


def _rank_names(names: tuple[str, ...], sni: str) -> int:
    ranks = [10_000 if name == sni else len(name) for name in names if name == sni or _inside(sni, name)]
    return max(ranks, default=0)


def _inside(sni: str, wildcard: str) -> bool:
    return wildcard.startswith("*") and len(sni) >= len(wildcard) and sni.endswith(wildcard[1:])


def _is_mesh_mtls(chain: FilterChain, call: dict[str, Any]) -> bool:
    """Tell whether the certificate is the workload's own; what comes in to a workload may count any as such."""
    return chain.tls == "mutual" and (call["mode"] == "inbound" or chain.credential in ("", "default"))


def _http(table: RouteTable, chain: FilterChain, call: dict[str, Any], result: dict[str, str]) -> None:
    if (call["tls"] != "plaintext" and chain.tls == "none") or call["protocol"] not in PLAIN_ALPN:
        raise Missed("protocol error")
    if not (chain.http or "").startswith(INSIDE_LISTENERS):
        result["route_config"] = chain.http or ""
    configurations = {each.name: each for each in table.route_configurations}
    configuration = configurations.get(chain.http or "")
    host = Hosts(configuration).find(call["host"]) if configuration is not None else None
    if host is None:
        raise Missed("no virtual host matched")
    virtual_host = host[0]
    result["virtual_host"] = virtual_host.name
    if virtual_host.require_tls == "all" and call["tls"] == "plaintext":
        raise Missed("tls required, sending 301")
    route = _route(virtual_host, call["path"])
    if route is None:
        raise Missed("no route matched")
    result["route"] = route.name
    if isinstance(route.action, Forward) and len(route.action.clusters) == 1:
        result["cluster"] = route.action.clusters[0].name


def _route(virtual_host: VirtualHost, path: str) -> Route | None:
    return next((route for route in virtual_host.routes if _takes(route, path)), None)


def _takes(route: Route, path: str) -> bool:
    wanted = route.match.path
    if wanted.kind == "exact":
        return path == wanted.value
    if wanted.kind == "regex":
        return full_match(wanted.value)(path)
    return path.startswith(wanted.value)
