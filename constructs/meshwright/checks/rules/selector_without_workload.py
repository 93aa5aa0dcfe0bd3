"""MW131: a selector that selects no workload of its namespace."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.checks.wording import labels_text
from meshwright.frontends.istio.objects import section
from meshwright.manifests.resource import Resource

_SELECTORS = {
    "AuthorizationPolicy": ("selector", "matchLabels"),
    "RequestAuthentication": ("selector", "matchLabels"),
    "PeerAuthentication": ("selector", "matchLabels"),
    "Telemetry": ("selector", "matchLabels"),
    "WasmPlugin": ("selector", "matchLabels"),
    "ProxyConfig": ("selector", "matchLabels"),
    "Sidecar": ("workloadSelector", "labels"),
    "EnvoyFilter": ("workloadSelector", "labels"),
}
"""Where the labels stand in each kind that is for some workloads."""


def _find(shown: Inventory) -> Iterator[Problem]:
    for resource in shown.of_kind(*_SELECTORS):
        if ".istio.io/" not in resource.api_version:
            continue
        outer, inner = _SELECTORS[resource.kind]
        written = section(section(section(resource.body.get("spec")).get(outer)).get(inner))
        if written and not _selects(shown, resource, written):
            yield _problem(shown, resource, f"spec.{outer}", written)


def _selects(shown: Inventory, resource: Resource, written: Mapping[str, Any]) -> bool:
    """Tell whether a selector finds a workload; from the root namespace it looks into all."""
    workloads = shown.mesh.workloads
    selector = [(key, str(value)) for key, value in written.items()]
    everywhere = resource.namespace == shown.mesh.options.root_namespace
    namespaces = workloads.by_namespace if everywhere else [resource.namespace]
    if any(workloads.select(namespace, selector) for namespace in namespaces):
        return True
    return any(_has(deployed.labels or {}, selector) for deployed in shown.mesh.deployed_gateways)


def _has(labels: Mapping[str, str], selector: list[tuple[str, str]]) -> bool:
    return all(labels.get(key) == value for key, value in selector)


def _problem(shown: Inventory, resource: Resource, field: str, written: Mapping[str, Any]) -> Problem:
    root = resource.namespace == shown.mesh.options.root_namespace
    known = shown.complete or (not root and shown.shows_workloads(resource.namespace))
    where = "any namespace" if root else resource.namespace
    wrong = f"no workload in {where} has the labels {labels_text(written.items())}"
    remedy = "Correct the labels to those of the pods, or remove the object."
    return Problem(
        resource.origin(field), wrong if known else f"{wrong} in these manifests", remedy, None if known else "unknown"
    )


CHECK = Check("MW131", "selector-without-workload", "warning", "A selector that selects no workload.", _find)
