"""Everything one proxy does, in one value."""

from dataclasses import dataclass, field
from typing import Literal

from meshwright.errors import InputError
from meshwright.traffic.cluster import Cluster
from meshwright.traffic.listener import Listener
from meshwright.traffic.origin import Origin
from meshwright.traffic.route import RouteConfiguration

PathNormalisation = Literal["NONE", "BASE", "MERGE_SLASHES", "DECODE_AND_MERGE_SLASHES"]


@dataclass(frozen=True, slots=True)
class Proxy:
    """An Envoy and where it runs: a ``router`` is a gateway, a ``sidecar`` stands beside a workload.

    Args:
        addresses: Its own, where they are known; endpoints that ServiceEntries write down may be meant for it.
    """

    type: Literal["router", "sidecar"]
    namespace: str
    labels: tuple[tuple[str, str], ...] = ()
    addresses: tuple[str, ...] = ()

    def __str__(self) -> str:
        return f"{self.type}/{self.namespace}/" + ",".join(f"{key}={value}" for key, value in self.labels)

    @classmethod
    def from_text(cls, text: str) -> "Proxy":
        """Return the proxy that ``text`` names, as ``str`` writes it: ``router/istio-system/istio=ingressgateway``.

        Raises:
            InputError: It names none.
        """
        kind, _, rest = text.partition("/")
        namespace, _, labels = rest.partition("/")
        pairs = [pair.partition("=") for pair in labels.split(",") if pair]
        if namespace and all(key and equals for key, equals, _ in pairs):
            named = tuple((key, value) for key, _, value in pairs)
            if kind == "router":
                return cls("router", namespace, named)
            if kind == "sidecar":
                return cls("sidecar", namespace, named)
        raise InputError(
            "--proxy", f"{text!r} names no proxy", "Write router/NAMESPACE/app=x or sidecar/NAMESPACE/app=x"
        )


@dataclass(frozen=True, slots=True)
class Unknown:
    """Something that changes traffic and that the model does not cover; answers that it may touch are "unknown".

    Args:
        feature: Its name in the table of docs/conformance.md: ``EnvoyFilter``, ``WasmPlugin`` …
        listeners, virtual_hosts: Names it is confined to; empty: all of the proxy.
        headers, query: If any are named, it touches only requests that carry one of these headers (lower case) or
            query parameters.
    """

    feature: str
    because: str
    origin: Origin | None = None
    listeners: tuple[str, ...] = ()
    virtual_hosts: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()
    query: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RouteTable:
    """What istiod would send to one proxy, as far as it decides where traffic goes.

    Args:
        ports: For a gateway behind a Service: the listener's port by the port that clients connect to, where both
            differ.
    """

    proxy: Proxy
    listeners: tuple[Listener, ...] = ()
    route_configurations: tuple[RouteConfiguration, ...] = ()
    clusters: dict[str, Cluster] = field(default_factory=dict)
    unknowns: tuple[Unknown, ...] = ()
    path_normalisation: PathNormalisation = "BASE"
    ports: dict[int, int] = field(default_factory=dict)
