"""How Argo CD syncs what is ours: the same for an Application and for those that an ApplicationSet makes."""

from __future__ import annotations

from meshwright.charts.written import Written

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from typing import Literal

    from meshwright.charts.problem import Part
    from meshwright.imports.argocd import ResourceIgnoreDifferences, SyncPolicy

    Propagation = Literal["background", "foreground", "orphan"]

_FINALIZER = "resources-finalizer.argocd.argoproj.io"
_PROPAGATIONS = ("background", "foreground", "orphan")


class IgnoreDifference:
    """Fields that another controller sets, which Argo CD then neither compares nor writes.

    Args:
        kind: The kind of the objects: ``VirtualService``.
        group: Its API group; the core group when left out.
        name: Of one object; all of the kind when left out.
        json_pointers: Fields by JSON pointer: ``/spec/replicas``.
        jq_paths: Fields by jq: ``.spec.http[].route[].weight``.
    """

    __slots__ = ("group", "jq_paths", "json_pointers", "kind", "name")

    def __init__(
        self,
        kind: str,
        *,
        group: str = "",
        name: str | None = None,
        json_pointers: Sequence[str] = (),
        jq_paths: Sequence[str] = (),
    ) -> None:
        self.kind = kind
        self.group = group
        self.name = name
        self.json_pointers = tuple(json_pointers)
        self.jq_paths = tuple(jq_paths)

    def to_argo(self) -> ResourceIgnoreDifferences:
        """Return the level-1 message."""
        from meshwright.imports.argocd import ResourceIgnoreDifferences

        return ResourceIgnoreDifferences(
            group=self.group or None,
            kind=self.kind,
            name=self.name,
            json_pointers=list(self.json_pointers) or None,
            jq_path_expressions=list(self.jq_paths) or None,
        )


class ArgoSync(Written):
    """How an Application is synced.

    Objects are applied by the API server (``ServerSideApply``), and compared by asking it what applying would change,
    so that what it fills in is no difference. What is gone from git is deleted after all else is applied and healthy:
    a DestinationRule must not go before the routes that name it have changed.

    Args:
        prune: Whether objects that are gone from the files are deleted from the cluster.
        self_heal: Whether changes that others make in the cluster are undone.
        retries: How often a failed sync is tried again, after 5 s, 10 s … at most 3 min, with the newest commit.
        propagation: How what belongs to a deleted object goes: ``foreground`` waits for it.
        cascade: Whether deleting the Application deletes its objects, in the order of their waves from the last.
        create_namespace: Whether Argo CD makes the namespace if it is not there; it never deletes it.
        namespace_labels: Labels that it keeps on the namespace: ``{"istio-injection": "enabled"}``.
        ignore_differences: Fields that belong to other controllers.
        options: More sync options: ``["FailOnSharedResource=true"]``.
    """

    __slots__ = (
        "cascade",
        "create_namespace",
        "ignore_differences",
        "namespace_labels",
        "options",
        "propagation",
        "prune",
        "prune_last",
        "retries",
        "self_heal",
    )

    def __init__(
        self,
        *,
        prune: bool = True,
        self_heal: bool = True,
        retries: int = 5,
        propagation: Propagation = "background",
        cascade: bool = True,
        create_namespace: bool = False,
        namespace_labels: Mapping[str, str] | None = None,
        ignore_differences: Sequence[IgnoreDifference] = (),
        options: Sequence[str] = (),
    ) -> None:
        super().__init__()
        self.prune = prune
        self.self_heal = self_heal
        self.retries = retries
        self.propagation = propagation
        self.cascade = cascade
        self.create_namespace = create_namespace
        self.namespace_labels = dict(namespace_labels or {})
        self.ignore_differences = tuple(ignore_differences)
        self.options = tuple(options)
        self.prune_last = True

    @property
    def finalizers(self) -> list[str]:
        """The finalizers of the Application."""
        if not self.cascade:
            return []
        return [f"{_FINALIZER}/background" if self.propagation == "background" else _FINALIZER]

    def to_argo(self, part: Part) -> SyncPolicy:
        """Return the level-1 message, and tell what is wrong with it."""
        from meshwright.charts.numbers import whole
        from meshwright.imports.argocd import (
            Backoff,
            ManagedNamespaceMetadata,
            RetryStrategy,
            SyncPolicy,
            SyncPolicyAutomated,
        )

        if self.propagation not in _PROPAGATIONS:
            part.problem(f"propagation is {self.propagation!r}", f"Give one of {', '.join(_PROPAGATIONS)}")
        labels = self.namespace_labels or None
        if labels and not self.create_namespace:
            part.problem("namespace_labels without create_namespace", "Add create_namespace=True")
        return SyncPolicy(
            automated=SyncPolicyAutomated(prune=self.prune, self_heal=self.self_heal),
            managed_namespace_metadata=None if labels is None else ManagedNamespaceMetadata(labels=labels),
            retry=RetryStrategy(
                limit=whole(self.retries, "retries", part),
                refresh=True,
                backoff=Backoff(duration="5s", factor=2, max_duration="3m"),
            ),
            sync_options=self._options(),
        )

    def _options(self) -> list[str]:
        options = ["CreateNamespace=true"] if self.create_namespace else []
        options.append(f"PrunePropagationPolicy={self.propagation}")
        if self.prune_last:
            options.append("PruneLast=true")
        if self.ignore_differences:
            options.append("RespectIgnoreDifferences=true")
        return [*options, "ServerSideApply=true", *self.options]


def subscriptions(notifications: Mapping[str, str]) -> dict[str, str]:
    """Return the annotations that subscribe recipients: ``{"on-sync-failed.slack": "team-shop"}``."""
    return {f"notifications.argoproj.io/subscribe.{trigger}": to for trigger, to in notifications.items()}


COMPARED_BY_SERVER = {"argocd.argoproj.io/compare-options": "ServerSideDiff=true"}
