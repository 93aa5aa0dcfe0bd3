"""MW602: ServiceEntries for TCP without addresses that meet on one port."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import section
from meshwright.frontends.istio.protocols import UNSUPPORTED, is_tcp, is_tls
from meshwright.frontends.istio.services import UNSPECIFIED, Service


def _find(shown: Inventory) -> Iterator[Problem]:
    if _captures_dns(shown):
        return
    taken: dict[int, list[tuple[Service, int]]] = {}
    for service in shown.mesh.registry.services:
        if service.kubernetes or service.address != UNSPECIFIED or service.auto_addresses:
            continue
        for position, port in enumerate(service.ports):
            if (is_tcp(port.protocol) or port.protocol == UNSUPPORTED) and not is_tls(port.protocol):
                taken.setdefault(port.number, []).append((service, position))
    for number, several in taken.items():
        for service, position in several:
            others = [each for each, _ in several if each.hostname != service.hostname and _meet(shown, service, each)]
            yield _problem(service, position, number, others)


def _captures_dns(shown: Inventory) -> bool:
    """Tell whether sidecars answer DNS with addresses of their own, by which such entries are told apart."""
    metadata = section(section(shown.mesh.mesh_config.raw.get("defaultConfig")).get("proxyMetadata"))
    return str(metadata.get("ISTIO_META_DNS_CAPTURE")).lower() == "true"


def _meet(shown: Inventory, one: Service, other: Service) -> bool:
    registry = shown.mesh.registry
    return any(registry.is_visible(one, each) and registry.is_visible(other, each) for each in shown.namespaces)


def _problem(service: Service, position: int, number: int, others: list[Service]) -> Problem:
    origin = type(service.origin)(service.origin.resource, f"spec.ports[{position}]", service.origin.place)
    remedy = "Give it addresses, let sidecars capture DNS, or use TLS, which carries the name."
    if not others:
        wrong = f"without addresses, sidecars take all TCP traffic to port {number} for {service.hostname}"
        return Problem(origin, wrong, remedy, "note")
    rivals = ", ".join(dict.fromkeys(other.hostname for other in others))
    wrong = f"without addresses, sidecars cannot tell TCP traffic to port {number} from that for {rivals}"
    return Problem(origin, wrong, remedy, related=tuple(other.origin for other in others))


CHECK = Check("MW602", "entry-without-address", "warning", "TCP ServiceEntries that cannot be told apart.", _find)
