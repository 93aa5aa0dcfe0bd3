"""Whom an object is for: selectors of workloads, and references to targets."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.fault import Fault, Faults
from meshwright.frontends.istio.objects import entries, section, text

_TARGETS = frozenset(
    {
        ("", "Service"),
        ("core", "Service"),
        ("networking.istio.io", "ServiceEntry"),
        ("gateway.networking.k8s.io", "Gateway"),
        ("gateway.networking.k8s.io", "GatewayClass"),
    }
)


def selector_faults(path: str, selector: object, field: str = "matchLabels") -> Faults:
    """Judge the selector of an object; ``field`` is what holds its labels."""
    if not isinstance(selector, dict):
        return
    labels = section(selector.get(field))
    for key, value in labels.items():
        where = f"{path}.{field}.{key}"
        if not key:
            yield Fault(f"{path}.{field}", f'the label of the value "{value}" has no name', "Name it.")
        if "*" in key or "*" in text(value):
            wrong = f'"{key}={value}" has a wildcard, and selectors know none'
            yield Fault(where, wrong, "Name the label and its value.")
    if not labels:
        wrong = "the selector has no labels, and selects every workload of the namespace"
        yield Fault(path, wrong, f"Give it {field}, or leave it out.", warning=True)


def target_faults(spec: Mapping[str, Any]) -> Faults:
    """Judge selector, targetRef and targetRefs of a policy, of which there may be one."""
    references = entries(spec.get("targetRefs"))
    given = [field for field in ("selector", "targetRef") if isinstance(spec.get(field), dict)]
    if references:
        given.append("targetRefs")
    if len(given) > 1:
        yield Fault(f"spec.{given[-1]}", f"it has {' and '.join(given)}", f"Keep {' or '.join(given)}.")
    yield from selector_faults("spec.selector", spec.get("selector"))
    if isinstance(spec.get("targetRef"), dict):
        yield from _reference_faults("spec.targetRef", spec["targetRef"])
    for place, reference in enumerate(map(section, references)):
        yield from _reference_faults(f"spec.targetRefs[{place}]", reference)


def _reference_faults(path: str, reference: Mapping[str, Any]) -> Faults:
    group, kind = text(reference.get("group")), text(reference.get("kind"))
    if not text(reference.get("name")):
        yield Fault(f"{path}.name", "the target has no name", "Name it.")
    if text(reference.get("namespace")):
        wrong = f'the target is in the namespace "{reference["namespace"]}"'
        yield Fault(f"{path}.namespace", wrong, "A target is of the policy's own namespace: remove it.")
    if (group, kind) not in _TARGETS:
        wrong = f'"{group}/{kind}" is no kind of target'
        known = ", ".join(sorted(f"{group}/{kind}" for group, kind in _TARGETS if group))
        yield Fault(path, wrong, f"Choose one of {known}.")
