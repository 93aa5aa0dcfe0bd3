"""What tells Argo CD to keep a chart's objects in the cluster."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.problem import problem
from meshwright.tree import App, Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.tree import Chart


@tells_misfits
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
        prune: Whether objects that are gone from the file are deleted from the cluster.
        self_heal: Whether changes that others make in the cluster are undone.
        create_namespace: Whether Argo CD makes the chart's namespace if it is not there.

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
        prune: bool = True,
        self_heal: bool = True,
        create_namespace: bool = False,
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
        from meshwright.tree import Names

        name = name or chart.node.id
        claim_name(self, "Application", namespace, name)
        if "://" not in repository and "@" not in repository:
            problem(self, f"repository is {repository!r}, which is no URL", "Give the URL of the git repository")
        if create_namespace and chart.namespace is None:
            problem(self, "the chart names no namespace to create", "Give the chart a namespace")
        extension = App.of(chart).output_file_extension
        self.application = Application(
            self,
            "application",
            metadata={"name": name, "namespace": namespace},
            project=project,
            source=ApplicationSource(
                repo_url=repository,
                target_revision=revision,
                path=path,
                directory=ApplicationSourceDirectory(include=f"{Names.to_dns_label(chart)}{extension}"),
            ),
            destination=ApplicationDestination(server=server, namespace=chart.namespace),
            sync_policy=SyncPolicy(
                automated=SyncPolicyAutomated(prune=prune, self_heal=self_heal),
                sync_options=["CreateNamespace=true"] if create_namespace else None,
            ),
        )
