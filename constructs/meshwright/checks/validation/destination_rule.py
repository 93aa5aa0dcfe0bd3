"""DestinationRule. Source: Istio reference, "Destination Rule"."""

from meshwright.checks.validation.fault import Fault, Faults, at
from meshwright.checks.validation.names import export_faults, host_flaw, label_faults, label_flaw
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.selectors import selector_faults
from meshwright.checks.validation.traffic_policy import policy_faults
from meshwright.frontends.istio.objects import entries, section, text, texts


def destination_rule_faults(judged: Judged) -> Faults:
    """Find what istiod has against a DestinationRule."""
    spec, namespace = judged.spec, judged.namespace
    yield from at("spec.host", host_flaw(text(spec.get("host"))))
    if isinstance(spec.get("trafficPolicy"), dict):
        yield from policy_faults("spec.trafficPolicy", spec["trafficPolicy"], namespace)
    names: set[str] = set()
    for place, subset in enumerate(map(section, entries(spec.get("subsets")))):
        path = f"spec.subsets[{place}]"
        name = text(subset.get("name"))
        if name in names:
            yield Fault(f"{path}.name", f'another subset is called "{name}", too', "Rename one of the two.")
        names.add(name)
        yield from at(f"{path}.name", label_flaw(name, "name of a subset"))
        yield from label_faults(f"{path}.labels", section(subset.get("labels")))
        if isinstance(subset.get("trafficPolicy"), dict):
            yield from policy_faults(f"{path}.trafficPolicy", subset["trafficPolicy"], namespace, warn=False)
    selects = isinstance(spec.get("workloadSelector"), dict)
    yield from export_faults("spec.exportTo", namespace, texts(spec.get("exportTo")), selects=selects)
    yield from selector_faults("spec.workloadSelector", spec.get("workloadSelector"))
