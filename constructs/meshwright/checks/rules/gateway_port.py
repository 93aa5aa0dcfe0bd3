"""MW123: a Gateway's port that no Service in front of its pods leads to."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import all_of
from meshwright.frontends.istio.gateway import service_ports
from meshwright.frontends.istio.gateways import PortTarget, servers_of
from meshwright.frontends.istio.objects import Config, section
from meshwright.traffic import Proxy


def _find(shown: Inventory) -> Iterator[Problem]:
    for gateway in shown.gateways.values():
        if gateway.resource.origins is not None:
            continue
        targets = _targets(shown, gateway)
        reached = {number for target in targets for number in (target.port, target.target_port)}
        for server in servers_of(gateway) if targets else ():
            if server.port and server.port not in reached:
                services = all_of([f"{target.hostname}:{target.port}" for target in targets])
                wrong = f"no Service leads to port {server.port} of the gateway's pods (there are {services})"
                origin = gateway.origin(f"{server.origin.field}.port")
                yield Problem(origin, wrong, "Add the port to the Service in front of the pods.")


def _targets(shown: Inventory, gateway: Config) -> list[PortTarget]:
    """Return the Service ports in front of the pods that a Gateway selects, as far as manifests show them."""
    selector = [(key, str(value)) for key, value in section(gateway.spec.get("selector")).items()]
    found: list[PortTarget] = []
    for namespace in shown.gateway_namespaces(gateway):
        for workload in shown.mesh.workloads.select(namespace, selector):
            labels = tuple(sorted((key, str(value)) for key, value in workload.labels.items()))
            found += service_ports(shown.mesh, Proxy("router", namespace, labels))
    return found


CHECK = Check("MW123", "gateway-port", "warning", "A Gateway's port that no Service leads to.", _find)
