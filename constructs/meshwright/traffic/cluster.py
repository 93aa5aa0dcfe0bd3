"""Destinations by name."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from meshwright.traffic.origin import Origin


@dataclass(frozen=True, slots=True)
class Cluster:
    """A destination: ``outbound|9080|v2|reviews.shop.svc.cluster.local``.

    Args:
        hostname, port, subset: What the name is made of; the subset may be empty.
        labels: The pod labels that the subset asks for.
        endpoints: How many workloads of the manifests stand behind it, ``None`` when the manifests cannot tell.
        settings: What its traffic policy says besides, as ``(field, value)`` in order: ``outlierDetection.interval``.
        policy_origin: The DestinationRule whose traffic policy is in effect.
        origin: The Service or ServiceEntry; ``subset_origin`` the DestinationRule's subset.
    """

    name: str
    hostname: str = ""
    port: int = 0
    subset: str = ""
    labels: tuple[tuple[str, str], ...] = ()
    endpoints: int | None = None
    resolution: Literal["eds", "dns", "static", "passthrough", "blackhole"] = "eds"
    tls: Literal["", "disable", "simple", "mutual", "istio_mutual"] = ""
    sni: str = ""
    connect_timeout: timedelta | None = None
    origin: Origin | None = None
    subset_origin: Origin | None = None
    settings: tuple[tuple[str, str], ...] = ()
    policy_origin: Origin | None = None
