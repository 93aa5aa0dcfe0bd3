"""MW121: a host of a VirtualService that none of its gateways serves."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.gateways import servers_of
from meshwright.frontends.istio.hosts import overlaps
from meshwright.frontends.istio.objects import MESH, Config
from meshwright.frontends.istio.virtual_services import VirtualService


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.written_virtual_services:
        gateways = {name: shown.gateways.get(name) for name in service.gateways if name != MESH}
        known = {name: gateway for name, gateway in gateways.items() if gateway is not None}
        serves = {name: [host for host in service.hosts if _binds(host, service, known[name])] for name in known}
        yield from _useless_gateways(service, known, serves)
        if MESH in service.gateways or len(known) < len(gateways) or not any(serves.values()):
            continue
        bound = {host for hosts in serves.values() for host in hosts}
        for position, host in enumerate(service.hosts):
            if host not in bound:
                wrong = f'no server of {all_of(list(known))} takes the host "{host}", so it gets no request there'
                remedy = "Remove it, or add it to a server."
                yield Problem(service.config.origin(f"spec.hosts[{position}]"), wrong, remedy)


def _useless_gateways(
    service: VirtualService, known: dict[str, Config], serves: dict[str, list[str]]
) -> Iterator[Problem]:
    """Tell the gateways that take none of the hosts."""
    names = [name for name in service.gateways if name != MESH]
    idle = [name for name, hosts in serves.items() if not hosts]
    all_idle = len(idle) == len(service.gateways)
    position = {name: f"spec.gateways[{place}]" for place, name in enumerate(service.gateways)}
    for name in idle:
        gateway = known[name]
        wrong = f'Gateway "{name}" takes none of the hosts {all_of(list(service.hosts))}'
        kept = _kept_out(service, gateway)
        if kept:
            wrong += f": it takes them only from VirtualServices in {all_of(kept)}"
            remedy = f'Move the VirtualService there, or write "{service.config.namespace}/HOST" in the server.'
        else:
            offered = all_of([host for server in servers_of(gateway) for host in server.hosts])
            remedy = f"Its servers take {offered}: correct the host, or add it there."
        severity = "error" if all_idle and name == names[0] else "warning"
        origin = service.config.origin(position[name])
        yield Problem(origin, wrong, remedy, severity, (gateway.origin("spec.servers"),))  # type: ignore[arg-type]


def _binds(host: str, service: VirtualService, gateway: Config) -> bool:
    return any(
        overlaps(host.lower(), name.lower()) and namespace in ("*", service.config.namespace)
        for namespace, name in _server_hosts(gateway)
    )


def _kept_out(service: VirtualService, gateway: Config) -> list[str]:
    """Return the namespaces whose VirtualServices a gateway would take one of the hosts from."""
    return [
        namespace
        for namespace, name in _server_hosts(gateway)
        if any(overlaps(host.lower(), name.lower()) for host in service.hosts)
    ]


def _server_hosts(gateway: Config) -> Iterator[tuple[str, str]]:
    for server in servers_of(gateway):
        for written in server.hosts:
            namespace, slash, host = written.rpartition("/")
            yield (namespace if slash else "*"), host


CHECK = Check(
    "MW121", "host-not-on-gateway", "warning", "A VirtualService's host that its gateways do not serve.", _find
)
