"""Addresses behind services, where manifests write them: EndpointSlices, Endpoints, ServiceEntries, WorkloadEntries."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from meshwright.frontends.istio.objects import entries, integer, section, text, texts
from meshwright.manifests.resource import Resource

_SERVICE_NAME = "kubernetes.io/service-name"


@dataclass(slots=True)
class EndpointAddresses:
    """Addresses of Kubernetes Services by namespace, Service and port name."""

    _by_port: dict[tuple[str, str, str], list[str]] = field(default_factory=dict)
    _services: set[tuple[str, str]] = field(default_factory=set)

    def add(self, resource: Resource) -> None:
        """Add what an EndpointSlice or Endpoints object lists; other objects are ignored."""
        if resource.kind == "EndpointSlice":
            name = text(section(section(resource.body.get("metadata")).get("labels")).get(_SERVICE_NAME))
            ready = [
                endpoint
                for endpoint in map(section, entries(resource.body.get("endpoints")))
                if section(endpoint.get("conditions")).get("ready") is not False
            ]
            found = [address for endpoint in ready for address in texts(endpoint.get("addresses"))[:1]]
            self._extend(resource.namespace, name, resource.body, found)
        elif resource.kind == "Endpoints":
            for subset in map(section, entries(resource.body.get("subsets"))):
                found = [text(address.get("ip")) for address in map(section, entries(subset.get("addresses")))]
                self._extend(resource.namespace, resource.name, subset, found)

    def _extend(self, namespace: str, service: str, holder: Mapping[str, Any], found: Iterable[str]) -> None:
        addresses = list(filter(None, found))
        self._services.add((namespace, service))
        for port in map(section, entries(holder.get("ports"))):
            listed = self._by_port.setdefault((namespace, service, text(port.get("name"))), [])
            listed.extend(address for address in addresses if address not in listed)

    def of(self, namespace: str, service: str, port_name: str) -> list[str]:
        """Return the ready addresses of one port."""
        return self._by_port.get((namespace, service, port_name), [])

    def count(self, namespace: str, service: str) -> int | None:
        """Return the largest number of addresses of any port, ``None`` when nothing lists the Service."""
        if (namespace, service) not in self._services:
            return None
        return max((len(found) for key, found in self._by_port.items() if key[:2] == (namespace, service)), default=0)


def written_addresses(spec: Mapping[str, Any]) -> Iterator[str]:
    """Iterate over the addresses of the endpoints of a ServiceEntry."""
    for endpoint in map(section, entries(spec.get("endpoints"))):
        yield text(endpoint.get("address"))


def written_ports(spec: Mapping[str, Any]) -> Iterator[dict[str, int]]:
    """Iterate over the ports by name that each endpoint of a ServiceEntry has of its own."""
    for endpoint in map(section, entries(spec.get("endpoints"))):
        yield {name: integer(port) for name, port in section(endpoint.get("ports")).items()}
