"""The Gateways of one gateway workload, merged into the servers that it runs, port by port.

Source: Istio reference, "Gateway"; istiod's merge, which keeps the older server where two cannot live together.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from meshwright.frontends.istio.objects import Config, entries, integer, section, text, texts
from meshwright.frontends.istio.protocols import is_http, parse_protocol
from meshwright.traffic import Origin

_PASSTHROUGH_MODES = frozenset({"PASSTHROUGH", "AUTO_PASSTHROUGH"})


class ServerPort(NamedTuple):
    """What servers must share to live in one listener."""

    number: int
    protocol: str
    bind: str


@dataclass(slots=True, eq=False)
class Server:
    """One server of one Gateway.

    Args:
        gateway: ``namespace/name`` of its Gateway.
        hosts: ``host`` or ``namespace/host``, without ``./`` and ``*/``.
        port: The number as written; the listener's may differ behind a Service.
        tls: As written; ``None`` without.
        route_name: The RouteConfiguration's name, empty where bytes are forwarded.
    """

    gateway: str
    hosts: tuple[str, ...]
    port: int
    port_name: str
    protocol: str
    bind: str
    tls: Mapping[str, Any] | None
    name: str
    origin: Origin
    route_name: str = ""

    @property
    def mode(self) -> str:
        """The TLS mode, ``PASSTHROUGH`` where it is not written; empty without TLS."""
        return (text(self.tls.get("mode")) or "PASSTHROUGH") if self.tls is not None else ""

    @property
    def passes_through(self) -> bool:
        """Whether TLS is forwarded unread."""
        return self.mode in _PASSTHROUGH_MODES

    @property
    def redirects_to_https(self) -> bool:
        """Whether plain requests are sent to https."""
        return self.tls is not None and self.tls.get("httpsRedirect") is True

    @property
    def speaks_http(self) -> bool:
        """Whether requests are read here: plain HTTP, or HTTPS that ends here."""
        return is_http(self.protocol) or (self.protocol == "HTTPS" and not self.passes_through)

    @property
    def ends_https(self) -> bool:
        """Whether HTTPS ends here."""
        return self.tls is not None and self.protocol == "HTTPS" and not self.passes_through

    @property
    def sni_hosts(self) -> tuple[str, ...]:
        """The hosts without their namespaces, sorted; empty without TLS."""
        if self.tls is None:
            return ()
        return tuple(sorted({host.split("/")[1] if "/" in host else host for host in self.hosts}))


@dataclass(slots=True, eq=False)
class MergedServers:
    """The servers of one ``ServerPort``; the route name is the first one's."""

    servers: list[Server]
    route_name: str


@dataclass(slots=True, eq=False)
class MergedGateway:
    """All servers that one workload runs.

    Args:
        ports: In the order of their first server.
        by_route_name: The servers that give virtual hosts to each RouteConfiguration.
        rejected: Servers that lost against an older one.
    """

    ports: dict[ServerPort, MergedServers] = field(default_factory=dict)
    by_route_name: dict[str, list[Server]] = field(default_factory=dict)
    rejected: list[Server] = field(default_factory=list)


class PortTarget(NamedTuple):
    """A port of a Service in front of the workload, and where it leads to."""

    hostname: str
    namespace: str
    port: int
    target_port: int
    translates: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class SelectedGateway:
    """A Gateway that a workload serves.

    Args:
        targets: The Service ports that count for it.
        by_selector: It found the workload by labels; one that names a Service serves only that Service's ports.
    """

    config: Config
    targets: Sequence[PortTarget]
    by_selector: bool

    def ports(self, number: int) -> list[int]:
        """Return the ports to listen on for a server's port."""
        found: list[int] = []
        for target in self.targets:
            if target.port != number or (self.by_selector and not target.translates):
                continue
            if self.by_selector:
                return [target.target_port]
            if target.target_port not in found:
                found.append(target.target_port)
        return found or ([number] if self.by_selector else [])


def servers_of(config: Config) -> list[Server]:
    """Return the servers of a Gateway, as they were first read; one without a port is none."""
    if config.servers is None:
        config.servers = _read_servers(config)
    return config.servers


def _read_servers(config: Config) -> list[Server]:
    servers: list[Server] = []
    for position, written in enumerate(map(section, entries(config.spec.get("servers")))):
        port = written.get("port")
        if not isinstance(port, dict):
            continue
        tls = written.get("tls")
        servers.append(
            Server(
                gateway=f"{config.namespace}/{config.name}",
                hosts=server_hosts(texts(written.get("hosts")), config.namespace),
                port=integer(port.get("number")),
                port_name=text(port.get("name")),
                protocol=parse_protocol(port.get("protocol")),
                bind=text(written.get("bind")),
                tls=tls if isinstance(tls, dict) else None,
                name=text(written.get("name")),
                origin=config.origin(f"spec.servers[{position}]"),
            )
        )
    return servers


