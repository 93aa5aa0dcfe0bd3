"""One sidecar with all that it sees: what its routes and listeners are made from."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from meshwright.frontends.istio.actions import destination_cluster
from meshwright.frontends.istio.destination_rules import DestinationRule, DestinationRules, consistent_hash
from meshwright.frontends.istio.mesh_config import MeshConfig
from meshwright.frontends.istio.objects import integer, section, text
from meshwright.frontends.istio.services import UNSPECIFIED, Service
from meshwright.frontends.istio.sidecar_scope import SidecarScope

PASSTHROUGH_CLUSTER = "PassthroughCluster"
BLACK_HOLE_CLUSTER = "BlackHoleCluster"
INBOUND_PASSTHROUGH_CLUSTER = "InboundPassthroughCluster"
DYNAMIC_DNS_CLUSTER = "AllowAnyDynamicDNSCluster"
WILDCARD_ADDRESS = "0.0.0.0"
LOCAL_ADDRESS = "127.0.0.1"


@dataclass(slots=True, eq=False)
class SidecarProxy:
    """A sidecar.

    Args:
        namespace, labels: Of the workload beside it.
        cluster_domain: Suffix of the full names of Kubernetes Services.
        addresses: Its own, where they are known.
    """

    namespace: str
    labels: Mapping[str, str]
    scope: SidecarScope
    mesh: MeshConfig
    rules: DestinationRules
    cluster_domain: str
    addresses: tuple[str, ...] = ()
    _rules_found: dict[str, DestinationRule | None] = field(init=False, default_factory=dict)

    def rule_for(self, host: str) -> DestinationRule | None:
        """Return the DestinationRule in effect for a service it sees."""
        if host not in self._rules_found:
            service = self.scope.services.get(host)
            found = None if service is None else self.rules.find(self.namespace, self.labels, service)
            self._rules_found[host] = found
        return self._rules_found[host]

    def consistent_hash(self, host: str, subset: str, port: int) -> Mapping[str, Any] | None:
        """Return the consistent-hash settings for a destination."""
        return consistent_hash(self.rule_for(host), subset, port)

    def service(self, host: str) -> Service | None:
        """Return a service that it sees."""
        return self.scope.services.get(host)

    def addresses_of(self, service: Service) -> list[str]:
        """Return the addresses that it knows a service by, as an IPv4 proxy; blocks of a ServiceEntry stay as written.

        Addresses that istiod allocates count only where the proxy answers DNS itself.
        """
        if service.kubernetes:
            return [address for address in service.addresses if ":" not in address]
        if service.auto_addresses and service.address == UNSPECIFIED and self._captures_dns:
            return [address for address in service.auto_addresses if ":" not in address]
        return list(service.addresses)

    def address_of(self, service: Service) -> str:
        """Return the address that clients connect to, ``0.0.0.0`` for none."""
        return next(iter(self.addresses_of(service)), service.address)

    @property
    def _captures_dns(self) -> bool:
        metadata = section(section(self.mesh.raw.get("defaultConfig")).get("proxyMetadata"))
        return str(metadata.get("ISTIO_META_DNS_CAPTURE")).lower() == "true"

    @property
    def reserved_ports(self) -> frozenset[int]:
        """Ports of the proxy itself: the redirection, health checks, metrics."""
        raw = self.mesh.raw
        outbound, inbound = integer(raw.get("proxyListenPort")), integer(raw.get("proxyInboundListenPort"))
        return frozenset({outbound or 15001, inbound or 15006, 15021, 15090})

    @property
    def no_interception(self) -> bool:
        """Whether connections are not redirected, so that only addresses that the sidecar binds reach it."""
        return section(self.mesh.raw.get("defaultConfig")).get("interceptionMode") == "NONE"

    @property
    def unknown_hosts_cluster(self) -> str:
        """The cluster of connections to hosts that no service declares."""
        policy = self.scope.outbound
        if policy.mode == "REGISTRY_ONLY":
            return BLACK_HOLE_CLUSTER
        proxy = policy.egress_proxy
        return PASSTHROUGH_CLUSTER if proxy is None else destination_cluster(text(proxy.get("host")), proxy, None, 0)
