"""MW406: client TLS settings without a mode, which switch TLS off."""

from collections.abc import Iterator

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import Config, entries, section


def _find(shown: Inventory) -> Iterator[Problem]:
    for config in shown.mesh.configs("DestinationRule"):
        for field, tls in _levels(config):
            if isinstance(tls, dict) and not tls.get("mode"):
                wrong = "tls has no mode, which means DISABLE: clients send plain text, automatic mutual TLS included"
                remedy = "Set the mode you mean (ISTIO_MUTUAL, SIMPLE, MUTUAL), write DISABLE, or remove tls."
                yield Problem(config.origin(field), wrong, remedy)


def _levels(config: Config) -> Iterator[tuple[str, object]]:
    policies = [("spec.trafficPolicy", section(config.spec.get("trafficPolicy")))]
    for position, subset in enumerate(map(section, entries(config.spec.get("subsets")))):
        policies.append((f"spec.subsets[{position}].trafficPolicy", section(subset.get("trafficPolicy"))))
    for path, policy in policies:
        yield f"{path}.tls", policy.get("tls")
        for position, level in enumerate(map(section, entries(policy.get("portLevelSettings")))):
            yield f"{path}.portLevelSettings[{position}].tls", level.get("tls")


CHECK = Check(
    "MW406", "tls-without-mode", "warning", "Client TLS settings without a mode, which switch TLS off.", _find
)
