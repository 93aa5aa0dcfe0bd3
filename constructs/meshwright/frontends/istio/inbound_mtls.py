"""Which connections a workload takes: plain, mutual TLS, or both. Source: Istio reference, "PeerAuthentication"."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from meshwright.frontends.istio.objects import Config, by_age, integer, section, text

MtlsMode = Literal["DISABLE", "PERMISSIVE", "STRICT"]
_MODES: dict[str, MtlsMode] = {"DISABLE": "DISABLE", "PERMISSIVE": "PERMISSIVE", "STRICT": "STRICT"}


@dataclass(frozen=True, slots=True)
class MtlsPolicy:
    """The modes in effect for one workload, with those of single ports (of the workload, not of a Service)."""

    mode: MtlsMode = "PERMISSIVE"
    by_port: Mapping[int, MtlsMode] = field(default_factory=dict)

    def for_port(self, port: int) -> MtlsMode:
        """Return the mode of one port."""
        return self.by_port.get(port, self.mode)


def mtls_policy(
    configs: Iterable[Config], namespace: str, labels: Mapping[str, str], root_namespace: str
) -> MtlsPolicy:
    """Compose the PeerAuthentications that apply to a workload.

    The workload's own comes before the namespace's, and that before the mesh's; of several of one rank the oldest
    counts. Ports can only be set by the workload's own.
    """
    of_mesh = of_namespace = of_workload = None
    for config in by_age(configs):
        if config.namespace not in (namespace, root_namespace):
            continue
        selector = section(section(config.spec.get("selector")).get("matchLabels"))
        if not selector:
            if config.namespace == root_namespace:
                of_mesh = of_mesh or config
            else:
                of_namespace = of_namespace or config
        elif config.namespace != root_namespace and all(labels.get(key) == value for key, value in selector.items()):
            of_workload = of_workload or config
    mode: MtlsMode = "PERMISSIVE"
    for config in filter(None, (of_mesh, of_namespace, of_workload)):
        mode = _mode(config.spec.get("mtls")) or mode
    if of_workload is None:
        return MtlsPolicy(mode)
    ports = section(of_workload.spec.get("portLevelMtls"))
    return MtlsPolicy(mode, {integer(port): _mode(written) or mode for port, written in ports.items()})


def _mode(written: Any) -> MtlsMode | None:
    """Return the mode that is set, ``None`` to inherit it."""
    return _MODES.get(text(section(written).get("mode")))
