"""The door out of the mesh: calls to services outside that all leave by one gateway."""

from __future__ import annotations

from meshwright.charts.backend import Backend
from meshwright.charts.claims import claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.external_service import ExternalService
from meshwright.charts.ingress_gateway import IngressGateway
from meshwright.charts.lists import only
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.problem import Part, problem
from meshwright.charts.server import PLAIN_HTTP, Server
from meshwright.charts.subsets import Subset, Subsets
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshwright.charts.external_service import ExternalPort
    from meshwright.charts.server import Protocol
    from meshwright.charts.traffic_policy import TrafficPolicy
    from meshwright.imports.istio.networking import HTTPRoute, TLSRoute, VirtualService

EGRESS_SELECTOR = {"istio": "egressgateway"}
EGRESS_NAME = "istio-egressgateway"


@tells_misfits
class EgressGateway(Construct):
    """Calls to external services by way of an egress gateway: from callers to it, and from it to the service.

    Ports of plain HTTP are routed by host, encrypted ones by the server name that clients ask for. A service with
    ``tls`` is called unencrypted up to the gateway, which encrypts.

    Args:
        to: The external services.
        selector: Labels of the gateway pods; Istio's default egress gateway when left out.
        service: The Service of the gateway pods; ``istio-egressgateway`` in ``istio-system`` when left out. Its ports
            have to be those of the external services.
        traffic_policy: How callers treat the gateway.
        name: Name of the objects; the id when left out.

    Attributes:
        gateway: The `IngressGateway` construct with the level-1 ``Gateway``.
        subsets: The `Subsets` construct with the level-1 ``DestinationRule`` of the gateway's Service.
        virtual_services: The level-1 ``VirtualService`` of each external service, by host.

    Source: Istio docs, "Egress Gateways" and "Egress Gateways with TLS Origination".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        to: Sequence[ExternalService],
        selector: Mapping[str, str] = EGRESS_SELECTOR,
        service: str | None = None,
        traffic_policy: TrafficPolicy | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        environment = Environment.of(self)
        self.name = name or id
        self.to = only(ExternalService, to, "to", self)
        if not self.to:
            problem(self, "no service is called through it", "Name at least one ExternalService")
        host = service or f"{EGRESS_NAME}.istio-system.svc.{environment.cluster_domain}"
        self.subsets = Subsets(
            self,
            "subsets",
            of=host,
            subsets=[Subset(self.name, labels={})],
            traffic_policy=traffic_policy,
            name=self.name,
        )
        self.gateway = IngressGateway(self, "gateway", name=self.name, servers=self._servers(), selector=selector)
        self._service = Backend(host, 80, self.name)
        self.virtual_services = {
            external.host: self._make_virtual_service(external, environment.namespace) for external in self.to
        }

    def _servers(self) -> list[Server]:
        hosts: dict[tuple[Protocol, int], list[str]] = {}
        for external in self.to:
            for each in external.described:
                protocol: Protocol | None = "HTTP" if each.protocol in PLAIN_HTTP else None
                if each.protocol in ("HTTPS", "TLS"):
                    protocol = "TLS"
                if protocol is None:
                    Part(self, f"{external.host}:{each.number}", each).problem(
                        f"{each.protocol} names no host on the wire, so the gateway cannot tell services apart",
                        "Use HTTP or TLS, or call the service directly",
                    )
                    continue
                taken = hosts.setdefault((protocol, each.number), [])
                if external.host not in taken:
                    taken.append(external.host)
        return [Server(protocol, hosts=names, port=number) for (protocol, number), names in hosts.items()]

    def _make_virtual_service(self, external: ExternalService, namespace: str) -> VirtualService:
        from meshwright.imports.istio.networking import VirtualService

        name = f"{self.name}-{external.name}"
        claim_name(self, "VirtualService", namespace, name)
        http = [
            rule for each in external.described if each.protocol in PLAIN_HTTP for rule in self._http(external, each)
        ]
        tls = [
            rule
            for each in external.described
            if each.protocol in ("HTTPS", "TLS")
            for rule in self._tls(external, each)
        ]
        return VirtualService(
            self,
            f"virtual-service-{external.name}",
            metadata={"name": name, "namespace": namespace},
            hosts=[external.host],
            gateways=["mesh", self.gateway.reference],
            http=http or None,
            tls=tls or None,
        )

    def _steps(self, external: ExternalService, each: ExternalPort) -> list[tuple[str, Backend]]:
        return [
            ("mesh", Backend(self._service.host, each.number, self._service.subset)),
            (self.gateway.reference, external.port(each.number)),
        ]

    def _http(self, external: ExternalService, each: ExternalPort) -> list[HTTPRoute]:
        from meshwright.imports.istio.networking import HTTPMatchRequest, HTTPRoute, HTTPRouteDestination

        return [
            HTTPRoute(
                match=[HTTPMatchRequest(gateways=[gateway], port=each.number)],
                route=[HTTPRouteDestination(destination=backend.destination)],
            )
            for gateway, backend in self._steps(external, each)
        ]

    def _tls(self, external: ExternalService, each: ExternalPort) -> list[TLSRoute]:
        from meshwright.imports.istio.networking import RouteDestination, TLSMatchAttributes, TLSRoute

        return [
            TLSRoute(
                match=[TLSMatchAttributes(gateways=[gateway], port=each.number, sni_hosts=[external.host])],
                route=[RouteDestination(destination=backend.destination)],
            )
            for gateway, backend in self._steps(external, each)
        ]
