"""MW104: a route leads to a subset that no DestinationRule gives its clients."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Destination, Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.hosts import HostMap, resolve_host
from meshwright.frontends.istio.objects import MESH, Config, entries, section, text
from meshwright.frontends.istio.services import Service


@dataclass(slots=True)
class _Defined:
    """Who defines which subsets of a host, wherever it is seen."""

    rules: HostMap[list[Config]] = field(default_factory=HostMap)
    _known: dict[str, dict[str, list[Config]]] = field(default_factory=dict)

    def add(self, config: Config) -> None:
        host = resolve_host(text(config.spec.get("host")), config.namespace, config.domain)
        present = self.rules.get(host)
        if present is None:
            self.rules.set(host, [config])
        else:
            present.append(config)

    def of(self, host: str) -> dict[str, list[Config]]:
        """Return the subsets of a host by name."""
        found = self._known.get(host)
        if found is None:
            found = self._known[host] = self._of(host)
        return found

    def _of(self, host: str) -> dict[str, list[Config]]:
        rules = list(self.rules.get(host) or ())
        for wildcard in self.rules.covering(host):
            rules += self.rules.wildcards[wildcard]
        found: dict[str, list[Config]] = {}
        for config in rules:
            for subset in map(section, entries(config.spec.get("subsets"))):
                found.setdefault(text(subset.get("name")), []).append(config)
        return found


def _find(shown: Inventory) -> Iterator[Problem]:
    defined = _Defined()
    for config in shown.mesh.configs("DestinationRule"):
        defined.add(config)
    for destination in shown.destinations:
        host, services = destination.host, shown.services(destination.host) if destination.subset else []
        if not destination.subset or (services and services[0].hostname != host):
            continue
        subsets = defined.of(host)
        if destination.subset in subsets:
            yield from _unseen(shown, destination, services, subsets[destination.subset])
        elif services or subsets or shown.complete:
            names = all_of(list(subsets))
            wrong = f'subset "{destination.subset}" is not defined for host "{destination.written}" (defined: {names})'
            remedy = f"Add it to a DestinationRule for {host}, or route to a defined one."
            yield Problem(destination.origin, wrong, remedy)


def _unseen(
    shown: Inventory, destination: Destination, services: list[Service], owners: list[Config]
) -> Iterator[Problem]:
    """Tell that a subset exists, but in a DestinationRule that no client of the route obeys."""
    clients = _clients(shown, destination)
    if (
        not clients
        or not services
        or any(_obeys(shown, client, service, destination.subset) for client in clients for service in services)
    ):
        return
    owner = owners[0]
    wrong = f'subset "{destination.subset}" is defined in {owner.title}, which clients in {all_of(clients)} do not obey'
    home = services[0].namespace
    remedy = f"Clients look into their own namespace, then into {home}, then into the root namespace: define it there."
    yield Problem(destination.origin, wrong, remedy, related=(owner.origin(),))


def _clients(shown: Inventory, destination: Destination) -> list[str]:
    """Return the namespaces of the proxies that may take the route; empty when manifests do not show them."""
    if MESH in destination.virtual_service.gateways:
        return sorted(shown.mesh.workloads.by_namespace)
    found: set[str] = set()
    for name in destination.virtual_service.gateways:
        gateway = shown.gateways.get(name)
        namespaces = shown.gateway_namespaces(gateway) if gateway is not None else []
        if not namespaces:
            return []
        found.update(namespaces)
    return sorted(found)


def _obeys(shown: Inventory, client: str, service: Service, subset: str) -> bool:
    rules = shown.mesh.destination_rules.candidates(client, service)
    return any(rule.subset(subset) is not None for rule in rules)


CHECK = Check("MW104", "unknown-subset", "error", "A route leads to a subset that no DestinationRule defines.", _find)
