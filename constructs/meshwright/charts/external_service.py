"""A service outside of the mesh: a database endpoint, an API of others."""

from __future__ import annotations

from meshwright.charts.backend import Backend
from meshwright.charts.claims import claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.given import listed
from meshwright.charts.lists import of_kind, only
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.names import is_host
from meshwright.charts.numbers import one_of
from meshwright.charts.numbers import port as port_number
from meshwright.charts.overloads import overload
from meshwright.charts.problem import Part, problem
from meshwright.charts.written import Written
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal, TypeAlias

    from meshwright.charts.client_tls import ClientTls
    from meshwright.charts.traffic_policy import TrafficPolicy
    from meshwright.imports.istio.networking import DestinationRule, WorkloadEntrySpec
    from meshwright.imports.istio.networking import ServicePort as ServicePortMessage

    ExternalProtocol: TypeAlias = Literal["HTTP", "HTTPS", "TLS", "TCP", "GRPC", "HTTP2", "MONGO", "MYSQL", "REDIS"]
    Resolution: TypeAlias = Literal["NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS"]

PROTOCOLS = ("HTTP", "HTTPS", "TLS", "TCP", "GRPC", "GRPC-WEB", "HTTP2", "MONGO", "MYSQL", "REDIS")
RESOLUTIONS = ("NONE", "STATIC", "DNS", "DNS_ROUND_ROBIN", "DYNAMIC_DNS")


@tells_misfits
class ExternalPort(Written):
    """A port of a service outside of the mesh.

    Args:
        number: As apps of the mesh call it.
        protocol: What apps speak to it.
        target_port: As it is outside; the same when left out.
        name: Made of protocol and number when left out.
    """

    __slots__ = ("name", "number", "protocol", "target_port")

    def __init__(
        self, number: int, protocol: ExternalProtocol, *, target_port: int | None = None, name: str | None = None
    ) -> None:
        super().__init__()
        self.number = number
        self.protocol = protocol
        self.target_port = target_port
        self.name = name

    def to_istio(self, part: Part) -> ServicePortMessage:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.imports.istio.networking import ServicePort

        part = Part(part.construct, f"port {self.number}", self)
        port_number(self.number, "the number", part)
        one_of(self.protocol, PROTOCOLS, "protocol", part)
        return ServicePort(
            number=self.number,
            name=self.name or f"{str(self.protocol).lower()}-{self.number}",
            protocol=self.protocol,
            target_port=port_number(self.target_port, "target_port", part),
        )


