"""MW111: two DestinationRules of one host in one namespace say the same thing differently, and one counts."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.hosts import resolve_host
from meshwright.frontends.istio.objects import Config, entries, section, text, texts

_Said = dict[str, tuple[str, Any]]


def _find(shown: Inventory) -> Iterator[Problem]:
    by_host: dict[tuple[str, str, tuple[str, ...]], list[Config]] = {}
    for config in shown.mesh.configs("DestinationRule"):
        if config.resource.origins is None and config.spec.get("workloadSelector") is None:
            host = resolve_host(text(config.spec.get("host")), config.namespace, config.domain)
            exported = tuple(sorted(texts(config.spec.get("exportTo"))))
            by_host.setdefault((config.namespace, host, exported), []).append(config)
    for (_, host, _), configs in by_host.items():
        if len(configs) > 1 and host:
            yield from _of_host(host, configs)


def _of_host(host: str, configs: list[Config]) -> Iterator[Problem]:
    said = [_said(config.spec) for config in configs]
    for config, own in zip(configs, said, strict=True):
        for what, (field, value) in own.items():
            others = [
                (other, written[what][0])
                for other, written in zip(configs, said, strict=True)
                if other is not config and what in written and written[what][1] != value
            ]
            if others:
                names = ", ".join(other.title for other, _ in others)
                wrong = f"{names} gives {host} another {what}: of several the oldest counts, and they are not merged"
                remedy = "Write it in one of them."
                related = tuple(other.origin(place) for other, place in others)
                yield Problem(config.origin(field), wrong, remedy, related=related)


def _said(spec: Mapping[str, Any]) -> _Said:
    """Return what a rule says: its policy, and each subset by name."""
    found: _Said = {}
    if section(spec.get("trafficPolicy")):
        found["trafficPolicy"] = "spec.trafficPolicy", spec["trafficPolicy"]
    for position, subset in enumerate(map(section, entries(spec.get("subsets")))):
        found.setdefault(f'subset "{text(subset.get("name"))}"', (f"spec.subsets[{position}]", subset))
    return found


CHECK = Check("MW111", "rule-conflict", "warning", "DestinationRules of one host that contradict each other.", _find)
