"""Sync waves by kind: what others need comes before them, and routes come last.

Argo CD applies the kinds of Kubernetes itself in a sensible order, and all others behind them by name, a VirtualService
before its DestinationRule if that comes later in the alphabet. So the kinds that routes lead to get waves of their own;
between waves, Argo CD waits until what it applied is healthy.

Source: Argo CD docs, "Sync Phases and Waves".
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.tree import Chart

ANNOTATION = "argocd.argoproj.io/sync-wave"

FOUNDATIONS = -3
SOURCES_OF_SECRETS = -2
POLICIES = -1
DESTINATIONS = 1
ROUTES = 2
ROLLOUTS = 3  # their health is that of a release in progress, and a sync that waits for it takes no newer commit

WAVES = {
    ("", "Namespace"): FOUNDATIONS,
    ("apiextensions.k8s.io", "CustomResourceDefinition"): FOUNDATIONS,
    ("external-secrets.io", "ClusterSecretStore"): SOURCES_OF_SECRETS,
    ("external-secrets.io", "SecretStore"): SOURCES_OF_SECRETS,
    ("bitnami.com", "SealedSecret"): POLICIES,
    ("external-secrets.io", "ExternalSecret"): POLICIES,
    ("gateway.networking.k8s.io", "ReferenceGrant"): POLICIES,
    ("networking.istio.io", "ServiceEntry"): POLICIES,
    ("networking.istio.io", "Sidecar"): POLICIES,
    ("networking.istio.io", "WorkloadEntry"): POLICIES,
    ("networking.istio.io", "WorkloadGroup"): POLICIES,
    ("security.istio.io", "AuthorizationPolicy"): POLICIES,
    ("security.istio.io", "PeerAuthentication"): POLICIES,
    ("security.istio.io", "RequestAuthentication"): POLICIES,
    ("gateway.networking.k8s.io", "BackendTLSPolicy"): DESTINATIONS,
    ("networking.istio.io", "DestinationRule"): DESTINATIONS,
    ("networking.istio.io", "Gateway"): DESTINATIONS,
    # beside its routes: it is healthy only when its load balancer has an address, which not every cluster gives
    ("gateway.networking.k8s.io", "Gateway"): ROUTES,
    ("gateway.networking.k8s.io", "GRPCRoute"): ROUTES,
    ("gateway.networking.k8s.io", "HTTPRoute"): ROUTES,
    ("gateway.networking.k8s.io", "TCPRoute"): ROUTES,
    ("gateway.networking.k8s.io", "TLSRoute"): ROUTES,
    ("networking.istio.io", "VirtualService"): ROUTES,
    ("networking.k8s.io", "Ingress"): ROUTES,
    ("argoproj.io", "Rollout"): ROLLOUTS,
    ("flagger.app", "Canary"): ROLLOUTS,
}
"""Group and kind -> wave; all other kinds are in wave 0."""


def set_waves(chart: Chart) -> None:
    """Annotate the objects of a chart with the waves of their kinds, those that have a wave already excepted."""
    from meshwright.tree import ApiObject
    from meshwright.tree.construct import walk

    for construct in walk(chart):
        if isinstance(construct, ApiObject) and construct.chart is chart:
            group = construct.api_version.rpartition("/")[0]
            wave = WAVES.get((group, construct.kind))
            if wave is not None and ANNOTATION not in (construct._metadata.get("annotations") or {}):
                construct.metadata.add_annotation(ANNOTATION, str(wave))
