"""Where bytes go: the ``tcp`` and ``tls`` rules of VirtualServices. Source: Istio reference, "Virtual Service"."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from meshwright.frontends.istio.actions import destination_cluster
from meshwright.frontends.istio.hosts import overlaps
from meshwright.frontends.istio.objects import entries, integer, section
from meshwright.frontends.istio.services import Service
from meshwright.frontends.istio.virtual_services import VirtualService, gateway_names
from meshwright.traffic import Origin, TcpRoute, WeightedCluster


def tcp_route(
    destinations: Sequence[Any],
    virtual_service: VirtualService,
    service_for: Callable[[str], Service | None],
    port: int,
    origin: Origin,
) -> TcpRoute:
    """Return where a rule sends connections; of several destinations those without weight are left out."""
    written = [section(item) for item in destinations]
    clusters: list[WeightedCluster] = []
    for destination in written:
        weight = integer(destination.get("weight"))
        if len(written) > 1 and weight <= 0:
            continue
        target = section(destination.get("destination"))
        host = virtual_service.host(target)
        name = destination_cluster(host, target, service_for(host), port)
        clusters.append(WeightedCluster(name) if len(written) == 1 else WeightedCluster(name, weight))
    return TcpRoute(tuple(clusters), origin)


def l4_match_applies(match: Mapping[str, Any], virtual_service: VirtualService, port: int, gateway: str) -> bool:
    """Tell whether a ``tcp`` or ``tls`` match is meant for a gateway server: by port and gateway only."""
    wanted = integer(match.get("port"))
    if wanted and wanted != port:
        return False
    names = gateway_names(match.get("gateways"), virtual_service.config)
    return not names or gateway in names


def serves(hosts: Sequence[str], virtual_service: VirtualService) -> bool:
    """Tell whether some host of a server and of a VirtualService overlap; for bytes no more is asked."""
    for host in hosts:
        scope, slash, name = host.partition("/")
        if slash and scope != virtual_service.config.namespace:
            continue
        wanted = name if slash else host
        if any(overlaps(wanted, other) for other in virtual_service.hosts):
            return True
    return False


def tcp_rule_for(virtual_service: VirtualService, port: int, gateway: str) -> int | None:
    """Return the position of the first ``tcp`` rule for a gateway server that leads anywhere."""
    for position, rule in enumerate(map(section, virtual_service.tcp)):
        matches = [section(match) for match in entries(rule.get("match"))]
        meant = not matches or any(l4_match_applies(match, virtual_service, port, gateway) for match in matches)
        if meant and entries(rule.get("route")):
            return position
    return None
