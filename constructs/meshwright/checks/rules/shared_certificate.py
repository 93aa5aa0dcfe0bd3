"""MW408: one certificate at several servers of one port: browsers use a connection for hosts of another server."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.gateways import Server, servers_of
from meshwright.frontends.istio.objects import section, text

_Key = tuple[tuple[tuple[str, str], ...], str, int]


def _find(shown: Inventory) -> Iterator[Problem]:
    sharing: dict[_Key, list[Server]] = {}
    for gateway in shown.gateways.values():
        if gateway.resource.origins is not None:
            continue
        selector = tuple(sorted((key, str(value)) for key, value in section(gateway.spec.get("selector")).items()))
        for server in servers_of(gateway):
            name = text(server.tls.get("credentialName")) if server.tls is not None else ""
            if name and not server.passes_through and server.protocol == "HTTPS":
                sharing.setdefault((selector, name, server.port), []).append(server)
    for (_, name, port), servers in sharing.items():
        for server in servers if len(servers) > 1 else ():
            others = [other for other in servers if other is not server and not set(other.hosts) & set(server.hosts)]
            if others:
                hosts = all_of([host for other in others for host in other.hosts])
                wrong = f'"{name}" is the certificate for {hosts} on port {port}, too, in another server'
                remedy = "Serve all its hosts by one server: with HTTP/2 clients keep the connection, and get 404."
                related = tuple(other.origin for other in others[:3])
                yield Problem(server.origin, wrong, remedy, related=related)


CHECK = Check("MW408", "shared-certificate", "warning", "Servers that share a certificate and not their routes.", _find)
