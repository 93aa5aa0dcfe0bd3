"""What stands on the cards of the picture, the same in every format."""

from collections.abc import Iterable, Iterator

from meshwright.analysis.graph import Door, Entrance, Host, Lock, MeshGraph, Rule, Service, Target, Version
from meshwright.report.route_table_text import action_text, conditions_text, route_details
from meshwright.traffic import FilterChainMatch, NoAction, Unknown

LOCK_WORDS: dict[Lock, str] = {
    "strict": "mutual TLS only",
    "permissive": "mutual TLS or plain",
    "plain": "plain text only",
    "mixed": "mutual TLS on some ports or workloads",
    "unknown": "",
}
_TLS_WORDS = {"disable": "no TLS", "simple": "TLS", "mutual": "mutual TLS", "istio_mutual": "Istio's mutual TLS"}


def entrance_title(entrance: Entrance) -> str:
    """Return the name of a gateway, or what stands for all sidecars."""
    return entrance.name


def entrance_subtitle(entrance: Entrance) -> str:
    """Return what kind of entrance it is and where."""
    return f"gateway in {entrance.namespace}" if entrance.kind == "gateway" else "every workload's sidecar"


def door_text(door: Door) -> str:
    """Return ``:443 HTTPS``, ``:3306 TCP``, ``:443 TLS passed through``."""
    if door.tls == "passthrough":
        return f":{door.port} TLS passed through"
    if door.tls == "none":
        return f":{door.port} {door.protocol}"
    kind = "HTTPS" if door.protocol == "HTTP" else "TLS"
    return f":{door.port} {kind}{', client certificate' if door.tls == 'mutual' else ''}"


def host_title(host: Host, graph: MeshGraph) -> str:
    """Return the first name of a host, short for services, and how many more there are."""
    first, *more = host.domains or ("any host",)
    name = {"*": "any host"}.get(first) or _short(first, graph)
    return f"{name} +{len(more)}" if more else name


def host_subtitle(host: Host) -> str:
    """Return ports, who is concerned, and whether plain HTTP is redirected."""
    parts = [" ".join(f":{port}" for port in host.ports)]
    if host.namespaces:
        parts.append(f"rules of {', '.join(host.namespaces)}")
    if host.callers:
        parts.append(f"from {', '.join(host.callers)}")
    if host.to_https:
        parts.append("plain HTTP is redirected to HTTPS")
    return " · ".join(parts)


def rule_conditions(rule: Rule) -> list[str]:
    """Return what requests have to be, one text a route."""
    texts = [conditions_text(route.match) for route in rule.routes]
    return texts + [_connection_text(match) for match in rule.connections]


def rule_title(rule: Rule) -> str:
    """Return the first condition, and how many others lead to the same."""
    first, *more = rule_conditions(rule)
    return f"{first}  or {len(more)} more" if more else first


def rule_outcome(rule: Rule) -> str:
    """Return what the proxy answers itself; empty where requests are sent on."""
    if rule.targets or not rule.routes:
        return "" if rule.targets else "nowhere"
    action = rule.routes[0].action
    return "no destination" if isinstance(action, NoAction) else action_text(action)


def rule_details(rule: Rule) -> str:
    """Return what else is done to the requests: timeouts, faults, rewrites."""
    return ", ".join(route_details(rule.routes[0])) if rule.routes else ""


def target_text(target: Target) -> str:
    """Return the share of an edge: ``80 %``, ``mirrors 5 %``; empty where everything takes it."""
    share = f"{target.share:.4g} %"
    return f"mirrors {share}" if target.mirror else "" if target.share == 100 else share


def service_title(service: Service) -> str:
    """Return the name of a service."""
    return service.name


def service_subtitle(service: Service) -> str:
    """Return what it is, where, and on which ports."""
    ports = " ".join(f":{port}" for port in service.ports)
    if service.kind == "service":
        return " · ".join(filter(None, [service.namespace, ports]))
    what = {"entry": "ServiceEntry", "missing": "nothing declares it: 503", "special": "no service"}[service.kind]
    return " · ".join(filter(None, [f"{what} {service.namespace}".rstrip(), ports]))


def service_notes(service: Service) -> list[str]:
    """Return how its workloads lock, how clients encrypt, and whether nothing stands behind it."""
    notes = [LOCK_WORDS[service.lock]]
    if service.tls:
        notes.append(f"called with {_TLS_WORDS[service.tls]}")
    if service.endpoints == 0:
        notes.append("no workload")
    return [note for note in notes if note]


def version_text(version: Version) -> str:
    """Return ``v1``, with what is wrong with it."""
    if not version.defined:
        return f"{version.name} · not defined: 503"
    return f"{version.name} · no workload" if version.endpoints == 0 else version.name


def version_labels(version: Version) -> str:
    """Return the labels that the subset asks for."""
    return ", ".join(f"{key}={value}" for key, value in version.labels)


def unknown_texts(unknowns: Iterable[Unknown]) -> list[str]:
    """Return why the picture may be wrong there."""
    return [f"{unknown.feature}: {unknown.because}" for unknown in unknowns]


def visible_text(text: str, most: int) -> str:
    """Return ``text`` on one line without control characters, shortened to ``most`` characters."""
    flat = "".join(each if each.isprintable() else "\N{REPLACEMENT CHARACTER}" for each in text)
    return flat if len(flat) <= most else flat[: max(most - 1, 0)] + "…"


def _short(host: str, graph: MeshGraph) -> str:
    """Return ``reviews.shop`` for the full name of a Service of Kubernetes."""
    for service in graph.services:
        if service.host == host and service.kind == "service":
            return f"{service.name}.{service.namespace}"
    return host


def _connection_text(match: FilterChainMatch) -> str:
    parts = list(_connection_parts(match))
    return " ".join(["connections", *parts]) if parts else "any connection"


def _connection_parts(match: FilterChainMatch) -> Iterator[str]:
    if match.destination_port is not None:
        yield f"to port {match.destination_port}"
    if match.prefix_ranges:
        yield f"to {' '.join(match.prefix_ranges)}"
    if match.source_prefix_ranges:
        yield f"from {' '.join(match.source_prefix_ranges)}"
