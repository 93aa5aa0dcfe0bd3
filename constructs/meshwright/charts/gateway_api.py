"""An ingress gateway by the Kubernetes Gateway API, as a twin of that of Istio's own."""

from __future__ import annotations

from meshwright.charts.environment import Environment
from meshwright.charts.made_secret import credential_name
from meshwright.charts.names import check_label, is_host
from meshwright.charts.overloads import overload
from meshwright.charts.problem import Part, problem
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshwright.charts.server import Hosts, Server
    from meshwright.imports.gateway_api import Listener, ListenerTLSConfig

_PROTOCOLS = ("HTTP", "HTTPS", "TLS", "TCP")
_CANNOT = (
    ("bind", "Leave it out"),
    ("https_redirect", "Route(redirect=Redirect(scheme='https')) says it for a host"),
)


class GatewayApiGateway(Construct):
    """A Gateway of the Gateway API; Istio makes gateway pods of its own for it.

    Its routes are those of ``HttpRoutes(…, api="gateway")``, of any namespace.

    Args:
        hosts: For one server of plain HTTP: host names as clients write them; ``*`` takes every host,
            ``*.example.com`` every host below it.
        port: Port number of that server.
        servers: Instead, any servers of HTTP, HTTPS, TLS and TCP.
        name: Name of the object; the id when left out.
        class_name: Of the GatewayClass, which says who serves it.

    Attributes:
        gateway: The level-1 ``Gateway``.
        hosts: The hosts of those servers whose requests HTTP routes take.

    Source: Gateway API reference, "Gateway"; Istio docs, "Kubernetes Gateway API".
    """

    api = "gateway"

    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        hosts: Hosts,
        port: int = 80,
        name: str | None = None,
        class_name: str = "istio",
    ) -> None: ...
    @overload
    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        servers: tuple[Server, *tuple[Server, ...]] | list[Server],
        name: str | None = None,
        class_name: str = "istio",
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
        class_name: str = "istio",
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.gateway_api import Gateway

        self.name = name or id
        self.namespace = Environment.of(self).namespace
        check_label(self, self.name)
        if hosts is not None and servers is not None:
            problem(self, "it has both hosts and servers", "Say the hosts in the servers")
        if servers is None:
            from meshwright.charts.server import Server

            servers = [Server("HTTP", hosts=hosts, port=port)] if hosts else []
        self.servers = tuple(servers)
        self.hosts = tuple(host for server in self.servers if server.is_http for host in server.hosts)
        if not any(server.hosts for server in self.servers):
            problem(self, "there is no host", 'Name at least one, or "*" for every host')
        listeners = [listener for position in range(len(self.servers)) for listener in self._listeners(position)]
        if not listeners:
            return  # what is wrong was told; a Gateway cannot be made without any
        self.gateway = Gateway(
            self,
            "gateway",
            metadata={"name": self.name, "namespace": self.namespace},
            gateway_class_name=class_name,
            listeners=listeners,
        )

    @property
    def reference(self) -> str:
        """Namespace and name."""
        return f"{self.namespace}/{self.name}"

    def _listeners(self, position: int) -> list[Listener]:
        """One listener for each host of a server."""
        from meshwright.imports.gateway_api import AllowedRoutes, Listener, RouteNamespaces

        server = self.servers[position]
        part = Part(self, f"server {position}" if len(self.servers) > 1 else "server", server)
        if server.protocol not in _PROTOCOLS:
            part.problem(
                f"protocol {server.protocol} has no place in a Gateway of the Gateway API",
                f"Give one of {', '.join(_PROTOCOLS)}, or use an IngressGateway",
            )
            return []
        if not isinstance(server.port, int) or isinstance(server.port, bool) or not 0 < server.port < 65536:
            part.problem(f"port is {server.port!r}", "Give a number from 1 to 65535")
            return []
        for field, remedy in _CANNOT:
            if getattr(server, field):
                part.problem(f"{field} has no place in a Gateway of the Gateway API", remedy)
        tls = self._tls(server, part)
        first = sum(len(earlier.hosts) for earlier in self.servers[:position])
        listeners: list[Listener] = []
        for host in server.hosts:
            if not is_host(host):
                part.problem(f"host {host!r} is no host name for the Gateway API", "Give DNS labels joined by dots")
                continue
            listeners.append(
                Listener(
                    name=f"{server.protocol.lower()}-{server.port}-{first + len(listeners)}",
                    protocol=server.protocol,
                    port=server.port,
                    hostname=None if host == "*" or server.protocol == "TCP" else host,
                    tls=tls,
                    allowed_routes=AllowedRoutes(namespaces=RouteNamespaces(from_="All")),
                )
            )
        return listeners

    def _tls(self, server: Server, part: Part) -> ListenerTLSConfig | None:
        from meshwright.imports.gateway_api import ListenerTLSConfig, SecretObjectReference

        if server.protocol not in ("HTTPS", "TLS"):
            return None
        if server.tls is None:
            return ListenerTLSConfig(mode="Passthrough")
        for field in ("client_certificates", "min_version", "max_version", "cipher_suites", "subject_alt_names"):
            if getattr(server.tls, field):
                part.problem(f"tls.{field} has no place in a Gateway of the Gateway API", "Use an IngressGateway")
        reference = SecretObjectReference(name=credential_name(server.tls.credential, part) or "")
        return ListenerTLSConfig(mode="Terminate", certificate_refs=[reference])
