"""What a workload's proxy has to know."""

from __future__ import annotations

from meshwright.charts.backend import backend_of, is_target
from meshwright.charts.claims import claim, claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.given import listed
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.names import is_dns_label
from meshwright.charts.numbers import one_of
from meshwright.charts.problem import Part, problem
from meshwright.charts.workloads import app_of, selected
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Any, Literal

    from meshwright.charts.backend import Target
    from meshwright.charts.http_app import HttpApp
    from meshwright.imports.istio.networking import Sidecar as SidecarKind


@tells_misfits
class Sidecar(Construct):
    """The Sidecar of an app, or of a whole namespace: the hosts its proxies are told of, which keeps them small.

    Args:
        to: What is called: apps, external services, cdk8s-plus Services.
        namespaces: Namespaces of which everything may be called: ``.`` for the own one.
        of: The app that calls; all workloads of the namespace when left out.
        outbound: ``REGISTRY_ONLY`` keeps calls to unknown hosts in; ``ALLOW_ANY`` lets them out. What the mesh says
            when left out.
        name: Name of the object; the id when left out.

    Attributes:
        sidecar: The level-1 ``Sidecar``.

    Source: Istio reference, "Sidecar".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        to: Sequence[Target] = (),
        namespaces: Sequence[str] = (),
        of: HttpApp[Any] | None = None,
        outbound: Literal["REGISTRY_ONLY", "ALLOW_ANY"] | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.networking import (
            IstioEgressListener,
            OutboundTrafficPolicy,
            Sidecar,
            WorkloadSelector,
        )

        environment = Environment.of(self)
        name = name or id
        of = app_of(self, of)
        claim_name(self, "Sidecar", environment.namespace, name)
        said = f"namespace {environment.namespace}" if of is None else f"app {of.name}"
        holder = claim(self, "Sidecar of", said)
        if holder is not None:
            wrong = f"{holder.node.path} ({holder.defined_at}) is the Sidecar of {said} already"
            problem(self, wrong, "Say all of it there: of two, only one counts")
        to, namespaces = listed(to, "to", self), listed(namespaces, "namespaces", self)
        labels = selected(self, of, environment)
        if not to and not namespaces:
            problem(self, "nothing may be called", "Name what is called, or namespaces")
        mode = one_of(outbound, ("REGISTRY_ONLY", "ALLOW_ANY"), "outbound", Part(self, "sidecar"))
        self.sidecar: SidecarKind = Sidecar(
            self,
            "sidecar",
            metadata={"name": name, "namespace": environment.namespace},
            workload_selector=None if labels is None else WorkloadSelector(labels=labels),
            egress=[IstioEgressListener(hosts=self._hosts(to, namespaces, environment) or ["~/*"])],
            outbound_traffic_policy=None if mode is None else OutboundTrafficPolicy(mode=mode),  # type: ignore[typeddict-item]  # one of both
        )

    def _hosts(self, to: Sequence[Target], namespaces: Sequence[str], environment: Environment) -> list[str]:
        hosts = []
        for target in to:
            if not is_target(target):
                problem(self, f"a target is {target!r}", "Pass an app, an external service or a cdk8s-plus Service")
                continue
            backend = backend_of(target, environment.namespace, environment.cluster_domain)
            hosts.append(f"{_namespace(target, backend.host, environment)}/{backend.host}")
        for namespace in namespaces:
            if namespace not in (".", "*") and not is_dns_label(namespace):
                problem(
                    self, f"namespaces has {namespace!r}, which is no DNS label", "Name a namespace, or . for the own"
                )
            hosts.append(f"{namespace}/*")
        return list(dict.fromkeys(hosts))


def _namespace(target: object, host: str, environment: Environment) -> str:
    own = getattr(target, "namespace", None)
    if isinstance(own, str):
        return own
    inside = host.removesuffix(f".svc.{environment.cluster_domain}")
    return inside.partition(".")[2] if inside != host else "*"