@tells_misfits
class ExternalService(Construct):
    """The ServiceEntry of a service outside of the mesh, so that the mesh knows it: a target of routes and policies.

    Args:
        host: Its name, as apps call it; ``*.example.com`` for all below.
        port, protocol: Of a service with one port.
        ports: Instead, its ports.
        endpoints: Where it is: addresses, or names that DNS knows; its host when left out.
        addresses: Virtual addresses that stand for it; needed to tell TCP services of one port apart where the mesh
            allocates none.
        resolution: How proxies find it. ``STATIC`` for endpoints that are addresses, ``NONE`` for ``*.`` hosts, else
            ``DNS`` when left out.
        tls: Proxies encrypt what apps send to it unencrypted (TLS origination); usually port 80 with target port 443.
        traffic_policy: How callers treat it.
        in_mesh: Whether its workloads have sidecars and belong to the mesh.
        name: Name of the object; the id when left out.

    Attributes:
        service_entry: The level-1 ``ServiceEntry``.
        destination_rule: The level-1 ``DestinationRule``, with ``tls`` or ``traffic_policy``.

    Source: Istio reference, "Service Entry"; Istio docs, "Egress TLS Origination".
    """

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        host: str,
        port: int,
        protocol: ExternalProtocol,
        endpoints: Sequence[str] = (),
        addresses: Sequence[str] = (),
        resolution: Resolution | None = None,
        tls: ClientTls | None = None,
        traffic_policy: TrafficPolicy | None = None,
        in_mesh: bool = False,
        name: str | None = None,
    ) -> None: ...
    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        host: str,
        ports: Sequence[ExternalPort],
        endpoints: Sequence[str] = (),
        addresses: Sequence[str] = (),
        resolution: Resolution | None = None,
        tls: ClientTls | None = None,
        traffic_policy: TrafficPolicy | None = None,
        in_mesh: bool = False,
        name: str | None = None,
    ) -> None: ...
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        host: str,
        port: int | None = None,
        protocol: ExternalProtocol = "HTTP",
        ports: Sequence[ExternalPort] = (),
        endpoints: Sequence[str] = (),
        addresses: Sequence[str] = (),
        resolution: Resolution | None = None,
        tls: ClientTls | None = None,
        traffic_policy: TrafficPolicy | None = None,
        in_mesh: bool = False,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.networking import ServiceEntry

        self.name = name or id
        self.namespace = Environment.of(self).namespace
        self.host = host
        if port is not None and ports:
            problem(self, "it has both port and ports", "Say the port among the ports")
        self.described = (
            (ExternalPort(port, protocol),) if port is not None else only(ExternalPort, ports, "ports", self)
        )
        self.ports = tuple(each.number for each in self.described)
        self.endpoints = listed(endpoints, "endpoints", self)
        self.resolution = resolution or _resolution(host, self.endpoints)
        claim_name(self, "ServiceEntry", self.namespace, self.name)
        self._check()
        part = Part(self, "service entry")
        self.service_entry = ServiceEntry(
            self,
            "service-entry",
            metadata={"name": self.name, "namespace": self.namespace},
            hosts=[host],
            addresses=list(listed(addresses, "addresses", self)) or None,
            ports=[each.to_istio(part) for each in self.described],
            location="MESH_INTERNAL" if in_mesh else "MESH_EXTERNAL",
            resolution=self.resolution,
            endpoints=self._endpoints() or None,
        )
        self.destination_rule = self._make_destination_rule(tls, traffic_policy)

    @property
    def backend(self) -> Backend:
        """Its first port, as the target of a route."""
        return Backend(self.host, self.ports[0] if self.ports else 80, elsewhere=True)

    def port(self, number: int) -> Backend:
        """Return one of its ports, as the target of a route."""
        if number not in self.ports:
            problem(self, f"it has no port {number}", f"Known are: {', '.join(map(str, self.ports))}")
        return Backend(self.host, number, elsewhere=True)

    def _check(self) -> None:
        host, resolution = self.host, self.resolution
        if not is_host(host) or host == "*":
            remedy = "Give its name: DNS labels joined by dots; only the first may be *"
            problem(self, f"host is {host!r}, which names no service", remedy)
        elif "." not in host:
            problem(self, f"host {host!r} is short: nothing outside of the cluster is called so", "Give its full name")
        if not self.described:
            problem(self, "it has no port", "Give at least one")
        for number in {number for number in self.ports if self.ports.count(number) > 1}:
            problem(self, f"port {number} is there twice", "Give each port once")
        if one_of(resolution, RESOLUTIONS, "resolution", Part(self, "service entry")) is None:
            return
        if resolution in ("DNS", "DNS_ROUND_ROBIN") and host.startswith("*") and not self.endpoints:
            wrong = f"resolution is {resolution}, and DNS cannot be asked for {host!r}"
            problem(self, wrong, "Give endpoints, or resolution NONE or DYNAMIC_DNS")
        if resolution == "STATIC" and not self.endpoints:
            problem(self, "resolution is STATIC without endpoints", "Give their addresses")
        if resolution == "NONE" and self.endpoints:
            problem(self, "resolution is NONE, which uses no endpoints", "Leave them out, or say STATIC or DNS")

    def _endpoints(self) -> list[WorkloadEntrySpec]:
        from meshwright.imports.istio.networking import WorkloadEntrySpec

        for address in self.endpoints:
            if not _is_address(address):
                if self.resolution == "STATIC":
                    problem(self, f"endpoint {address!r} is no address", "Give addresses, or resolution DNS")
                elif not is_host(address) or "." not in address or address.startswith("*"):
                    problem(self, f"endpoint {address!r} is no host name", "Give a full name, or an address")
        return [WorkloadEntrySpec(address=address) for address in self.endpoints]

    def _make_destination_rule(
        self, tls: ClientTls | None, traffic_policy: TrafficPolicy | None
    ) -> DestinationRule | None:
        from meshwright.charts.client_tls import ClientTls
        from meshwright.charts.subsets import destination_rule
        from meshwright.charts.traffic_policy import TrafficPolicy

        tls = None if tls is None else of_kind(ClientTls, tls, "tls", self)
        if tls is not None:
            part = Part(self, "tls", tls)
            if traffic_policy is not None:
                part.problem("it has both tls and traffic_policy", "Say tls in the policy")
            for each in self.described:
                if each.protocol in ("HTTPS", "TLS"):
                    wrong = f"port {each.number} is {each.protocol}: apps encrypt already, and it would be done twice"
                    part.problem(wrong, f"Say what apps send, such as ExternalPort({each.number}, 'HTTP')")
            traffic_policy = TrafficPolicy(tls=tls)
        if traffic_policy is None:
            return None
        return destination_rule(
            self, self.name, self.host, (), traffic_policy, namespace=self.namespace, ports=list(self.ports)
        )


def _resolution(host: str, endpoints: Sequence[str]) -> Resolution:
    if endpoints:
        return "STATIC" if all(map(_is_address, endpoints)) else "DNS"
    return "NONE" if isinstance(host, str) and host.startswith("*") else "DNS"


def _is_address(text: object) -> bool:
    from ipaddress import ip_address

    try:
        ip_address(str(text))
    except ValueError:
        return False
    return True
