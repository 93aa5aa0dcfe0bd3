"""Telemetry. Source: Istio reference, "Telemetry"."""

from collections.abc import Mapping
from typing import Any

from meshwright.checks.validation.cel import cel_problem
from meshwright.checks.validation.fault import Fault, Faults
from meshwright.checks.validation.numbers import number
from meshwright.checks.validation.object import Judged
from meshwright.checks.validation.selectors import target_faults
from meshwright.frontends.istio.objects import entries, section, text


def telemetry_faults(judged: Judged) -> Faults:
    """Find what istiod has against a Telemetry."""
    spec = judged.spec
    yield from target_faults(spec)
    for place, metrics in enumerate(map(section, entries(spec.get("metrics")))):
        yield from _metrics_faults(f"spec.metrics[{place}]", metrics)
    tracing = entries(spec.get("tracing"))
    if len(tracing) > 1:
        wrong = f"there are {len(tracing)} entries, and Istio uses one"
        yield Fault("spec.tracing", wrong, "Keep one.", warning=True)
    for place, entry in enumerate(map(section, tracing)):
        yield from _tracing_faults(f"spec.tracing[{place}]", entry)
    for place, logging in enumerate(map(section, entries(spec.get("accessLogging")))):
        path = f"spec.accessLogging[{place}]"
        if isinstance(logging.get("filter"), dict):
            expression = text(logging["filter"].get("expression"))
            problem = cel_problem(expression)
            if problem:
                remedy = "Write it in CEL, such as response.code >= 400."
                yield Fault(f"{path}.filter.expression", f'"{expression}" is no expression: {problem}', remedy)
        yield from _provider_faults(path, logging)


def _provider_faults(path: str, entry: Mapping[str, Any]) -> Faults:
    for place, provider in enumerate(map(section, entries(entry.get("providers")))):
        if not text(provider.get("name")):
            remedy = "Name one of the mesh's extensionProviders."
            yield Fault(f"{path}.providers[{place}].name", "the provider has no name", remedy)
            return


def _tracing_faults(path: str, tracing: Mapping[str, Any]) -> Faults:
    providers = entries(tracing.get("providers"))
    if len(providers) > 1:
        wrong = f"there are {len(providers)} providers, and Istio uses one"
        yield Fault(f"{path}.providers", wrong, "Keep one.", warning=True)
    yield from _provider_faults(path, tracing)
    share = number(tracing.get("randomSamplingPercentage"))
    if not 0 <= share <= 100:
        yield Fault(f"{path}.randomSamplingPercentage", f"{share} is no percentage", "Give 0 to 100.")
    for name, tag in section(tracing.get("customTags")).items():
        where = f"{path}.customTags.{name}"
        if not name:
            yield Fault(f"{path}.customTags", "a tag has no name", "Name it.")
        for source, field in (("literal", "value"), ("header", "name"), ("environment", "name")):
            own = section(tag).get(source)
            if isinstance(own, dict) and not text(own.get(field)):
                yield Fault(f"{where}.{source}.{field}", f"the {field} of the tag is empty", "Give it one.")


def _metrics_faults(path: str, metrics: Mapping[str, Any]) -> Faults:
    yield from _provider_faults(path, metrics)
    for place, override in enumerate(map(section, entries(metrics.get("overrides")))):
        where = f"{path}.overrides[{place}]"
        for name, tag in section(override.get("tagOverrides")).items():
            yield from _override_faults(f"{where}.tagOverrides", name, section(tag))
        if section(override.get("match")).get("customMetric") == "":
            yield Fault(f"{where}.match.customMetric", "the metric has no name", "Name it.")


def _override_faults(path: str, name: str, tag: Mapping[str, Any]) -> Faults:
    if not name:
        yield Fault(path, "a tag has no name", "Name it.", warning=True)
    value = text(tag.get("value"))
    if (text(tag.get("operation")) or "UPSERT") == "UPSERT":
        if not value:
            yield Fault(f"{path}.{name}.value", "UPSERT has no value", "Give a value, or choose REMOVE.")
    elif value:
        yield Fault(f"{path}.{name}.value", "REMOVE has a value", "Remove it, or choose UPSERT.")
