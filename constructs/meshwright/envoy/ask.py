"""Ask a real Envoy where a request goes."""

import http.client
import json
import socket
import ssl
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

from meshwright.envoy.bootstrap import Plan, bootstrap
from meshwright.envoy.certificates import Certificate, throw_away_certificate
from meshwright.envoy.clusters import CLUSTER_HEADER, echoed_clusters
from meshwright.envoy.echo import Echo
from meshwright.envoy.listeners import ROUTE_HEADER
from meshwright.envoy.process import EnvoyProcess, free_ports
from meshwright.envoy.protobuf_json import JSON
from meshwright.traffic import FilterChain, Listener, Request, Route, RouteTable, VirtualHost

ANSWER_SECONDS = 30.0
OUTBOUND = "virtualOutbound"
WILDCARDS = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class EnvoyAnswer:
    """What came back.

    Args:
        status: ``None``: the connection was refused or broken off.
        headers: Lower-case names, in their order, without those that the asking itself adds.
        cluster: Where the request was sent or, had there been no fault, would have been sent; empty when nowhere.
        route, virtual_host: The rule that answered; ``None`` when no rule did, and for TCP.
        upstream: What the cluster received, ``{"cluster", "path", "method", "headers"}``; ``None`` when nothing did.
    """

    status: int | None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cluster: str = ""
    route: Route | None = None
    virtual_host: VirtualHost | None = None
    upstream: JSON | None = None

    @property
    def location(self) -> str | None:
        """Where a redirect leads."""
        return next((value for name, value in self.headers if name == "location"), None)


class RealEnvoy:
    """A real Envoy that serves ``tables``, with an echo for each cluster, until closed.

    Args:
        tables: One for each proxy.

    Raises:
        MeshwrightError: There is no Envoy, or it refuses the configuration.
    """

    def __init__(self, *tables: RouteTable) -> None:
        self._tables = tables
        self._folder = tempfile.TemporaryDirectory(prefix="meshwright-")
        self.echo = Echo()
        try:
            self._process = self._start()
        except BaseException:
            self.echo.close()
            self._folder.cleanup()
            raise

    def request(self, request: Request, table: int = 0) -> EnvoyAnswer:
        """Send ``request`` to the proxy of the route table at position ``table``, and return what it answers.

        A request with scheme ``https`` on a plain connection says so in x-forwarded-proto, which sidecars believe.
        """
        listener = listener_for(self._tables[table], request)
        if listener is None:
            return EnvoyAnswer(status=None)
        try:
            connection = self._connect(request, self._ports[table, listener.name], listener)
        except OSError:
            return EnvoyAnswer(status=None)
        with connection:
            return self._exchange(connection, request)

    def close(self) -> None:
        """End Envoy and the echo."""
        self._process.close()
        self.echo.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: "type[BaseException] | BaseException | TracebackType | None") -> None:
        self.close()

    def _start(self) -> EnvoyProcess:
        keys = [
            (index, listener.name)
            for index, table in enumerate(self._tables)
            for listener in table.listeners
            if not listener.udp and (listener.chains or listener.default_chain)
        ]
        self._ports = dict(zip(keys, free_ports(len(keys)), strict=True))
        self.echo.open_for(set().union(*(echoed_clusters(table)[1] for table in self._tables)))
        certificate = certificate_for(self._tables)
        if certificate is not None:
            self.echo.use_certificate(certificate)
        plan = Plan(
            tables=self._tables,
            ports=self._ports,
            echo_port=self.echo.port,
            own_echo_ports=self.echo.own_ports,
            route_name=lambda position, route: ".".join(map(str, position)),
            certificate=certificate,
            original_destination=True,
        )
        folder = Path(self._folder.name)
        admin = folder / "admin.sock"
        return EnvoyProcess(bootstrap(plan, admin), folder, admin)

    def _connect(self, request: Request, port: int, listener: Listener) -> socket.socket:
        connection = socket.create_connection(("127.0.0.1", port), ANSWER_SECONDS)
        try:
            connection.sendall(_original_destination(request, listener))
            if request.sni is None:
                return connection
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
            return context.wrap_socket(connection, server_hostname=request.sni or None)
        except BaseException:
            connection.close()
            raise

    def _exchange(self, connection: socket.socket, request: Request) -> EnvoyAnswer:
        lines = [f"{request.method} {request.path} HTTP/1.1", f"host: {request.authority}"]
        lines += [f"{name}: {value}" for name, value in request.headers]
        if request.scheme == "https" and request.sni is None:
            lines.append("x-forwarded-proto: https")
        response = http.client.HTTPResponse(connection, method=request.method)
        try:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            response.begin()
            body = response.read()
        except (OSError, http.client.HTTPException):
            return EnvoyAnswer(status=None)
        headers = [(name.lower(), value) for name, value in response.getheaders()]
        route, virtual_host = self._found(response.headers.get(ROUTE_HEADER, ""))
        upstream = _upstream(response, body)
        return EnvoyAnswer(
            status=response.status,
            headers=tuple(each for each in headers if each[0] not in (CLUSTER_HEADER, ROUTE_HEADER)),
            body=body,
            cluster=response.headers.get(CLUSTER_HEADER) or (upstream or {}).get("cluster", ""),
            route=route,
            virtual_host=virtual_host,
            upstream=upstream,
        )

    def _found(self, name: str) -> tuple[Route | None, VirtualHost | None]:
        if not name:
            return None, None
        table, configuration, host, route = map(int, name.split("."))
        virtual_host = self._tables[table].route_configurations[configuration].virtual_hosts[host]
        return virtual_host.routes[route], virtual_host


