"""WorkloadEntry, and the endpoints of a ServiceEntry. Source: Istio reference, "Workload Entry"."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.names import address_or_fqdn_flaw, label_faults, label_flaw
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.values import ip_flaw, is_unix, port_flaw, unix_flaw
from meshwright.frontends.istio.objects import integer, section, text


def workload_entry_faults(judged: Judged) -> Faults:
    """Find what istiod has against a WorkloadEntry."""
    yield from endpoint_faults("spec", judged.spec, None, names=True)


def endpoint_faults(path: str, entry: Mapping[str, Any], ports: set[str] | None, *, names: bool) -> Faults:
    """Judge a workload by itself, or as an endpoint.

    Args:
        path: Of the workload.
        entry: As written.
        ports: The names of the ServiceEntry's ports; ``None`` without one.
        names: The address may be a host name.
    """
    address, own = text(entry.get("address")), section(entry.get("ports"))
    if not address:
        network = text(entry.get("network"))
        if not network:
            yield Fault(f"{path}.address", "the workload has no address", "Give it one.")
            return
        wrong = f'the workload has no address, and stands for the gateway of the network "{network}"'
        yield Fault(f"{path}.address", wrong, "Give it an address, unless that is meant.", warning=True)
    if is_unix(address):
        yield from at(f"{path}.address", unix_flaw(address))
        if own:
            yield Fault(f"{path}.ports", "a Unix socket has no ports", "Remove them.")
        if ports is not None and len(ports) != 1:
            wrong = f"a Unix socket serves one port, and the ServiceEntry has {len(ports)}"
            yield Fault(f"{path}.address", wrong, "Give the ServiceEntry one port.")
    elif address:
        yield from at(f"{path}.address", address_or_fqdn_flaw(address) if names else ip_flaw(address))
    yield from port_faults(f"{path}.ports", own, ports)
    yield from label_faults(f"{path}.labels", section(entry.get("labels")))


def port_faults(path: str, own: Mapping[str, Any], ports: set[str] | None) -> Faults:
    """Judge the ports of a workload; ``ports`` are the names that a ServiceEntry has."""
    for name, port in own.items():
        if ports is not None and name not in ports:
            wrong = f'the ServiceEntry has no port "{name}"'
            yield Fault(f"{path}.{name}", wrong, f"Name one of its ports: {', '.join(sorted(ports)) or 'it has none'}.")
        yield from at(f"{path}.{name}", label_flaw(name, "name of a port"))
        yield from at(f"{path}.{name}", port_flaw(integer(port)))
