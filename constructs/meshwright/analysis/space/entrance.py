"""How requests come to a virtual host: what they can be before any route is asked."""

from dataclasses import dataclass
from typing import Literal

from meshwright.traffic import Listener, RouteConfiguration, RouteTable, VirtualHost
from meshwright.traffic.table import PathNormalisation

_WILDCARDS = ("0.0.0.0", "::")


@dataclass(frozen=True, slots=True)
class Door:
    """A listener's port as clients see it; ``address`` is empty where the listener takes any."""

    scheme: Literal["http", "https"]
    port: int
    address: str = ""


PLAIN_AND_TLS = (Door("http", 80), Door("https", 443))


@dataclass(frozen=True, slots=True)
class Entrance:
    """How requests come to one virtual host.

    Args:
        virtual_host: Its routes are not looked at; its domains say which authorities it gets.
        configuration: The other virtual hosts beside it, which take theirs away; ``None``: there are none.
        at_the_edge: Gateways do not believe headers in which clients speak as proxies.
    """

    virtual_host: VirtualHost
    configuration: RouteConfiguration | None = None
    at_the_edge: bool = True
    path_normalisation: PathNormalisation = "BASE"
    doors: tuple[Door, ...] = PLAIN_AND_TLS

    @classmethod
    def of(cls, table: RouteTable, configuration: RouteConfiguration, virtual_host: VirtualHost) -> "Entrance":
        """Return how requests come to ``virtual_host``, by the listeners of ``table`` that lead to it."""
        seen = {inner: outer for outer, inner in table.ports.items()}
        doors = tuple(
            Door(scheme, seen.get(listener.port, listener.port), _address(listener))
            for listener in table.listeners
            for scheme in _schemes(listener, configuration.name)
        )
        edge = table.proxy.type == "router"
        return cls(virtual_host, configuration, edge, table.path_normalisation, doors or PLAIN_AND_TLS)


def _address(listener: Listener) -> str:
    return "" if listener.address in _WILDCARDS else listener.address


def _schemes(listener: Listener, configuration: str) -> tuple[Literal["http", "https"], ...]:
    chains = [*listener.chains, *filter(None, [listener.default_chain])]
    found = {chain.tls != "none" for chain in chains if chain.http == configuration}
    schemes: list[Literal["http", "https"]] = []
    if False in found:
        schemes.append("http")
    if True in found:
        schemes.append("https")
    return tuple(schemes)