def listener_for(table: RouteTable, request: Request) -> Listener | None:
    """Return the listener that takes a connection to the address and port of ``request``.

    As Envoy chooses with restored destinations: the exact address, then the wildcard of the port, then what takes
    all outbound traffic of a sidecar. Without an address, a port that only one listener has leads to that one.
    """
    port = table.ports.get(request.port, request.port)
    at_port = [listener for listener in table.listeners if listener.port == port and not listener.udp]
    exact = [listener for listener in at_port if request.address and listener.address == request.address]
    wildcard = [listener for listener in at_port if listener.address in WILDCARDS]
    only = at_port if not request.address and len(at_port) == 1 else []
    outbound = [listener for listener in table.listeners if listener.name == OUTBOUND]
    return next(iter([*exact, *wildcard, *only, *outbound]), None)


def certificate_for(tables: Iterable[RouteTable], earlier: Certificate | None = None) -> Certificate | None:
    """Return a certificate for all names that ``tables`` serve by TLS, ``earlier`` if it has them all already.

    ``None``: nothing is served by TLS.

    Raises:
        MeshwrightError: The library for certificates is not installed.
    """
    chains = [
        (table, chain)
        for table in tables
        for listener in table.listeners
        for chain in (*listener.chains, *filter(None, [listener.default_chain]))
        if chain.tls != "none" or chain.match.transport_protocol == "tls" or chain.match.server_names
    ]
    if not chains:
        return None
    names = {name for table, chain in chains for name in _names(table, chain)}
    if earlier is not None and names <= earlier.names:
        return earlier
    return throw_away_certificate(names)


def _names(table: RouteTable, chain: FilterChain) -> set[str]:
    names = set(chain.match.server_names)
    for configuration in table.route_configurations:
        if configuration.name == chain.http:
            names.update(domain for host in configuration.virtual_hosts for domain in host.domains)
    return {name.lower() for name in names if ":" not in name and not name.endswith(("*", "."))}


def _original_destination(request: Request, listener: Listener) -> bytes:
    address = request.address or (listener.address if listener.address not in WILDCARDS else "127.0.0.1")
    family, source = ("TCP6", "::1") if ":" in address else ("TCP4", "127.0.0.1")
    return f"PROXY {family} {source} {address} 40000 {request.port}\r\n".encode()


def _upstream(response: http.client.HTTPResponse, body: bytes) -> JSON | None:
    """Return what the echo says it received; ``None`` for an answer that Envoy made itself."""
    try:
        seen = json.loads(body)
    except ValueError:
        return None
    if isinstance(seen, dict) and seen.keys() == {"cluster", "path", "method", "headers"}:
        return seen
    return None
