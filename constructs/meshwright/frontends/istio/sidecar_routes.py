"""The outbound route configurations of a sidecar, by the names its listeners ask for.

``9080`` carries all services with that port, ``reviews.shop.svc.cluster.local:9080`` one service whose protocol is
detected, ``http_proxy`` and unix paths all services on all ports. Source: istiod's outbound route configuration.
"""

from dataclasses import dataclass, field, replace

from meshwright.frontends.istio.durations import NO_TIMEOUT
from meshwright.frontends.istio.matches import ANY_REQUEST
from meshwright.frontends.istio.sidecar_proxy import DYNAMIC_DNS_CLUSTER, SidecarProxy
from meshwright.frontends.istio.sidecar_scope import EgressListener
from meshwright.frontends.istio.sidecar_virtual_hosts import ANY_PORT, OutboundVirtualHosts
from meshwright.traffic import (
    DirectResponse,
    Forward,
    Origin,
    Route,
    RouteConfiguration,
    VirtualHost,
    WeightedCluster,
)

HTTP_PROXY = "http_proxy"
UNIX = "unix://"
ANY_HOST_BY_DNS = "allow_any_dynamic_dns"
"""For connections to no service: their requests go to whatever the authority resolves to."""


@dataclass(slots=True, eq=False)
class OutboundRoutes:
    """Makes route configurations for one sidecar."""

    sidecar: SidecarProxy
    _virtual_hosts: dict[EgressListener, OutboundVirtualHosts] = field(init=False, default_factory=dict)

    def configuration(self, name: str) -> RouteConfiguration:
        """Return the route configuration of this name."""
        if name == ANY_HOST_BY_DNS:
            return RouteConfiguration(name, (unknown_hosts(self.sidecar),), ignore_port_in_host_matching=True)
        if not _is_known(name):
            return RouteConfiguration(name)
        port, detected = _parse(name)
        egress = self.sidecar.scope.egress_for(port, name)
        if egress is None:
            return RouteConfiguration(name, (unknown_hosts(self.sidecar),), ignore_port_in_host_matching=True)
        made = self._virtual_hosts.get(egress)
        if made is None:
            made = self._virtual_hosts[egress] = OutboundVirtualHosts(self.sidecar, egress)
        port = ANY_PORT if egress.port and egress.port.protocol == "HTTP_PROXY" else port
        if detected:
            hosts = _alone(made.with_domain(port, name, name.partition(":")[0]))
        else:
            hosts = (*made.of_port(port), unknown_hosts(self.sidecar))
        return RouteConfiguration(name, hosts, ignore_port_in_host_matching=True)


def _is_known(name: str) -> bool:
    """Tell whether a name is of a kind that has routes: istiod answers others with an empty configuration."""
    return name == HTTP_PROXY or name.startswith(UNIX) or name.rpartition(":")[2].isdigit()


def _parse(name: str) -> tuple[int, bool]:
    """Return the port of a route name, and whether it is for one service whose protocol is detected."""
    if name == HTTP_PROXY or name.startswith(UNIX):
        return ANY_PORT, False
    host, colon, port = name.partition(":")
    return int(port or host), bool(colon)


def _alone(hosts: list[VirtualHost]) -> tuple[VirtualHost, ...]:
    """Return the virtual host of one service; alone in its listener it takes every authority."""
    return (replace(hosts[0], domains=("*",)),) if len(hosts) == 1 else tuple(hosts)


def unknown_hosts(sidecar: SidecarProxy) -> VirtualHost:
    """Return what happens to hosts that no service declares."""
    policy, mesh = sidecar.scope.outbound, sidecar.mesh
    action: Forward | DirectResponse
    if policy.mode == "ALLOW_ANY_DYNAMIC_DNS":
        name, cluster = ANY_HOST_BY_DNS, DYNAMIC_DNS_CLUSTER
        action = Forward(
            (WeightedCluster(cluster),), timeout=NO_TIMEOUT, append_x_forwarded_host=mesh.append_x_forwarded_host
        )
    elif policy.mode == "ALLOW_ANY":
        name, cluster = "allow_any", sidecar.unknown_hosts_cluster
        action = Forward(
            (WeightedCluster(cluster),), timeout=NO_TIMEOUT, append_x_forwarded_host=mesh.append_x_forwarded_host
        )
    else:
        name, action = "block_all", DirectResponse(502)
    origin = _policy_origin(sidecar)
    return VirtualHost(
        name=name,
        domains=("*",),
        routes=(Route(ANY_REQUEST, action, name=name, origin=origin),),
        include_request_attempt_count=mesh.count_attempts,
        origin=origin,
    )


def _policy_origin(sidecar: SidecarProxy) -> Origin | None:
    config = sidecar.scope.config
    if config is None or config.spec.get("outboundTrafficPolicy") is None:
        return None
    return config.origin("spec.outboundTrafficPolicy")
