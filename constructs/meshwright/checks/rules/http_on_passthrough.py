"""MW402: HTTP rules behind a server that forwards TLS unread."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.gateways import Server, servers_of
from meshwright.frontends.istio.hosts import overlaps
from meshwright.frontends.istio.objects import MESH
from meshwright.frontends.istio.virtual_services import VirtualService


def _find(shown: Inventory) -> Iterator[Problem]:
    for service in shown.written_virtual_services:
        if not service.http or MESH in service.gateways:
            continue
        gateways = [shown.gateways.get(name) for name in service.gateways]
        servers = [
            server for each in gateways if each is not None for server in servers_of(each) if _meets(server, service)
        ]
        if None in gateways or not servers or any(server.speaks_http for server in servers):
            continue
        origin = service.config.origin("spec.http")
        if all(server.passes_through for server in servers):
            wrong = "HTTP rules never apply: every server for these hosts forwards TLS unread (PASSTHROUGH)"
            remedy = "Write tls rules with sniHosts, or end TLS at the gateway (tls.mode SIMPLE)."
        else:
            protocols = all_of([server.protocol or "?" for server in servers])
            wrong = f"HTTP rules never apply: the servers for these hosts speak {protocols}"
            remedy = "Write tcp or tls rules, or set the server's protocol to HTTP or HTTPS."
        yield Problem(origin, wrong, remedy, related=tuple(server.origin for server in servers[:3]))


def _meets(server: Server, service: VirtualService) -> bool:
    return any(overlaps(host, written.rpartition("/")[2]) for written in server.hosts for host in service.hosts)


CHECK = Check("MW402", "http-on-passthrough", "error", "HTTP rules where no server reads HTTP.", _find)
