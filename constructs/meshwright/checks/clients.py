"""How clients in the mesh speak to the workloads of a policy: with mutual TLS, or in plain text."""

from collections.abc import Iterable, Mapping

from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.destination_rules import DestinationRule, policy_for
from meshwright.frontends.istio.objects import section
from meshwright.frontends.istio.services import Service, kubernetes_service
from meshwright.manifests.resource import Resource


def plain_clients(shown: Inventory, namespace: str, selector: Mapping[str, str]) -> str | None:
    """Tell why all clients in the mesh send plain text to the workloads with some labels.

    Args:
        namespace: Of the workloads. In the root namespace a policy is for many, and nothing is told.
        selector: Their labels; empty: all of the namespace.

    Returns:
        The reason in words; ``None`` when some client may use mutual TLS, or the manifests do not tell.
    """
    if namespace == shown.mesh.options.root_namespace:
        return None
    automatic = shown.mesh.mesh_config.raw.get("enableAutoMtls") is not False
    if automatic and not _disabling(shown):
        return None
    reasons: dict[str, None] = {}
    services = _services(shown, namespace, selector)
    for client in {*shown.mesh.workloads.by_namespace, namespace}:
        for service in services:
            for rule in _rules(shown, client, service):
                for port in [port.number for port in service.ports] or [0]:
                    mode = section(policy_for(rule, port).get("tls")).get("mode")
                    if mode == "DISABLE" and rule is not None:
                        reasons[f"{rule.origins[0].resource} says DISABLE"] = None
                    elif mode is None and not automatic:
                        reasons["automatic mutual TLS is off, and no DestinationRule asks for it"] = None
                    else:
                        return None
    return next(iter(reasons), None)


def _disabling(shown: Inventory) -> bool:
    """Tell whether any DestinationRule switches TLS off, without which no client sends plain text by itself."""
    found: bool = shown.remember(
        "disabling",
        lambda: any(
            "DISABLE" in str(config.spec.get("trafficPolicy")) for config in shown.mesh.configs("DestinationRule")
        ),
    )
    return found


def _rules(shown: Inventory, client: str, service: Service) -> Iterable[DestinationRule | None]:
    return list(shown.mesh.destination_rules.candidates(client, service)) or [None]


def _services(shown: Inventory, namespace: str, selector: Mapping[str, str]) -> list[Service]:
    """Return the Services in front of the workloads; where manifests show none, one of any name."""
    workloads = shown.mesh.workloads.select(namespace, selector.items())
    labels = [workload.labels for workload in workloads] or [selector]
    found = [
        service
        for service in shown.mesh.registry.of_namespace(namespace)
        if service.kubernetes and service.selector and any(_fits(service, each) for each in labels)
    ]
    if found:
        return found
    return [kubernetes_service(Resource({}, "v1", "Service", namespace, "-"), shown.mesh.options.cluster_domain)]


def _fits(service: Service, labels: Mapping[str, str]) -> bool:
    return all(labels.get(key) == value for key, value in service.selector or ())
