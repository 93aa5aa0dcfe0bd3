"""The parts of the picture, from where requests come in to where they end."""

from dataclasses import dataclass
from typing import Literal

from meshwright.traffic import FilterChainMatch, Origin, Proxy, Route, TcpRoute, Unknown

Lock = Literal["strict", "permissive", "plain", "mixed", "unknown"]
"""Which connections workloads take: mutual TLS alone, both kinds, plain text alone, not all alike, cannot be told."""


@dataclass(frozen=True, slots=True)
class Door:
    """One port of a gateway.

    Args:
        protocol: What is spoken behind the TLS that ends there.
        tls: ``passthrough``: TLS that the gateway does not end, told apart by server name.
        credentials: Where the certificates come from, sorted.
        origins: The servers of Gateways that open the port.
    """

    port: int
    protocol: Literal["HTTP", "TCP"]
    tls: Literal["none", "simple", "mutual", "passthrough"]
    credentials: tuple[str, ...]
    origins: tuple[Origin, ...]


@dataclass(frozen=True, slots=True)
class Entrance:
    """A gateway's proxy, or (``mesh``) the sidecars of all workloads.

    Args:
        proxies: The gateway's own; for the mesh one for each group of sidecars that see the same.
        unknowns: What touches all of it and is not modelled.
    """

    kind: Literal["gateway", "mesh"]
    name: str
    namespace: str
    proxies: tuple[Proxy, ...]
    doors: tuple[Door, ...]
    unknowns: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True)
class Target:
    """Where a rule leads.

    Args:
        service: Position in the services of the graph.
        version: Position in the versions of the service; ``None``: all of the service.
        share: In percent; of mirrored requests those that are copied.
    """

    service: int
    version: int | None
    port: int
    share: float
    mirror: bool = False


@dataclass(frozen=True, slots=True)
class Rule:
    """Routes that stand together and do the same to their requests.

    Args:
        routes: For HTTP, in the order in which they are tried.
        connections: For TCP and TLS instead.
        targets: Empty where the proxy answers by itself.
    """

    routes: tuple[Route, ...]
    connections: tuple[FilterChainMatch, ...]
    tcp: TcpRoute | None
    targets: tuple[Target, ...]
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Host:
    """What an entrance does with the requests to some hosts.

    Args:
        entrance: Position in the entrances of the graph.
        doors: Positions in the doors of the entrance; empty for the mesh.
        ports: Destination ports, sorted.
        namespaces: Those in which its rules were written, sorted.
        to_https: Plain HTTP is redirected before any rule.
        callers: In the mesh the namespaces whose sidecars do this; empty: all.
        unknowns: What touches it and is not modelled.
    """

    entrance: int
    doors: tuple[int, ...]
    domains: tuple[str, ...]
    ports: tuple[int, ...]
    rules: tuple[Rule, ...]
    namespaces: tuple[str, ...]
    to_https: bool
    callers: tuple[str, ...]
    unknowns: tuple[Unknown, ...]


@dataclass(frozen=True, slots=True)
class Version:
    """A subset of a service.

    Args:
        endpoints: Workloads of the manifests that carry its labels, ``None`` when they cannot tell.
        defined: Some DestinationRule defines it; requests to others are answered 503.
    """

    name: str
    labels: tuple[tuple[str, str], ...]
    endpoints: int | None
    defined: bool
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class Service:
    """A host that requests are sent to.

    Args:
        kind: ``entry``: of a ServiceEntry; ``missing``: nothing declares it; ``special``: a cluster that is no service,
            such as the one that passes connections on.
        ports: Sorted.
        lock: Which connections its workloads take.
        tls: How clients encrypt to it, where a DestinationRule says so.
    """

    kind: Literal["service", "entry", "missing", "special"]
    host: str
    name: str
    namespace: str
    ports: tuple[int, ...]
    versions: tuple[Version, ...]
    endpoints: int | None
    lock: Lock
    tls: Literal["", "disable", "simple", "mutual", "istio_mutual"]
    origin: Origin | None


@dataclass(frozen=True, slots=True)
class MeshGraph:
    """The whole picture: gateways by name, then the mesh; hosts and services by name."""

    entrances: tuple[Entrance, ...]
    hosts: tuple[Host, ...]
    services: tuple[Service, ...]
