"""How connections come in to a workload: ``virtualInbound``, with ways through for each port it serves.

Source: istiod's inbound listeners. Mutual TLS is told by the ALPN names that sidecars offer.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from meshwright.frontends.istio.inbound_mtls import MtlsMode, MtlsPolicy
from meshwright.frontends.istio.inbound_targets import InboundTarget
from meshwright.frontends.istio.objects import integer, text
from meshwright.frontends.istio.protocols import UNSUPPORTED, is_http
from meshwright.frontends.istio.server_tls import credential, termination
from meshwright.frontends.istio.sidecar_proxy import (
    BLACK_HOLE_CLUSTER,
    INBOUND_PASSTHROUGH_CLUSTER,
    WILDCARD_ADDRESS,
    SidecarProxy,
)
from meshwright.traffic import FilterChain, FilterChainMatch, Listener, Origin, TcpRoute, WeightedCluster

INBOUND_PORT = 15006
_PLAIN_HTTP = ("http/1.1", "h2c")
_MTLS_HTTP = ("istio-http/1.0", "istio-http/1.1", "istio-h2")
_MTLS_TCP = ("istio-peer-exchange", "istio")
_MTLS = ("istio", "istio-peer-exchange", *_MTLS_HTTP)
_WORKLOAD_CERTIFICATE = "default"

Kind = Literal["http", "tcp", "detected"]


@dataclass(frozen=True, slots=True)
class _Way:
    """One way through: what it asks, whether it reads HTTP, whether it ends mutual TLS."""

    transport: Literal["tls", "raw_buffer"]
    http: bool
    mtls: bool = False
    protocols: tuple[str, ...] = ()


_WAYS: dict[tuple[Kind, MtlsMode], tuple[_Way, ...]] = {
    ("http", "STRICT"): (_Way("tls", True, True),),
    ("http", "PERMISSIVE"): (_Way("tls", True, True, _MTLS), _Way("raw_buffer", True)),
    ("http", "DISABLE"): (_Way("raw_buffer", True),),
    ("tcp", "STRICT"): (_Way("tls", False, True),),
    ("tcp", "PERMISSIVE"): (_Way("tls", False, True, _MTLS), _Way("tls", False), _Way("raw_buffer", False)),
    ("tcp", "DISABLE"): (_Way("raw_buffer", False),),
    ("detected", "STRICT"): (_Way("tls", True, True, _MTLS_HTTP), _Way("tls", False, True)),
    ("detected", "PERMISSIVE"): (
        _Way("tls", True, True, _MTLS_HTTP),
        _Way("raw_buffer", True, False, _PLAIN_HTTP),
        _Way("tls", False, True, _MTLS_TCP),
        _Way("raw_buffer", False),
        _Way("tls", False),
    ),
    ("detected", "DISABLE"): (_Way("raw_buffer", True, False, _PLAIN_HTTP), _Way("raw_buffer", False)),
}


def inbound_listeners(
    sidecar: SidecarProxy, targets: Sequence[InboundTarget], policy: MtlsPolicy
) -> tuple[Listener, ...]:
    """Return ``virtualInbound``, unless connections are not redirected, and the listeners that bind by themselves."""
    own: list[Listener] = []
    redirected: list[FilterChain] = []
    for target in targets:
        chains = tuple(_chains(target, policy.for_port(target.number)))
        if target.bind_to_port:
            own.append(_listener(_name(target), target.bind, target.number, chains, bind=True))
        else:
            redirected += chains
    if sidecar.no_interception:
        return tuple(own)
    port = integer(sidecar.mesh.raw.get("proxyInboundListenPort")) or INBOUND_PORT
    unserved = tuple(_unserved(port, {target.number for target in targets}, policy))
    return (_listener("virtualInbound", WILDCARD_ADDRESS, port, (*unserved, *redirected), bind=True), *own)


def inbound_cluster(port: int) -> str:
    """Return the name of the cluster that is the workload's own port."""
    return f"inbound|{port}||"


def _name(target: InboundTarget) -> str:
    return f"{target.bind}_{target.number}"


def _chains(target: InboundTarget, mode: MtlsMode) -> Iterator[FilterChain]:
    """Yield the ways to one port."""
    kind: Kind = "http" if is_http(target.protocol) else "detected" if target.protocol == UNSUPPORTED else "tcp"
    cluster = inbound_cluster(target.number)
    if target.tls is not None and mode == "DISABLE":
        ended = _chain(_name(target), _Way("tls", kind != "tcp"), target.number, cluster, target.origin)
        how = termination(text(target.tls.get("mode")))
        yield replace(ended, tls=how, credential=credential(target.tls))
        return
    for way in _WAYS[kind, mode]:
        yield _chain(_name(target), way, target.number, cluster, target.origin)


def _unserved(port: int, served: Iterable[int], policy: MtlsPolicy) -> Iterator[FilterChain]:
    """Yield the ways to ports that no Service names: they lead to wherever the connection was going."""
    loop = FilterChainMatch(destination_port=port)
    yield FilterChain("virtualInbound-blackhole", loop, tcp=TcpRoute((WeightedCluster(BLACK_HOLE_CLUSTER),)))
    others: list[int | None] = [None, *sorted(set(policy.by_port) - set(served))]
    for number in others:
        mode = policy.mode if number is None else policy.for_port(number)
        for way in _WAYS["detected", mode]:
            name = "virtualInbound-catchall-http" if way.http else "virtualInbound"
            yield _chain(name, way, number, INBOUND_PASSTHROUGH_CLUSTER, None)


def _chain(name: str, way: _Way, port: int | None, cluster: str, origin: Origin | None) -> FilterChain:
    match = FilterChainMatch(
        destination_port=port, application_protocols=way.protocols, transport_protocol=way.transport
    )
    return FilterChain(
        name,
        match,
        http=cluster if way.http else None,
        tcp=None if way.http else TcpRoute((WeightedCluster(cluster),), origin),
        tls="mutual" if way.mtls else "none",
        credential=_WORKLOAD_CERTIFICATE if way.mtls else "",
        origin=origin,
    )


def _listener(name: str, address: str, port: int, chains: tuple[FilterChain, ...], *, bind: bool) -> Listener:
    """Return a listener that looks into connections only where a way through needs it."""
    ports = {chain.match.destination_port or 0 for chain in chains}
    tls = {chain.match.destination_port or 0 for chain in chains if chain.match.transport_protocol == "tls"}
    http = {chain.match.destination_port or 0 for chain in chains if "http/1.1" in chain.match.application_protocols}
    inspects_tls = 0 in tls
    exceptions = ports - tls if inspects_tls else tls
    if not inspects_tls and tls == ports:
        inspects_tls, exceptions = True, set()
    return Listener(
        name=name,
        address=address,
        port=port,
        chains=chains,
        bind_to_port=bind,
        inspects_tls=inspects_tls,
        inspects_http=bool(http),
        tls_exceptions=tuple(sorted(exceptions)),
        http_exceptions=tuple(sorted((ports - http) - {0})) if http else (),
    )
