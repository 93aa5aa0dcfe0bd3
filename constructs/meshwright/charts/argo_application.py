"""What tells Argo CD to keep a chart's objects in the cluster."""

from __future__ import annotations

from meshwright.charts.argo_project import IN_CLUSTER, ArgoProject
from meshwright.charts.argo_sync import COMPARED_BY_SERVER, ArgoSync, subscriptions
from meshwright.charts.claims import claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.problem import Part, problem
from meshwright.tree import App, Construct
from meshwright.tree.folder import chart_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

    from meshwright.imports.argocd import ApplicationDestination
    from meshwright.tree import Chart


@tells_misfits
class ArgoApplication(Construct):
    """An Application that syncs one chart's file of ``dist/``, prunes what is gone from it and heals drift.

    The chart's objects get the sync waves of their kinds, so that routes come after what they lead to.

    Args:
        chart: The chart whose file is synced; objects that name no namespace go to the chart's.
        repository: URL of the git repository that holds ``dist/``.
        path: The folder of the repository that `App.synth` writes.
        revision: Branch, tag or commit.
        name: Name of the Application; when left out, environment and id of the chart: ``prod-shop``.
        namespace: Where Argo CD runs.
        project: Its AppProject, or the name of one.
        server: API server of the target cluster, instead of the cluster that the environment names.
        sync: How it is synced.
        notifications: Whom to tell of what, by trigger and service: ``{"on-sync-failed.slack": "team-shop"}``.

    Attributes:
        application: The level-1 ``Application``.

    Source: Argo CD docs, "Automated Sync Policy", "Directory", "Sync Options" and "Diff Strategies".
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
        project: ArgoProject | str = "default",
        server: str | None = None,
        sync: ArgoSync | None = None,
        notifications: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.charts.sync_waves import set_waves
        from meshwright.imports.argocd import Application, ApplicationSource, ApplicationSourceDirectory

        sync = sync or ArgoSync()
        folder, _, file = chart_file(chart).rpartition("/")
        name = name or "-".join([*folder.split("/"), chart.node.id] if folder else [chart.node.id])
        claim_name(self, "Application", namespace, name)
        check_repository(self, repository)
        if sync.create_namespace and chart.namespace is None:
            problem(self, "the chart names no namespace to create", "Give the chart a namespace")
        destination = destination_of(chart, server)
        if isinstance(project, ArgoProject):
            project.admit(chart, destination, creates_namespace=sync.create_namespace)
        root = App.of(self)
        if isinstance(root, App):
            root.before_synth(lambda: set_waves(chart))
        self.application = Application(
            self,
            "application",
            metadata={
                "name": name,
                "namespace": namespace,
                "annotations": {**COMPARED_BY_SERVER, **subscriptions(notifications or {})},
                "finalizers": sync.finalizers,
            },
            project=project.name if isinstance(project, ArgoProject) else project,
            source=ApplicationSource(
                repo_url=repository,
                target_revision=revision,
                path=f"{path}/{folder}" if folder else path,
                directory=ApplicationSourceDirectory(include=file),
            ),
            destination=destination,
            sync_policy=sync.to_argo(Part(self, "sync", sync)),
            ignore_differences=[each.to_argo() for each in sync.ignore_differences] or None,
        )


def destination_of(chart: Chart, server: str | None = None) -> ApplicationDestination:
    """Return where a chart goes: to the named server, or to the cluster of its environment, or to Argo CD's own."""
    from meshwright.imports.argocd import ApplicationDestination

    cluster = Environment.of(chart).cluster
    if server is None and cluster not in (None, "in-cluster"):
        return ApplicationDestination(name=cluster, namespace=chart.namespace)
    return ApplicationDestination(server=server or IN_CLUSTER, namespace=chart.namespace)


def check_repository(construct: Construct, repository: str) -> None:
    """Tell a problem where ``repository`` is no URL."""
    if "://" not in repository and "@" not in repository:
        problem(construct, f"repository is {repository!r}, which is no URL", "Give the URL of the git repository")
