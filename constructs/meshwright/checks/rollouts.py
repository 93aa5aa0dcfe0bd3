"""What controllers of rollouts own: the weights of routes that a Rollout names, the Services that Flagger makes.

Source: Argo Rollouts docs, "Istio"; Flagger docs, "How it works".
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.frontends.istio.objects import entries, section, text, texts
from meshwright.manifests.resource import Resource


@dataclass(frozen=True, slots=True)
class Moved:
    """One VirtualService that a Rollout names.

    Args:
        rollout: The Rollout.
        field: Path of the naming.
        namespace, name: Of the VirtualService.
        routes: Names of the HTTP routes; empty for its only one.
        stable, canary: What requests are moved between: names of Services or of subsets, or both.
    """

    rollout: Resource
    field: str
    namespace: str
    name: str
    routes: tuple[str, ...]
    stable: tuple[str, str]
    canary: tuple[str, str]

    def means(self, rule: Mapping[str, Any]) -> bool:
        """Whether it is this HTTP route of the VirtualService."""
        return not self.routes or text(rule.get("name")) in self.routes


def moved(rollouts: Iterable[Resource]) -> Iterator[Moved]:
    """Yield every VirtualService that Rollouts move requests by; those of TLS and TCP alone are left out."""
    for rollout in rollouts:
        canary = section(section(section(rollout.body.get("spec")).get("strategy")).get("canary"))
        istio = section(section(canary.get("trafficRouting")).get("istio"))
        rule = section(istio.get("destinationRule"))
        stable = (text(canary.get("stableService")), text(rule.get("stableSubsetName")))
        new = (text(canary.get("canaryService")), text(rule.get("canarySubsetName")))
        path = "spec.strategy.canary.trafficRouting.istio"
        named = [(f"{path}.virtualService", section(istio.get("virtualService")))]
        listed = map(section, entries(istio.get("virtualServices")))
        named += [(f"{path}.virtualServices[{position}]", each) for position, each in enumerate(listed)]
        for field, each in named:
            routes = tuple(texts(each.get("routes")))
            if text(each.get("name")) and (routes or not (each.get("tlsRoutes") or each.get("tcpRoutes"))):
                name, _, namespace = text(each.get("name")).partition(".")
                yield Moved(rollout, field, namespace or rollout.namespace, name, routes, stable, new)


def made_by_flagger(canaries: Iterable[Resource]) -> Iterator[tuple[str, str]]:
    """Yield name and namespace of each Service that Flagger makes for a Canary."""
    for canary in canaries:
        if canary.api_version.partition("/")[0] != "flagger.app":
            continue
        spec = section(canary.body.get("spec"))
        name = text(section(spec.get("service")).get("name")) or text(section(spec.get("targetRef")).get("name"))
        for ending in ("", "-primary", "-canary"):
            yield f"{name}{ending}", canary.namespace
