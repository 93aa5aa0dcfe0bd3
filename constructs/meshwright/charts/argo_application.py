"""What tells Argo CD to keep a chart's objects in the cluster."""

from __future__ import annotations

from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.tree import Chart


class ArgoApplication(Construct):
    """An Application that syncs one chart's file of ``dist/``, prunes what is gone from it and heals drift.

    Args:
        chart: The chart whose file is synced; objects that name no namespace go to the chart's.
        repository: URL of the git repository that holds ``dist/``.
        path: Folder of the chart's file in the repository.
        revision: Branch, tag or commit.
        name: Name of the Application; the chart's id when left out.
        namespace: Where Argo CD runs.
        project: Name of its AppProject.
        server: API server of the target cluster.

    Attributes:
        application: The level-1 ``Application``.

    Source: Argo CD docs, "Automated Sync Policy", "Directory" and "Sync Options".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        chart: Chart,
        repository: str,
        path: str = "dist",
        revision: str = "main",
        name: str | None = None,
        namespace: str = "argocd",
        project: str = "default",
        server: str = "https://kubernetes.default.svc",
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.argocd import (
            Application,
            ApplicationDestination,
            ApplicationSource,
            ApplicationSourceDirectory,
            SyncPolicy,
            SyncPolicyAutomated,
        )

        self.application = Application(
            self,
            "application",
            metadata={"name": name or chart.node.id, "namespace": namespace},
            project=project,
            source=ApplicationSource(
                repo_url=repository,
                target_revision=revision,
                path=path,
                directory=ApplicationSourceDirectory(include=f"{chart.node.id}.k8s.yaml"),
            ),
            destination=ApplicationDestination(server=server, namespace=chart.namespace),
            sync_policy=SyncPolicy(automated=SyncPolicyAutomated(prune=True, self_heal=True)),
        )
