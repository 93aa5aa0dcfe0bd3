"""What tells Argo CD to keep a chart's objects in the cluster."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.problem import problem
from meshwright.tree import Construct
from meshwright.tree.folder import chart_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.imports.argocd import ApplicationDestination
    from meshwright.tree import Chart

_IN_CLUSTER = "https://kubernetes.default.svc"


@tells_misfits
class ArgoApplication(Construct):
    """An Application that syncs one chart's file of ``dist/``, prunes what is gone from it and heals drift.

    Args:
        chart: The chart whose file is synced; objects that name no namespace go to the chart's.
        repository: URL of the git repository that holds ``dist/``.
        path: The folder of the repository that `App.synth` writes.
        revision: Branch, tag or commit.
        name: Name of the Application; when left out, environment and id of the chart: ``prod-shop``.
        namespace: Where Argo CD runs.
        project: Name of its AppProject.
        server: API server of the target cluster, instead of the cluster that the environment names.
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
        server: str | None = None,
        prune: bool = True,
        self_heal: bool = True,
        create_namespace: bool = False,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.argocd import (
            Application,
            ApplicationSource,
            ApplicationSourceDirectory,
            SyncPolicy,
            SyncPolicyAutomated,
        )

        environment = Environment.of(chart)
        folder, _, file = chart_file(chart).rpartition("/")
        name = name or (f"{folder}-{chart.node.id}" if folder else chart.node.id)
        claim_name(self, "Application", namespace, name)
        if "://" not in repository and "@" not in repository:
            problem(self, f"repository is {repository!r}, which is no URL", "Give the URL of the git repository")
        if create_namespace and chart.namespace is None:
            problem(self, "the chart names no namespace to create", "Give the chart a namespace")
        self.application = Application(
            self,
            "application",
            metadata={"name": name, "namespace": namespace},
            project=project,
            source=ApplicationSource(
                repo_url=repository,
                target_revision=revision,
                path=f"{path}/{folder}" if folder else path,
                directory=ApplicationSourceDirectory(include=file),
            ),
            destination=_destination(server, environment, chart),
            sync_policy=SyncPolicy(
                automated=SyncPolicyAutomated(prune=prune, self_heal=self_heal),
                sync_options=["CreateNamespace=true"] if create_namespace else None,
            ),
        )


def _destination(server: str | None, environment: Environment, chart: Chart) -> ApplicationDestination:
    from meshwright.imports.argocd import ApplicationDestination

    if server is None and environment.cluster not in (None, "in-cluster"):
        return ApplicationDestination(name=environment.cluster, namespace=chart.namespace)
    return ApplicationDestination(server=server or _IN_CLUSTER, namespace=chart.namespace)
