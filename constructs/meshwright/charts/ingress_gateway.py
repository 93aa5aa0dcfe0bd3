"""The door of the mesh: which hosts an ingress gateway listens for."""

from __future__ import annotations

from meshwright.charts.claims import claim_name, claims
from meshwright.charts.environment import Environment
from meshwright.charts.lists import only
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.overloads import overload
from meshwright.charts.problem import Part, problem
from meshwright.charts.server import Server
from meshwright.charts.written import note_lines
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshwright.charts.server import Hosts

INGRESS_SELECTOR = {"istio": "ingressgateway"}


@tells_misfits
class IngressGateway(Construct):
    """A Gateway: hosts and ports that gateway workloads open.

    Args:
        hosts: For one server of plain HTTP: host names as clients write them; ``*`` takes every host,
            ``*.example.com`` every host below it.
        port: Port number of that server.
        servers: Instead, any servers.
        name: Name of the object; the id when left out.
        selector: Labels of the gateway pods, in any namespace; Istio's default ingress gateway when left out.

    Attributes:
        gateway: The level-1 ``Gateway``.
        servers: All its servers.
        hosts: The hosts of those servers whose requests HTTP routes take.

    Source: Istio reference, "Gateway".
    """

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosts: Hosts,
        port: int = 80,
        name: str | None = None,
        selector: Mapping[str, str] = INGRESS_SELECTOR,
    ) -> None: ...
    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        servers: tuple[Server, *tuple[Server, ...]] | list[Server],
        name: str | None = None,
        selector: Mapping[str, str] = INGRESS_SELECTOR,
    ) -> None: ...
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosts: Hosts | None = None,
        port: int = 80,
        servers: Sequence[Server] | None = None,
        name: str | None = None,
        selector: Mapping[str, str] = INGRESS_SELECTOR,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.networking import Gateway

        self.name = name or id
        self.namespace = Environment.of(self).namespace
        self.selector = dict(selector)
        if servers is not None and hosts is not None:
            problem(self, "it has both hosts and servers", "Say the hosts in the servers")
        if servers is None:
            servers = [Server("HTTP", hosts=() if hosts is None else hosts, port=port)]  # type: ignore[arg-type]
        elif not servers:
            problem(self, "there is no server", 'Give at least one, such as Server.http("*")')
        self.servers = only(Server, servers, "servers", self)
        self.hosts = tuple(host for server in self.servers if server.is_http for host in server.hosts)
        claim_name(self, "Gateway", self.namespace, self.name)
        if not self.selector:
            problem(self, "it selects every gateway of the mesh", "Give labels of the gateway pods")
        self._check_ports()
        self.gateway = Gateway(
            self,
            "gateway",
            metadata={"name": self.name, "namespace": self.namespace},
            selector=self.selector,
            servers=[
                server.to_istio(self._part(server), name)
                for server, name in zip(self.servers, self._port_names(), strict=True)
            ],
        )
        note_lines(self.gateway, "spec.servers", self.servers)

    @property
    def reference(self) -> str:
        """How a VirtualService of any namespace names this gateway."""
        return f"{self.namespace}/{self.name}"

    def _part(self, server: Server) -> Part:
        if len(self.servers) == 1:
            return Part(self, "server", server)
        return Part(self, f"server {self.servers.index(server)}", server)

    def _port_names(self) -> list[str]:
        """Return a name for the port of each server; those that were not given are made so that all differ."""
        names: list[str] = []
        given = [server.name for server in self.servers]
        for server in self.servers:
            name = server.name
            if name is None:
                name = plain = f"{str(server.protocol).lower()}-{server.port}"
                number = 1
                while name in names or name in given:
                    number += 1
                    name = f"{plain}-{number}"
            elif name in names:
                self._part(server).problem(f"another server has the port name {name!r}", "Give each a name of its own")
            names.append(name)
        return names

    def _check_ports(self) -> None:
        """Tell of servers that cannot share a port, also with those of other gateways on the same pods."""
        said = ",".join(f"{key}={value}" for key, value in sorted(self.selector.items()))
        taken = claims(self)
        for server in self.servers:
            part = self._part(server)
            key = ("port", f"{said} {server.bind or ''}:{server.port}")
            holder = taken.setdefault(key, self)
            if isinstance(holder, IngressGateway):
                self._check_shared(server, holder, part)

    def _check_shared(self, server: Server, holder: IngressGateway, part: Part) -> None:
        for other in holder.servers:
            if other is server:
                return
            if other.port != server.port or other.bind != server.bind:
                continue
            whose = "another server" if holder is self else f"{holder.node.path} ({holder.defined_at})"
            if not server.joins(other):
                part.problem(
                    f"port {server.port} speaks {server.protocol}, and {other.protocol} by {whose}",
                    "Take another port: a gateway opens a port for one protocol",
                )
                return
            shared = sorted(set(server.hosts) & set(other.hosts))
            if server.is_encrypted and shared:
                wrong = f"port {server.port} serves {shared[0]!r} by TLS, and so does {whose}"
                part.problem(wrong, "Serve each host once: the later server is skipped")
                return
