"""MW403: clients that speak plain text, or their own TLS, to workloads that insist on mutual TLS."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import WORKLOADS, Inventory
from meshwright.frontends.istio.hosts import resolve_host
from meshwright.frontends.istio.inbound_mtls import mtls_policy
from meshwright.frontends.istio.objects import Config, entries, section, text
from meshwright.frontends.istio.services import Service

_INJECTION = "sidecar.istio.io/inject"


def _find(shown: Inventory) -> Iterator[Problem]:
    if not shown.mesh.peer_authentications:
        return
    for config in shown.mesh.configs("DestinationRule"):
        host = resolve_host(text(config.spec.get("host")), config.namespace, config.domain)
        services = [each for each in shown.services(host) if each.kubernetes and each.hostname == host]
        if not services or not all(_is_strict(shown, service) for service in services):
            continue
        for field, tls in _client_settings(config):
            mode = text(tls.get("mode")) or "DISABLE"
            if mode != "ISTIO_MUTUAL":
                written = f'tls.mode is "{mode}"' if tls.get("mode") else "tls has no mode, which means DISABLE"
                wrong = f"{written}, but the workloads of {host} take mutual TLS alone, so requests get 503"
                known = all(_has_sidecars(shown, service) for service in services)
                remedy = "Remove tls, or set its mode to ISTIO_MUTUAL."
                if not known:
                    wrong, remedy = f"{wrong}, if they have sidecars", "Nothing here shows whether they do."
                yield Problem(config.origin(field), wrong, remedy, None if known else "unknown")


def _client_settings(config: Config) -> Iterator[tuple[str, Mapping[str, Any]]]:
    policy = section(config.spec.get("trafficPolicy"))
    if isinstance(policy.get("tls"), dict) and not policy.get("portLevelSettings"):
        yield "spec.trafficPolicy.tls", policy["tls"]
    for position, subset in enumerate(map(section, entries(config.spec.get("subsets")))):
        own = section(subset.get("trafficPolicy"))
        if isinstance(own.get("tls"), dict) and not own.get("portLevelSettings"):
            yield f"spec.subsets[{position}].trafficPolicy.tls", own["tls"]


def _has_sidecars(shown: Inventory, service: Service) -> bool:
    """Tell whether the manifests say that the pods of a namespace get sidecars, and none of these refuses it."""
    selected = shown.mesh.workloads.select(service.namespace, service.selector) if service.selector else []
    asked = [workload.labels.get(_INJECTION) for workload in selected]
    if "false" in asked or _refused_by_annotation(shown, service.namespace):
        return False
    if asked and all(each == "true" for each in asked):
        return True
    for resource in shown.of_kind("Namespace"):
        labels = section(section(resource.body.get("metadata")).get("labels"))
        if resource.name == service.namespace:
            return labels.get("istio-injection") == "enabled" or "istio.io/rev" in labels
    return False


def _refused_by_annotation(shown: Inventory, namespace: str) -> bool:
    """Tell whether a pod of the namespace refuses its sidecar in the older way."""
    for resource in shown.of_kind(*WORKLOADS):
        template = section(section(resource.body.get("spec")).get("template"))
        annotations = section(section(template.get("metadata")).get("annotations"))
        if resource.namespace == namespace and str(annotations.get(_INJECTION)).lower() == "false":
            return True
    return False


def _is_strict(shown: Inventory, service: Service) -> bool:
    """Tell whether all ports of all workloads that the manifests show behind a service insist on mutual TLS."""
    selected = shown.mesh.workloads.select(service.namespace, service.selector) if service.selector else []
    configs, root = shown.mesh.peer_authentications, shown.mesh.options.root_namespace
    policies = [mtls_policy(configs, each.namespace, each.labels, root) for each in selected]
    return bool(policies) and all({policy.mode, *policy.by_port.values()} == {"STRICT"} for policy in policies)


CHECK = Check("MW403", "plain-client", "error", "Clients without mutual TLS for workloads that insist on it.", _find)
