"""Where the HTTP rules that someone wrote appear as routes: on gateways, and for callers in the mesh."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from meshwright.analysis.space.entrance import Door, Entrance
from meshwright.analysis.unreachable import Reach, reach
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.actions import RouteContext
from meshwright.frontends.istio.http_routes import routes_of
from meshwright.frontends.istio.objects import MESH
from meshwright.frontends.istio.virtual_services import VirtualService
from meshwright.traffic import VirtualHost

_ANY = VirtualHost("any", ("*",))


@dataclass(frozen=True, slots=True, eq=False)
class Appearance:
    """One virtual host, and how requests come to it."""

    virtual_host: VirtualHost
    entrance: Entrance


def on_gateways(shown: Inventory) -> list[Appearance]:
    """Return the virtual hosts of all gateways that have more than one route."""
    found: list[Appearance] = shown.remember("on_gateways", lambda: list(_on_gateways(shown)))
    return found


def _on_gateways(shown: Inventory) -> Iterator[Appearance]:
    for proxy in shown.mesh.gateways():
        table = shown.mesh.route_table(proxy)
        for configuration in table.route_configurations:
            for host in configuration.virtual_hosts:
                if host.routes:
                    yield Appearance(host, Entrance.of(table, configuration, host))


def in_mesh(shown: Inventory) -> Iterator[Appearance]:
    """Yield, for each VirtualService of the mesh and each port of its services, what callers without labels get."""
    for service in shown.written_virtual_services:
        if MESH not in service.gateways or not service.http:
            continue
        services = [each for host in service.hosts for each in shown.services(host)]
        for port in sorted({port.number for each in services for port in each.ports} or {80}):
            routes = routes_of(service, _context(shown, service, port))
            host = VirtualHost(service.config.name, service.hosts, tuple(routes))
            yield Appearance(host, Entrance(host, at_the_edge=False, doors=(Door("http", port),)))


def _context(shown: Inventory, service: VirtualService, port: int) -> RouteContext:
    return RouteContext(
        namespace=service.config.namespace,
        labels={},
        gateways=frozenset((MESH,)),
        port=port,
        tls=False,
        mesh=shown.mesh.mesh_config,
        service=lambda host: next(iter(shown.services(host)), None),
        consistent_hash=lambda host, subset, port: None,
    )


def reached(shown: Inventory, appearance: Appearance) -> Iterator[Reach]:
    """Yield which of the routes requests reach, without regard to the host.

    Many hosts have rules of one shape; as long as these do not ask for the authority, one answer is for all of them.
    """
    host, entrance = appearance.virtual_host, appearance.entrance
    matches = tuple(route.match for route in host.routes)
    if any(header.name == ":authority" for match in matches for header in match.headers):
        yield from reach(host, entrance)
        return
    known: dict[object, list[tuple[Reach, list[int]]]] = shown.remember("reach", dict)
    key = matches, entrance.doors, entrance.at_the_edge, entrance.path_normalisation
    if key not in known:
        anywhere = replace(entrance, virtual_host=_ANY, configuration=None)
        places = {id(route): place for place, route in enumerate(host.routes)}
        known[key] = [(each, [places[id(taker)] for taker in each.takers]) for each in reach(host, anywhere)]
    for each, takers in known[key]:
        routes = host.routes
        yield replace(each, route=routes[each.position], takers=tuple(routes[place] for place in takers))
