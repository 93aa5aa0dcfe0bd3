"""MW855: a VirtualService of the mesh for a Service that an HTTPRoute or GRPCRoute is attached to."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.gateway_api import parents, routes
from meshwright.checks.inventory import Inventory
from meshwright.frontends.gateway_api.references import SERVICE
from meshwright.frontends.istio.objects import MESH
from meshwright.frontends.istio.virtual_services import PUBLIC
from meshwright.traffic import Origin


def _find(shown: Inventory) -> Iterator[Problem]:
    attached: dict[str, Origin] = {}
    for route in routes(shown):
        for reference in parents(route):
            if reference.kind == SERVICE and route.kind in ("HTTPRoute", "GRPCRoute"):
                host = f"{reference.name}.{reference.namespace}.svc.{shown.mesh.options.cluster_domain}"
                attached.setdefault(host, route.origin(reference.field))
    for service in shown.written_virtual_services if attached else ():
        if MESH not in service.gateways or PUBLIC not in service.export_to or not service.http:
            continue
        for position, host in enumerate(service.hosts):
            if host in attached:
                origin = attached[host]
                wrong = f"sidecars obey {origin.resource} for {host}, and none of these rules"
                remedy = "Keep one of both: a route of the Gateway API on a Service always wins."
                yield Problem(service.config.origin(f"spec.hosts[{position}]"), wrong, remedy, related=(origin,))


CHECK = Check(
    "MW855",
    "overruled-by-route",
    "warning",
    "A VirtualService that an HTTPRoute on its Service puts out of force.",
    _find,
)
