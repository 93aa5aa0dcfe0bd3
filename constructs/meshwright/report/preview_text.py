"""What the preview says: where listeners are served and how to ask them, requests as they come, and their counts."""

from collections.abc import Iterable, Iterator, Mapping
from shlex import quote

from meshwright.report.route_table_text import cluster_text
from meshwright.traffic import FilterChain, Listener, RouteConfiguration, RouteTable, VirtualHost

MOST_COMMANDS = 50
REASONS = {
    "DI": "delayed by a fault",
    "FI": "aborted by a fault",
    "NC": "no such cluster",
    "UF": "no connection to the cluster",
    "UH": "no endpoint in the cluster",
    "UT": "timeout",
    "UPE": "broken answer",
    "URX": "retries used up",
    "DC": "client left",
}


def listener_lines(table: RouteTable, listener: Listener, port: int) -> Iterator[str]:
    """Yield a line for a listener that is served on loopback ``port``, and one with a command for each of its hosts."""
    yield f"port {_client_port(table, listener)} is 127.0.0.1:{port}"
    configurations = {configuration.name: configuration for configuration in table.route_configurations}
    chains = (*listener.chains, *filter(None, [listener.default_chain]))
    commands = [command for chain in chains for command in _commands(chain, configurations, port)]
    yield from (f"  {command}" for command in commands[:MOST_COMMANDS])
    if len(commands) > MOST_COMMANDS:
        yield f"  and {len(commands) - MOST_COMMANDS} more hosts"


def request_text(
    *, status: int, method: str, authority: str, path: str, route: str, cluster: str, flags: str, count: int
) -> str:
    """Return a request that was answered, with the rule that answered it and how often that has answered by now."""
    reasons = [REASONS[flag] for flag in flags.split(",") if flag in REASONS]
    target = f" -> {cluster_text(cluster)}" if cluster else ""
    because = f" ({', '.join(reasons)})" if reasons else ""
    return f"{status or '---'} {method} {authority}{path}  {route}{target}{because}  [{count}]"


def counts_text(counts: Mapping[str, int]) -> str:
    """Return the requests by route, most first."""
    if not counts:
        return "No requests."
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    width = len(str(ordered[0][1]))
    return "\n".join(["Requests by route:", *(f"  {count:>{width}}  {route}" for route, count in ordered)])


def _client_port(table: RouteTable, listener: Listener) -> int:
    return next((client for client, port in table.ports.items() if port == listener.port), listener.port)


def _commands(chain: FilterChain, configurations: Mapping[str, RouteConfiguration], port: int) -> Iterator[str]:
    if chain.http is None:
        secured = chain.tls != "none" or chain.match.server_names
        names = [name for name in chain.match.server_names if name != "*"]
        if not secured:
            yield f"nc 127.0.0.1 {port}"
        for name in names:
            yield _curl(_example(name), "/", port, tls=True)
        return
    configuration = configurations.get(chain.http)
    for host in () if configuration is None else configuration.virtual_hosts:
        for domain in _domains(host.domains):
            yield _curl(_example(domain), _path(host), port, tls=chain.tls != "none")


def _domains(domains: Iterable[str]) -> list[str]:
    """Return the hosts worth showing: those without a port that is not a repetition of another."""
    return [domain for domain in domains if ":" not in domain and not domain.endswith(".")] or ["*"]


def _example(domain: str) -> str:
    """Return a host that a domain with a wildcard covers; nothing for the domain that covers all."""
    if domain == "*":
        return ""
    if domain.startswith("*"):
        return f"any{domain.removeprefix('*')}" if domain[1] in ".-" else f"any.{domain[1:]}"
    return f"{domain[:-1]}any" if domain.endswith("*") else domain


def _path(host: VirtualHost) -> str:
    plain = ("exact", "prefix", "separated_prefix")
    return next((route.match.path.value for route in host.routes if route.match.path.kind in plain), "/") or "/"


def _curl(host: str, path: str, port: int, tls: bool) -> str:
    if tls:
        name = host or "localhost"
        resolve = f"--resolve {name}:{port}:127.0.0.1 " if host else ""
        return f"curl -k {resolve}{quote(f'https://{name}:{port}{path}')}"
    header = f"-H 'Host: {host}' " if host else ""
    return f"curl {header}{quote(f'http://127.0.0.1:{port}{path}')}"
