"""Listeners and clusters of pilot/golden and pilot/simulation: ports, filter chains with what they match, names.

The recordings leave out the chain that takes what no other matches.
"""

from collections.abc import Iterable, Iterator
from ipaddress import ip_network
from typing import Any

from benchmarks.conformance import compiler
from benchmarks.conformance.corpus import load, text
from benchmarks.conformance.routes import INSIDE_LISTENERS
from benchmarks.conformance.simulation import options_of
from benchmarks.conformance.verdict import Verdict, compare, each
from meshwright.traffic import FilterChain, Listener


def judge() -> Iterator[Verdict]:
    """Compare all that the recordings tell of each proxy beside its routes."""
    for group in ("golden", "simulation"):
        cases = load(f"pilot/{group}/cases.json")["cases"]
        yield from each([{**case, "group": group, "id": f"{group}/{case['id']}"} for case in cases], _judge)


def _judge(case: dict[str, Any]) -> Verdict:
    texts = [text(f"pilot/{case['group']}/{case[part]}") for part in ("kube", "config") if part in case]
    proxy = compiler.proxy_of(case["proxy"])
    table = compiler.table(
        compiler.resources_of(*texts), proxy, **(options_of(case) if case["group"] == "simulation" else {})
    )
    recorded = load(f"pilot/{case['group']}/{case['xds']}")
    theirs: dict[str, Any] = {}
    ours: dict[str, Any] = {}
    if recorded.get("listeners") is not None:
        theirs["listeners"] = {listener["name"]: _theirs(listener) for listener in recorded["listeners"]}
        ours["listeners"] = {listener.name: _ours(listener) for listener in table.listeners}
    if "clusters" in recorded:
        theirs["clusters"], ours["clusters"] = sorted(recorded["clusters"]), sorted(table.clusters)
    return compare(case["id"], theirs, ours, tuple(unknown.feature for unknown in table.unknowns))


def _theirs(listener: dict[str, Any]) -> dict[str, Any]:
    chains = [{**chain, "match": _match(chain.get("match", {}))} for chain in listener["filter_chains"]]
    return {key: listener[key] for key in ("address", "port", "transport")} | {"chains": chains}


def _match(match: dict[str, Any]) -> dict[str, Any]:
    ranges = [f"{written['addressPrefix']}/{written.get('prefixLen', 0)}" for written in match.get("prefixRanges", [])]
    return {**match, "prefixRanges": _networks(ranges)} if ranges else match


def _networks(ranges: Iterable[str]) -> list[str]:
    return [str(ip_network(written, strict=False)) for written in ranges]


def _ours(listener: Listener) -> dict[str, Any]:
    return {
        "address": listener.address,
        "port": listener.port,
        "transport": "UDP" if listener.udp else "TCP",
        "chains": [_chain(chain) for chain in listener.chains],
    }


def _chain(chain: FilterChain) -> dict[str, Any]:
    written = {
        "serverNames": list(chain.match.server_names),
        "destinationPort": chain.match.destination_port,
        "prefixRanges": _networks(chain.match.prefix_ranges),
        "applicationProtocols": list(chain.match.application_protocols),
        "transportProtocol": chain.match.transport_protocol,
    }
    out: dict[str, Any] = {"name": chain.name, "match": {key: value for key, value in written.items() if value}}
    if chain.http is not None and not chain.http.startswith(INSIDE_LISTENERS):
        out["rds"] = chain.http
    if chain.tcp is not None and len(chain.tcp.clusters) == 1:
        out["tcp_cluster"] = chain.tcp.clusters[0].name
    if chain.tls != "none":
        out["tls"] = True
    return out
