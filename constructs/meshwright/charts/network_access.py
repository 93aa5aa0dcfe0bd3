"""Who may open connections to the pods of an app, as the network enforces it, mesh or not."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.given import listed
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.problem import problem
from meshwright.charts.workloads import app_of, selected
from meshwright.charts.written import Written
from meshwright.tree import Construct, Lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from typing import Any, Protocol, TypeAlias

    from meshwright.charts.gateway_api import GatewayApiGateway
    from meshwright.charts.ingress_gateway import IngressGateway
    from meshwright.charts.route import Route
    from meshwright.imports.kubernetes.networking import NetworkPolicy, NetworkPolicyIngressRule, NetworkPolicyPeer

    class HasPods(Protocol):
        """An app, or whatever else has pods with labels in a namespace."""

        @property
        def namespace(self) -> str:
            """Where its pods run."""

        @property
        def labels(self) -> dict[str, str]:
            """The labels of its pods."""

    Caller: TypeAlias = "HasPods | CallerPods"

_NAMESPACE = "kubernetes.io/metadata.name"
"""The label that every Namespace has."""

_GATEWAY_NAME = "gateway.networking.k8s.io/gateway-name"
"""The label of the pods that Istio makes for a Gateway of the Gateway API."""


@tells_misfits
class CallerPods(Written):
    """Pods that are no app of ours, as callers.

    Args:
        namespace: Where they run.
        labels: Their labels; all pods of the namespace when left out.
    """

    __slots__ = ("labels", "namespace")

    def __init__(self, namespace: str, *, labels: Mapping[str, str] | None = None) -> None:
        super().__init__()
        self.namespace = namespace
        self.labels = dict(labels or {})


@tells_misfits
class NetworkAccess(Construct):
    """The NetworkPolicy of an app: gateways whose routes lead to it and its callers may reach its port, nobody else.

    The gateways are found in the routes at synth, wherever in the app they are written. The network plugin of the
    cluster has to enforce NetworkPolicies. Nodes always reach their pods, so that probes go on.

    Args:
        of: The app.
        callers: Apps that call it, or `CallerPods`.
        gateway_namespace: Where the pods of Istio's ingress gateways run; anywhere when left out, as Istio has it.
        name: Name of the object; the id when left out.

    Attributes:
        network_policy: The level-1 ``NetworkPolicy``.

    Source: Kubernetes docs, "Network Policies".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        of: Any,
        callers: Sequence[Caller] = (),
        gateway_namespace: str | None = None,
        name: str | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.kubernetes.meta import LabelSelector
        from meshwright.imports.kubernetes.networking import NetworkPolicy

        environment = Environment.of(self)
        name = name or id
        claim_name(self, "NetworkPolicy", environment.namespace, name)
        self._of = app_of(self, of)
        labels = selected(self, self._of, environment) or {}
        self._callers = [each for each in listed(callers, "callers", self) if self._is_caller(each)]
        self._gateway_namespace = gateway_namespace
        self.network_policy: NetworkPolicy = NetworkPolicy(
            self,
            "network-policy",
            metadata={"name": name, "namespace": environment.namespace, "labels": labels},
            pod_selector=LabelSelector(match_labels=labels),
            policy_types=["Ingress"],
            ingress=Lazy.any(self._rules),
        )

    def _is_caller(self, caller: object) -> bool:
        known = isinstance(getattr(caller, "namespace", None), str) and isinstance(
            getattr(caller, "labels", None), dict
        )
        if not known:
            problem(self, f"a caller is {caller!r}", "Pass an app, or CallerPods")
        return known

    def _rules(self) -> list[NetworkPolicyIngressRule]:
        from meshwright.imports.kubernetes.networking import NetworkPolicyIngressRule, NetworkPolicyPort

        peers: list[NetworkPolicyPeer] = []
        for namespace, labels in (*self._gateways(), *((each.namespace, each.labels) for each in self._callers)):
            peer = _peer(namespace, labels)
            if peer not in peers:
                peers.append(peer)
        if not peers or self._of is None:
            return []
        ports = [NetworkPolicyPort(port=self._of.container_port, protocol="TCP")]
        return [NetworkPolicyIngressRule(from_=peers, ports=ports)]

    def _gateways(self) -> Iterator[tuple[str | None, dict[str, str]]]:
        """Yield namespace and labels of the pods of each gateway whose routes lead to the app."""
        from meshwright.tree.construct import walk

        for construct in walk(self.node.root):
            gateways: Sequence[IngressGateway | GatewayApiGateway] = getattr(construct, "gateways", ())
            if gateways and any(map(self._leads_here, getattr(construct, "routes", ()))):
                for gateway in gateways:
                    if getattr(gateway, "api", "istio") == "gateway":
                        yield gateway.namespace, {_GATEWAY_NAME: gateway.name}
                    else:
                        yield self._gateway_namespace, gateway.selector  # type: ignore[union-attr]  # as told apart

    def _leads_here(self, route: Route) -> bool:
        from collections.abc import Mapping

        from meshwright.charts.backend import is_target
        from meshwright.charts.given import backend_for

        delegate = getattr(route, "delegate", None)
        if delegate is not None:
            return any(map(self._leads_here, delegate.routes))
        to = getattr(route, "to", None)
        mirrors = [mirror.to for mirror in getattr(route, "mirror", ())]
        targets = [*(to if isinstance(to, Mapping) else [to]), *mirrors]
        hosts = self._hosts()
        return any(backend_for(self, target).host in hosts for target in targets if is_target(target))

    def _hosts(self) -> tuple[str, ...]:
        found: tuple[str, ...] = getattr(self._of, "hosts", ()) or (getattr(self._of, "host", ""),)
        return found


def _peer(namespace: str | None, labels: Mapping[str, str]) -> NetworkPolicyPeer:
    from meshwright.imports.kubernetes.meta import LabelSelector
    from meshwright.imports.kubernetes.networking import NetworkPolicyPeer

    where = LabelSelector() if namespace is None else LabelSelector(match_labels={_NAMESPACE: namespace})
    if not labels:
        return NetworkPolicyPeer(namespace_selector=where)
    return NetworkPolicyPeer(namespace_selector=where, pod_selector=LabelSelector(match_labels=dict(labels)))
