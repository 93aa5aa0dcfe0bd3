"""Where connections arrive and how they are told apart. Source: Envoy docs, "config.listener.v3.FilterChainMatch"."""

from dataclasses import dataclass
from typing import Literal

from meshwright.traffic.action import WeightedCluster
from meshwright.traffic.origin import Origin


@dataclass(frozen=True, slots=True)
class FilterChainMatch:
    """What is known of a connection before its first request; empty tuples ask nothing."""

    server_names: tuple[str, ...] = ()
    destination_port: int | None = None
    prefix_ranges: tuple[str, ...] = ()
    source_prefix_ranges: tuple[str, ...] = ()
    application_protocols: tuple[str, ...] = ()
    transport_protocol: Literal["", "tls", "raw_buffer"] = ""


@dataclass(frozen=True, slots=True)
class TcpRoute:
    """Bytes go to a cluster, or to several by weight."""

    clusters: tuple[WeightedCluster, ...]
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class FilterChain:
    """One way through a listener: HTTP by the name of a RouteConfiguration, or TCP.

    Args:
        tls: How the proxy itself speaks TLS to the client: ``none`` (plain text, or TLS passed through unread),
            ``simple``, ``mutual``.
        credential: Where its certificate comes from (a secret's name, or a file).
    """

    name: str
    match: FilterChainMatch
    http: str | None = None
    tcp: TcpRoute | None = None
    tls: Literal["none", "simple", "mutual"] = "none"
    credential: str = ""
    origin: Origin | None = None


@dataclass(frozen=True, slots=True)
class Listener:
    """An address and port with its ways through; ``default_chain`` takes what no other chain matches.

    Args:
        name: As istiod calls it: ``0.0.0.0_80``, ``10.0.0.7_9080``, ``virtualOutbound``.
        bind_to_port: ``False``: reached only through the redirection of ``virtualOutbound``.
        inspects_tls, inspects_http: Listener filters that read the first bytes (SNI, protocol).
        tls_exceptions, http_exceptions: Destination ports on which the same filter acts the other way round.
    """

    name: str
    address: str
    port: int
    chains: tuple[FilterChain, ...] = ()
    default_chain: FilterChain | None = None
    bind_to_port: bool = True
    inspects_tls: bool = False
    inspects_http: bool = False
    udp: bool = False
    tls_exceptions: tuple[int, ...] = ()
    http_exceptions: tuple[int, ...] = ()

    def inspects_tls_on(self, port: int) -> bool:
        """Tell whether the SNI and ALPN of connections to this destination port are read."""
        return self.inspects_tls is not (port in self.tls_exceptions)

    def inspects_http_on(self, port: int) -> bool:
        """Tell whether the first bytes of plain-text connections to this destination port are read."""
        return self.inspects_http is not (port in self.http_exceptions)
