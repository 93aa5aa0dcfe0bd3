"""A part of the picture: the hosts and services that were asked for, and what they are connected to."""

from collections.abc import Sequence
from dataclasses import replace

from meshwright.analysis.graph.values import Host, MeshGraph, Rule, Service


def narrowed(graph: MeshGraph, namespace: str = "", host: str = "", service: str = "") -> MeshGraph:
    """Return what is left of a graph; what is empty asks nothing.

    Args:
        namespace: Rules were written there, or services live there.
        host: One of the names of a host, or a part of one.
        service: Name of a service, alone or as ``NAME.NAMESPACE``, or its full host.
    """
    if not (namespace or host or service):
        return graph
    wanted = [_is_service(each, namespace, service) for each in graph.services]
    hosts = [each for each in graph.hosts if _is_host(each, wanted, namespace, host, service)]
    used = {target.service for each in hosts for rule in each.rules for target in rule.targets}
    if not host:
        used |= {number for number, is_wanted in enumerate(wanted) if is_wanted}
    services = sorted(used)
    entrances = sorted({each.entrance for each in hosts})
    return MeshGraph(
        tuple(graph.entrances[number] for number in entrances),
        tuple(_moved(each, entrances, services) for each in hosts),
        tuple(graph.services[number] for number in services),
    )


def _is_service(service: Service, namespace: str, name: str) -> bool:
    names = (service.name, f"{service.name}.{service.namespace}", service.host)
    return (not namespace or service.namespace == namespace) and (not name or name in names)


def _is_host(each: Host, wanted: Sequence[bool], namespace: str, host: str, service: str) -> bool:
    targets = [target.service for rule in each.rules for target in rule.targets]
    if host and not any(host.lower() in domain.lower() for domain in each.domains):
        return False
    if service:
        return any(wanted[target] for target in targets)
    return not namespace or namespace in each.namespaces or any(wanted[target] for target in targets)


def _moved(host: Host, entrances: Sequence[int], services: Sequence[int]) -> Host:
    """Return a host that names entrances and services by their new positions."""
    position = {old: new for new, old in enumerate(services)}

    def moved(rule: Rule) -> Rule:
        return replace(rule, targets=tuple(replace(each, service=position[each.service]) for each in rule.targets))

    return replace(host, entrance=entrances.index(host.entrance), rules=tuple(map(moved, host.rules)))
