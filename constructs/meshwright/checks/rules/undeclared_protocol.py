"""MW606: a port of a Service in the mesh that declares no protocol, so that proxies find it out."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.rules.port_name import looks_declared
from meshwright.frontends.istio.protocols import UNSUPPORTED
from meshwright.traffic import Origin

_OF_CLUSTERS = ("kube-system", "kube-public", "kube-node-lease")
_MANAGED = "gateway.istio.io/managed"
_MESHES = ("VirtualService", "DestinationRule", "Sidecar", "PeerAuthentication", "AuthorizationPolicy")


def _find(shown: Inventory) -> Iterator[Problem]:
    if not shown.complete and not shown.of_kind(*_MESHES):
        return
    apart = {*_OF_CLUSTERS, shown.mesh.options.root_namespace}
    for service in shown.mesh.registry.services:
        ours = service.kubernetes and service.selector and service.namespace not in apart
        ours = ours and _MANAGED not in dict(service.labels)
        for position, port in enumerate(service.ports) if ours else ():
            if port.protocol == UNSUPPORTED and not looks_declared(port.name):
                named = f'the name "{port.name}" of port {port.number}' if port.name else f"port {port.number}"
                wrong = f"{named} declares no protocol, so proxies find out by the first bytes"
                suffix = f"-{port.name}" if port.name else ""
                remedy = f'Name it "http{suffix}", "tcp{suffix}" or after what it speaks, or set appProtocol.'
                origin = Origin(service.origin.resource, f"spec.ports[{position}]", service.origin.place)
                yield Problem(origin, wrong, remedy)


CHECK = Check("MW606", "undeclared-protocol", "note", "A port that declares no protocol.", _find)
