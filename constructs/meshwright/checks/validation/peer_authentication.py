"""PeerAuthentication. Source: Istio reference, "PeerAuthentication"."""

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.selectors import selector_faults
from meshwright.checks.validation.values import port_flaw
from meshwright.frontends.istio.objects import integer, section


def peer_authentication_faults(judged: Judged) -> Faults:
    """Find what istiod has against a PeerAuthentication."""
    ports = judged.spec.get("portLevelMtls")
    if isinstance(ports, dict):
        path = "spec.portLevelMtls"
        if not ports:
            yield Fault(path, "portLevelMtls is empty", "Name a port, or remove it.")
        elif not section(section(judged.spec.get("selector")).get("matchLabels")):
            wrong = "a policy for a whole namespace has settings for ports"
            yield Fault(path, wrong, "Select workloads by labels, or remove portLevelMtls.")
        for port in ports:
            yield from at(f"{path}.{port}", port_flaw(integer(port)))
    yield from selector_faults("spec.selector", judged.spec.get("selector"))
