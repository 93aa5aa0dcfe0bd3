"""What Argo CD may do for an environment: the sources, destinations and kinds that its charts really have."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.misfits import tells_misfits
from meshwright.tree import Construct, Lazy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any, Literal

    from meshwright.imports.argocd import ApplicationDestination
    from meshwright.imports.argocd import SyncWindow as SyncWindowMessage
    from meshwright.tree import Chart

IN_CLUSTER = "https://kubernetes.default.svc"
_KEEP = "resources-finalizer.argocd.argoproj.io"  # keeps the project until no Application is left in it
_CLUSTER_WIDE = frozenset(
    (
        ("", "Namespace"),
        ("", "PersistentVolume"),
        ("admissionregistration.k8s.io", "MutatingWebhookConfiguration"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicy"),
        ("admissionregistration.k8s.io", "ValidatingAdmissionPolicyBinding"),
        ("admissionregistration.k8s.io", "ValidatingWebhookConfiguration"),
        ("apiextensions.k8s.io", "CustomResourceDefinition"),
        ("apiregistration.k8s.io", "APIService"),
        ("external-secrets.io", "ClusterExternalSecret"),
        ("external-secrets.io", "ClusterSecretStore"),
        ("gateway.networking.k8s.io", "GatewayClass"),
        ("networking.k8s.io", "IngressClass"),
        ("node.k8s.io", "RuntimeClass"),
        ("rbac.authorization.k8s.io", "ClusterRole"),
        ("rbac.authorization.k8s.io", "ClusterRoleBinding"),
        ("scheduling.k8s.io", "PriorityClass"),
        ("storage.k8s.io", "StorageClass"),
    )
)
# What the constructs of this package write into a namespace; none of it gives its owner more rights. It is allowed also
# where no chart has it now: Argo CD deletes only what the project allows, and the last VirtualService goes at the very
# moment when no chart has one.
_USUAL = (
    ("", "ConfigMap"),
    ("", "Service"),
    ("", "ServiceAccount"),
    ("apps", "Deployment"),
    ("autoscaling", "HorizontalPodAutoscaler"),
    ("gateway.networking.k8s.io", "Gateway"),
    ("gateway.networking.k8s.io", "HTTPRoute"),
    ("networking.istio.io", "DestinationRule"),
    ("networking.istio.io", "Gateway"),
    ("networking.istio.io", "ServiceEntry"),
    ("networking.istio.io", "Sidecar"),
    ("networking.istio.io", "VirtualService"),
    ("policy", "PodDisruptionBudget"),
    ("security.istio.io", "AuthorizationPolicy"),
    ("security.istio.io", "PeerAuthentication"),
    ("security.istio.io", "RequestAuthentication"),
)


class SyncWindow:
    """When Argo CD may sync, or may not.

    Args:
        kind: ``allow`` or ``deny``.
        schedule: When it opens, as in cron: ``0 18 * * 5``.
        duration: For how long: ``60h``.
        applications: Names of the Applications, with ``*``.
        time_zone: Of the schedule: ``Europe/Berlin``.
        manual_sync: Whether people may sync all the same.
    """

    __slots__ = ("applications", "duration", "kind", "manual_sync", "schedule", "time_zone")

    def __init__(
        self,
        kind: Literal["allow", "deny"],
        *,
        schedule: str,
        duration: str,
        applications: Sequence[str] = ("*",),
        time_zone: str = "UTC",
        manual_sync: bool = False,
    ) -> None:
        self.kind = kind
        self.schedule = schedule
        self.duration = duration
        self.applications = tuple(applications)
        self.time_zone = time_zone
        self.manual_sync = manual_sync

    def to_argo(self) -> SyncWindowMessage:
        """Return the level-1 message."""
        from meshwright.imports.argocd import SyncWindow as SyncWindowMessage

        return SyncWindowMessage(
            kind=self.kind,
            schedule=self.schedule,
            duration=self.duration,
            applications=list(self.applications),
            time_zone=self.time_zone,
            manual_sync=self.manual_sync,
        )


@tells_misfits
class ArgoProject(Construct):
    """An AppProject that allows one repository, the places of its charts, and the kinds they write.

    Destinations and kinds are those of the charts that ``ArgoApplication(project=…)`` adds, as they are at synth, and
    the plain kinds that every app may have: a Role or a Secret in a chart is a change of the project in the same pull
    request. Argo CD deletes only what the project allows, so name in ``kinds`` and ``namespaces`` what was there until
    now and has yet to be deleted.

    Args:
        repository: URL of the git repository that it may sync from.
        name: Its name; its id when left out.
        namespace: Where Argo CD runs.
        description: What it is for.
        sync_windows: When its Applications may sync.
        kinds: More kinds, as group and kind: ``[("batch", "CronJob")]``.
        namespaces: More namespaces of Argo CD's own cluster.

    Attributes:
        name: Its name.
        project: The level-1 ``AppProject``.

    Source: Argo CD docs, "Projects" and "Sync Windows".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository: str,
        name: str | None = None,
        namespace: str = "argocd",
        description: str | None = None,
        sync_windows: Sequence[SyncWindow] = (),
        kinds: Sequence[tuple[str, str]] = (),
        namespaces: Sequence[str] = (),
    ) -> None:
        super().__init__(scope, id)
        from meshwright.charts.sync_waves import ANNOTATION, POLICIES
        from meshwright.imports.argocd import AppProject

        self.name = name or id
        self._charts: dict[Chart, tuple[ApplicationDestination, bool]] = {}
        self._more_kinds = {*_USUAL, *kinds}
        self._more_namespaces = tuple(namespaces)
        claim_name(self, "AppProject", namespace, self.name)
        self.project = AppProject(
            self,
            "project",
            metadata={
                "name": self.name,
                "namespace": namespace,
                "annotations": {ANNOTATION: str(POLICIES)},
                "finalizers": [_KEEP],
            },
            description=description,
            source_repos=[repository],
            destinations=Lazy.any(self._destinations),
            cluster_resource_whitelist=Lazy.any(lambda: self._kinds(cluster_wide=True)),
            namespace_resource_whitelist=Lazy.any(lambda: self._kinds(cluster_wide=False)),
            sync_windows=[window.to_argo() for window in sync_windows] or None,
        )

    def admit(self, chart: Chart, destination: ApplicationDestination, *, creates_namespace: bool = False) -> None:
        """Allow what an Application needs that syncs a chart to a destination."""
        self._charts[chart] = destination, creates_namespace

    def _destinations(self) -> list[dict[str, Any]]:
        found: dict[tuple[tuple[str, str], ...], dict[str, Any]] = {}
        for namespace in self._more_namespaces:
            place = {"server": IN_CLUSTER, "namespace": namespace}
            found[tuple(sorted(place.items()))] = place
        for chart, (destination, _) in self._charts.items():
            to = {key: str(value) for key, value in destination.items() if key in ("server", "name")}
            for namespace in sorted({chart.namespace or "default", *_namespaces(chart)}):
                place = {**to, "namespace": namespace}
                found[tuple(sorted(place.items()))] = place
        return [found[key] for key in sorted(found)]

    def _kinds(self, cluster_wide: bool) -> list[dict[str, str]]:
        found = {*self._more_kinds, *(kind for chart in self._charts for kind in _kinds(chart))}
        if any(creates for _, creates in self._charts.values()):
            found.add(("", "Namespace"))
        return [
            {"group": group, "kind": kind}
            for group, kind in sorted(found)
            if is_cluster_wide(group, kind) is cluster_wide
        ]


def is_cluster_wide(group: str, kind: str) -> bool:
    """Whether objects of a kind belong to no namespace; a kind that is not known here is taken for one that does."""
    return (group, kind) in _CLUSTER_WIDE


def _kinds(chart: Chart) -> Iterator[tuple[str, str]]:
    from meshwright.tree.contents import contents

    for api_version, kind, _ in contents(chart):
        yield api_version.rpartition("/")[0], kind


def _namespaces(chart: Chart) -> Iterator[str]:
    from meshwright.tree.contents import contents

    for api_version, kind, namespace in contents(chart):
        if namespace and not is_cluster_wide(api_version.rpartition("/")[0], kind):
            yield namespace
