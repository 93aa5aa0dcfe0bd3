"""MW409: settings of a port without ``tls`` below a policy that has it: for that port there is none."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import Config, entries, port_number, section, text

_LOST = ("SIMPLE", "MUTUAL")


def _find(shown: Inventory) -> Iterator[Problem]:
    for config in shown.mesh.configs("DestinationRule"):
        if config.resource.origins is not None:
            continue
        yield from _of_policy(config, "spec.trafficPolicy", section(config.spec.get("trafficPolicy")))
        for position, subset in enumerate(map(section, entries(config.spec.get("subsets")))):
            policy = section(subset.get("trafficPolicy"))
            yield from _of_policy(config, f"spec.subsets[{position}].trafficPolicy", policy)


def _of_policy(config: Config, field: str, policy: Mapping[str, Any]) -> Iterator[Problem]:
    mode = text(section(policy.get("tls")).get("mode"))
    for position, level in enumerate(map(section, entries(policy.get("portLevelSettings")))):
        if mode in _LOST and level.get("tls") is None:
            wrong = f"port {port_number(level.get('port'))} has no TLS: its settings replace those of the destination"
            remedy = f"Repeat tls (mode {mode}) here, unless this port speaks plain text."
            yield Problem(config.origin(f"{field}.portLevelSettings[{position}]"), wrong, remedy)


CHECK = Check(
    "MW409",
    "port-without-tls",
    "warning",
    "Settings of a port that leave the TLS settings of the destination behind.",
    _find,
)
