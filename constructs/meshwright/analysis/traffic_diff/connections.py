"""The connections that two versions of one proxy may get, and where each of them leads.

A connection is told by port, address and server name. Server names that one way through a listener takes on both sides
are one class, as are all that no way names.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from meshwright.analysis.listening import Chains, listener_of
from meshwright.analysis.space.entrance import Door
from meshwright.traffic import (
    FilterChain,
    Forward,
    Listener,
    PathMatch,
    Request,
    Route,
    RouteConfiguration,
    RouteMatch,
    RouteTable,
    VirtualHost,
)

ANYWHERE = ("0.0.0.0", "::", "")
ANY = RouteMatch(PathMatch("prefix", "/"), implied=True)
_OTHER_NAME = "any-other-name"
OTHER_PORT = 59_998
_NOTHING = RouteConfiguration("", (VirtualHost("", ("*",)),), ignore_port_in_host_matching=True)

Kind = Literal["refused", "bytes", "http"]


@dataclass(frozen=True, slots=True, eq=False)
class End:
    """Where a connection leads: to the routes of a configuration, to a destination as bytes, or nowhere."""

    kind: Kind
    listener: Listener | None
    chain: FilterChain | None
    configuration: RouteConfiguration

    @property
    def tls(self) -> tuple[str, str]:
        """How the proxy speaks TLS to the client, and with which certificate."""
        chain = self.chain
        return ("none", "") if chain is None or self.kind == "refused" else (chain.tls, chain.credential)


@dataclass(frozen=True, slots=True, eq=False)
class Connection:
    """Connections that one way takes before and one after.

    Args:
        names: Server names; empty where the connection is plain or may name any.
    """

    door: Door
    sni: str | None
    names: tuple[str, ...]
    before: End
    after: End

    def request(self, authority: str = "") -> Request:
        """Return a request on such a connection."""
        return Request("GET", authority, "/", (), self.door.scheme, self.door.port, self.sni, self.door.address)


class Ends:
    """Finds where the connections to one proxy lead."""

    def __init__(self, table: RouteTable) -> None:
        self.table = table
        self._chains: dict[str, Chains] = {}
        self._configurations = {each.name: each for each in table.route_configurations}
        self._known: dict[tuple[int, int, str], End] = {}
        self.bytes: set[int] = set()

    def find(self, request: Request) -> End:
        """Return where the connection of ``request`` leads, as ``Decider`` finds it."""
        listener = listener_of(self.table, request)
        if listener is None:
            return self._end("refused", None, None)
        chains = self._chains.get(listener.name)
        if chains is None:
            chains = self._chains[listener.name] = Chains(listener)
        chain = chains.find(request)
        if chain is None or (chain.tls != "none" and request.sni is None):
            return self._end("refused", listener, chain)
        if chain.tcp is not None:
            return self._end("bytes", listener, chain)
        if chain.tls == "none" and request.sni is not None:
            return self._end("refused", listener, chain)
        return self._end("http", listener, chain)

    def _end(self, kind: Kind, listener: Listener | None, chain: FilterChain | None) -> End:
        key = (id(listener), id(chain), kind)
        end = self._known.get(key)
        if end is None:
            end = self._known[key] = End(kind, listener, chain, self._configuration(kind, chain))
        return end

    def _configuration(self, kind: Kind, chain: FilterChain | None) -> RouteConfiguration:
        if kind == "refused" or chain is None:
            return _NOTHING
        if kind == "http":
            return self._configurations.get(chain.http or "") or RouteConfiguration(chain.http or "")
        clusters = chain.tcp.clusters if chain.tcp is not None else ()
        origin = (chain.tcp.origin if chain.tcp is not None else None) or chain.origin
        route = Route(ANY, Forward(clusters), origin=origin)
        self.bytes.add(id(route))
        return RouteConfiguration("", (VirtualHost("", ("*",), (route,)),), ignore_port_in_host_matching=True)


def connections(before: Ends, after: Ends) -> list[Connection]:
    """Return the connections that lead anywhere on one side at least, those with the same two ends together."""
    found: dict[tuple[int, int, Door], Connection] = {}
    for door in _doors(before.table, after.table):
        for sni, name in _names(door, before.table, after.table):
            scheme: Literal["http", "https"] = "http" if sni is None else "https"
            here = Door(scheme, door.port, door.address)
            request = Request("GET", "", "/", (), scheme, door.port, sni, door.address)
            old, new = before.find(request), after.find(request)
            if old.kind == "refused" and new.kind == "refused":
                continue
            key = (id(old), id(new), here)
            known = found.get(key)
            names: tuple[str, ...] = () if name is None else (name,)
            if known is not None:
                names = (*known.names, *names) if known.names and names else ()
                found[key] = Connection(here, known.sni, names, old, new)
            else:
                found[key] = Connection(here, sni, names, old, new)
    return list(found.values())


def _doors(before: RouteTable, after: RouteTable) -> list[Door]:
    if before.proxy.type == "router":
        return [Door("http", port) for port in _gateway_ports(before, after)]
    doors = dict.fromkeys(
        Door("http", listener.port, "" if listener.address in ANYWHERE else listener.address)
        for table in (after, before)
        for listener in table.listeners
        if not listener.udp and not listener.name.startswith("virtual") and _is_address(listener.address)
    )
    return [*doors, Door("http", OTHER_PORT)]


def _is_address(address: str) -> bool:
    return not address.startswith("unix:") and "/" not in address


def _gateway_ports(before: RouteTable, after: RouteTable) -> list[int]:
    """Return the ports that clients connect to; those of the workload itself only where they are reached otherwise."""
    inner = {each.port: None for table in (before, after) for each in table.listeners}
    outer = {port: None for table in (before, after) for port in table.ports}
    hidden = {
        target
        for target in inner
        if (ways := _ways(before, target)) and ways == _ways(after, target) and target not in outer
    }
    return sorted({*outer, *(port for port in inner if port not in hidden)})


def _ways(table: RouteTable, target: int) -> set[int]:
    return {port for port, to in table.ports.items() if to == target}


def _names(door: Door, before: RouteTable, after: RouteTable) -> Iterator[tuple[str | None, str | None]]:
    """Yield server names to try, each with the name that it stands for; a plain connection first."""
    yield None, None
    request = Request("GET", "", "/", (), "http", door.port, None, door.address)
    listeners = [each for table in (after, before) if (each := listener_of(table, request)) is not None]
    if not any(_reads_tls(each) for each in listeners):
        return
    names = dict.fromkeys(name.lower() for each in listeners for name in _server_names(each))
    yield _OTHER_NAME, None
    for name in names:
        yield (f"{_OTHER_NAME}{name[1:]}" if name.startswith("*.") else name), name


def _all_chains(listener: Listener) -> Iterable[FilterChain]:
    return (*listener.chains, *filter(None, [listener.default_chain]))


def _reads_tls(listener: Listener) -> bool:
    return any(
        chain.tls != "none" or chain.match.transport_protocol == "tls" or chain.match.server_names or chain.tcp
        for chain in _all_chains(listener)
    )


def _server_names(listener: Listener) -> Iterator[str]:
    for chain in _all_chains(listener):
        yield from chain.match.server_names
