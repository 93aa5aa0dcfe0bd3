"""MW404: a client certificate by name that sidecars never read, so that they send plain text."""

from collections.abc import Iterator, Mapping
from typing import Any

from meshwright.checks.check import Check, Problem
from meshwright.checks.inventory import Inventory
from meshwright.frontends.istio.objects import Config, entries, section, text

_READABLE = "configmap://"


def _find(shown: Inventory) -> Iterator[Problem]:
    for config in shown.mesh.configs("DestinationRule"):
        if config.spec.get("workloadSelector") is not None or config.resource.origins is not None:
            continue
        for field, tls in _levels(config):
            name = text(tls.get("credentialName"))
            if name and not name.startswith(_READABLE) and tls.get("mode") in ("SIMPLE", "MUTUAL"):
                wrong = f'sidecars do not read credentialName "{name}" here and send plain text instead of TLS'
                remedy = "Add a workloadSelector for the clients; without one only gateways read credentials."
                yield Problem(config.origin(f"{field}.credentialName"), wrong, remedy)


def _levels(config: Config) -> Iterator[tuple[str, Mapping[str, Any]]]:
    policy = section(config.spec.get("trafficPolicy"))
    yield "spec.trafficPolicy.tls", section(policy.get("tls"))
    for position, level in enumerate(map(section, entries(policy.get("portLevelSettings")))):
        yield f"spec.trafficPolicy.portLevelSettings[{position}].tls", section(level.get("tls"))


CHECK = Check("MW404", "client-credential", "warning", "A client certificate that sidecars never read.", _find)