def server_hosts(written: Iterable[str], namespace: str) -> tuple[str, ...]:
    """Return hosts with ``./`` replaced by the Gateway's namespace and ``*/`` left out."""
    hosts: list[str] = []
    for host in written:
        scope, slash, name = host.partition("/")
        if slash and scope == ".":
            hosts.append(f"{namespace}/{name}")
        elif slash and scope == "*":
            if name == "*":
                return ("*",)
            hosts.append(name)
        else:
            hosts.append(host)
    return tuple(hosts)


def merge_gateways(gateways: Iterable[SelectedGateway]) -> MergedGateway:
    """Merge the Gateways of a workload, oldest first."""
    merge = _Merge()
    for gateway in gateways:
        for server in _read_servers(gateway.config):  # each proxy gives them names of routes of its own
            for number in gateway.ports(server.port):
                merge.add(server, number, gateway.config)
    return merge.merged


@dataclass(slots=True, eq=False)
class _Merge:
    merged: MergedGateway = field(default_factory=MergedGateway)
    taken: set[int] = field(default_factory=set)
    plain: dict[int, ServerPort] = field(default_factory=dict)
    tls_hosts: dict[int, dict[str, str]] = field(default_factory=dict)
    binds: dict[int, set[str]] = field(default_factory=dict)

    def add(self, server: Server, number: int, config: Config) -> None:
        """Add one server on one port to listen on, or reject it."""
        server.route_name = route_name(server, number, config)
        if server.tls is not None and not claim_hosts(server.hosts, server.bind, self.tls_hosts.setdefault(number, {})):
            self.merged.rejected.append(server)
            return
        port = ServerPort(number, server.protocol, server.bind)
        if number not in self.taken:
            self.taken.add(number)
            self._start(server, port)
        elif number in self.plain:
            self._join_plain(server, port, self.plain[number])
        elif not _is_tls(server):
            self._start(server, port)
        else:
            self._join_tls(server, port)

    def _start(self, server: Server, port: ServerPort) -> None:
        if not _is_tls(server):
            self.plain[port.number] = port
        if server.speaks_http:
            self.merged.by_route_name[server.route_name] = [server]
        self.merged.ports[port] = MergedServers([server], server.route_name)

    def _join_plain(self, server: Server, port: ServerPort, current: ServerPort) -> None:
        routes = self.merged.by_route_name
        if current.bind == port.bind:
            mergeable = is_http(port.protocol) and (is_http(current.protocol) or port.protocol == current.protocol)
            if not mergeable or not server.route_name:
                self.merged.rejected.append(server)
                return
            self.merged.ports[current].servers.append(server)
            routes.setdefault(server.route_name, []).append(server)
        elif port not in self.merged.ports:
            self._start(server, port)
        else:
            present = self.merged.ports[port]
            present.route_name = server.route_name
            present.servers.append(server)
            routes.setdefault(server.route_name, []).append(server)

    def _join_tls(self, server: Server, port: ServerPort) -> None:
        if server.speaks_http:
            if not server.route_name or server.route_name in self.merged.by_route_name:
                self.merged.rejected.append(server)
                return
            self.merged.by_route_name[server.route_name] = [server]
        binds = self.binds.setdefault(port.number, set())
        new_bind = port.bind not in binds
        binds.add(port.bind)
        if server.tls is None and not new_bind:
            self.merged.rejected.append(server)
        elif port in self.merged.ports:
            self.merged.ports[port].servers.append(server)
        else:
            self.merged.ports[port] = MergedServers([server], "")


def _is_tls(server: Server) -> bool:
    return server.tls is not None and not is_http(server.protocol)


def route_name(server: Server, number: int, config: Config) -> str:
    """Return the RouteConfiguration's name: by port for plain HTTP, by server for HTTPS, none for bytes."""
    bind = f".{server.bind}" if server.bind else ""
    if is_http(server.protocol):
        return f"http.{number}{bind}"
    if server.protocol == "HTTPS" and not server.passes_through:
        return f"https.{server.port}.{server.port_name}.{config.name}.{config.namespace}{bind}"
    return ""


def claim_hosts(hosts: Iterable[str], bind: str, known: dict[str, str]) -> bool:
    """Take hosts for one server; ``False``, and none taken, if another server of the same address has one of them."""
    wanted = tuple(hosts)
    if any(known.get(host) == bind for host in wanted):
        return False
    known.update((host, bind) for host in wanted)
    return True
