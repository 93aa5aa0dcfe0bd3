"""The whole configuration of an Envoy that serves route tables on loopback, as static files or as files it watches."""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

from meshwright.envoy.certificates import Certificate
from meshwright.envoy.clusters import BLACK_HOLE, black_hole, echo_cluster, echoed_clusters
from meshwright.envoy.listeners import Serving, envoy_listener
from meshwright.envoy.protobuf_json import JSON, TYPE
from meshwright.envoy.routes import route_configuration
from meshwright.traffic import DirectResponse, Listener, NoAction, Route, RouteConfiguration, RouteTable, VirtualHost

RUNTIME = {
    "re2.max_program_size.error_level": 32768,
    "envoy.reloadable_features.http_reject_path_with_fragment": False,
}
"""Envoy's runtime flags that touch requests, as Istio's proxies are started with."""

SECRET = "preview"
MOST_WATCHED_ROUTES = 16

Key = tuple[int, str]
"""A listener: the position of its route table, and its name."""

RouteName = Callable[[tuple[int, int, int, int], Route], str]
"""Names a route; its position counts table, RouteConfiguration, virtual host, route."""


def own_name(position: tuple[int, int, int, int], route: Route) -> str:
    """Return the name that the route has already."""
    return route.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What to serve, and where.

    Args:
        tables: One for each proxy; one Envoy serves them all.
        ports: The loopback port of each listener to be served; listeners that are not named are left out.
        echo_port: Where HTTP requests for every cluster are echoed.
        own_echo_ports: Clusters that have an echo of their own, because TCP connections cannot tell where they go.
        route_name: What ``%ROUTE_NAME%``, and so the header ``x-meshwright-route``, says of each route.
        assume_hosts: Give an echo also to hosts that are in none of the manifests.
        certificate: What listeners that terminate TLS show; ``None`` where none does.
        access_log, original_destination: As in ``Serving``.
    """

    tables: tuple[RouteTable, ...]
    ports: Mapping[Key, int]
    echo_port: int
    own_echo_ports: Mapping[str, int] = field(default_factory=dict)
    route_name: RouteName = own_name
    assume_hosts: bool = False
    certificate: Certificate | None = None
    access_log: bool = False
    original_destination: bool = False


def bootstrap(plan: Plan, admin: Path) -> JSON:
    """Return a Bootstrap in which all is static; ``admin`` becomes the administration socket."""
    static = {
        "listeners": list(_listeners(plan, _inline(_route_configurations(plan)), {"name": SECRET})),
        "clusters": _clusters(plan),
        "secrets": [] if plan.certificate is None else [_secret(plan.certificate)],
    }
    return _base(admin) | {"staticResources": static}


def watching_bootstrap(folder: Path, admin: Path) -> JSON:
    """Return a Bootstrap that takes listeners, clusters and routes from the files of ``watched_files``."""
    return _base(admin) | {
        "node": {"id": "preview", "cluster": "meshwright"},
        "dynamicResources": {
            "ldsConfig": _watched(folder / "listeners.json"),
            "cdsConfig": _watched(folder / "clusters.json"),
        },
    }


def watched_files(plan: Plan, folder: Path, version: str) -> dict[str, str]:
    """Return the files that Envoy watches in ``folder``, by name, in the order in which they have to be written.

    The RouteConfigurations of ``watched_routes`` have a file each; the others stand in the file of the listeners.
    """
    configurations = _route_configurations(plan)
    inline = _inline(configurations)
    watched = watched_routes(plan)

    def routes(name: str) -> JSON:
        if name not in watched:
            return inline(name)
        return {"rds": {"routeConfigName": name, "configSource": _watched(folder / _routes_file(name))}}

    secret = {"name": SECRET, "sdsConfig": _watched(folder / "secrets.json")}
    secrets = [] if plan.certificate is None else [_secret(plan.certificate)]
    files = {
        "secrets.json": _discovery("envoy.extensions.transport_sockets.tls.v3.Secret", secrets, version),
        "clusters.json": _discovery("envoy.config.cluster.v3.Cluster", _clusters(plan), version),
    }
    for name in watched:
        kind = "envoy.config.route.v3.RouteConfiguration"
        files[_routes_file(name)] = _discovery(kind, [inline(name)["routeConfig"]], version)
    listeners = list(_listeners(plan, routes, secret))
    return files | {"listeners.json": _discovery("envoy.config.listener.v3.Listener", listeners, version)}


def watched_routes(plan: Plan) -> list[str]:
    """Return the RouteConfigurations that Envoy takes from files of their own: those of plain HTTP, up to a limit.

    Envoy replaces them without touching a connection. Each takes one of the system's file watchers, which are few.
    """
    names = (
        f"{index}/{chain.http}"
        for (index, _), listener in served_listeners(plan)
        for chain in listener.chains
        if chain.http is not None and chain.tls == "none"
    )
    return list(dict.fromkeys(names))[:MOST_WATCHED_ROUTES]


def named_routes(configuration: RouteConfiguration, table: int, index: int, name: RouteName) -> RouteConfiguration:
    """Return ``configuration`` with each route called what ``name`` says; traffic does not depend on names."""

    def renamed(position: int, host: VirtualHost) -> VirtualHost:
        routes = enumerate(host.routes)
        return replace(host, routes=tuple(replace(r, name=name((table, index, position, i), r)) for i, r in routes))

    hosts = enumerate(configuration.virtual_hosts)
    return replace(configuration, virtual_hosts=tuple(renamed(position, host) for position, host in hosts))


def served_listeners(plan: Plan) -> Iterator[tuple[Key, Listener]]:
    """Yield the listeners that ``plan`` gives a port, by table and name."""
    for index, table in enumerate(plan.tables):
        for listener in table.listeners:
            key = (index, listener.name)
            if key in plan.ports:
                yield key, listener


def _inline(configurations: dict[str, JSON]) -> Callable[[str], JSON]:
    def routes(name: str) -> JSON:
        return {"routeConfig": configurations.get(name, {"name": name})}

    return routes


def _listeners(plan: Plan, routes: Callable[[str], JSON], secret: JSON) -> Iterator[JSON]:
    for (index, name), listener in served_listeners(plan):

        def of_this_table(configuration: str, index: int = index) -> JSON:
            return routes(f"{index}/{configuration}")

        serving = Serving(
            routes=of_this_table,
            gateway=plan.tables[index].proxy.type == "router",
            path_normalisation=plan.tables[index].path_normalisation,
            secret=None if plan.certificate is None else secret,
            access_log=plan.access_log,
            original_destination=plan.original_destination,
        )
        yield envoy_listener(listener, f"{index}/{name}", plan.ports[index, name], serving)


def _route_configurations(plan: Plan) -> dict[str, JSON]:
    found = {}
    for index, table in enumerate(plan.tables):
        for position, configuration in enumerate(table.route_configurations):
            name = f"{index}/{configuration.name}"
            named = replace(named_routes(configuration, index, position, plan.route_name), name=name)
            found[name] = route_configuration(_accepted(named)) | {"validateClusters": False}
    return found


def _accepted(configuration: RouteConfiguration) -> RouteConfiguration:
    """Return the routes such that Envoy starts with them: those without action answer 500."""
    hosts = tuple(replace(host, routes=tuple(map(_with_action, host.routes))) for host in configuration.virtual_hosts)
    return replace(configuration, virtual_hosts=hosts)


def _with_action(route: Route) -> Route:
    return replace(route, action=DirectResponse(500)) if isinstance(route.action, NoAction) else route


def _secret(certificate: Certificate) -> JSON:
    chain, key = {"inlineString": certificate.chain}, {"inlineString": certificate.key}
    return {"name": SECRET, "tlsCertificate": {"certificateChain": chain, "privateKey": key}}


def _clusters(plan: Plan) -> list[JSON]:
    names: set[str] = set()
    for table in plan.tables:
        names.update(*echoed_clusters(table, plan.assume_hosts))
    ports = plan.own_echo_ports
    return [
        black_hole(),
        *(echo_cluster(name, ports.get(name, plan.echo_port)) for name in sorted(names - {BLACK_HOLE})),
    ]


def _base(admin: Path) -> JSON:
    runtime = {"layers": [{"name": "istio", "staticLayer": RUNTIME}]}
    return {"admin": {"address": {"pipe": {"path": str(admin)}}}, "layeredRuntime": runtime}


def _watched(file: Path) -> JSON:
    return {"pathConfigSource": {"path": str(file)}, "resourceApiVersion": "V3", "initialFetchTimeout": "5s"}


def _routes_file(name: str) -> str:
    return f"routes-{sha256(name.encode()).hexdigest()[:16]}.json"


def _discovery(kind: str, resources: list[JSON], version: str) -> str:
    typed = [{"@type": TYPE + kind} | resource for resource in resources]
    return json.dumps({"versionInfo": version, "resources": typed})
