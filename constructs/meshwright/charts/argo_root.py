"""The Application of Applications: applied once, it keeps all others and itself as they are in git."""

from __future__ import annotations

from meshwright.charts.argo_application import check_repository
from meshwright.charts.argo_project import IN_CLUSTER
from meshwright.charts.argo_sync import COMPARED_BY_SERVER, ArgoSync, subscriptions
from meshwright.charts.claims import claim_name
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.problem import Part, problem
from meshwright.tree import Chart, Construct
from meshwright.tree.folder import chart_file

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping

_KINDS = ("AppProject", "Application", "ApplicationSet")
# The root is gone only when somebody deletes it on purpose, and then alone.
_STAYS = {"argocd.argoproj.io/sync-options": "Delete=false,Prune=false"}


@tells_misfits
class ArgoRoot(Construct):
    """An Application that syncs the folder it stands in: projects, Applications and itself.

    It has a project of its own, which allows Argo CD's kinds in Argo CD's namespace and nothing else, and no finalizer:
    deleting it leaves all that it made. ``meshwright bootstrap`` prints both, to be applied once.

    Args:
        repository: URL of the git repository that holds ``dist/``.
        path: The folder of the repository that `App.synth` writes.
        revision: Branch, tag or commit.
        name: Name of the Application and of its project; its id when left out.
        namespace: Where Argo CD runs.
        sync: How it is synced. Its prunes follow the waves: an Application is gone before its project is.
        notifications: Whom to tell of what, as for `ArgoApplication`.

    Attributes:
        application: The level-1 ``Application``.
        project: The level-1 ``AppProject``.

    Source: Argo CD docs, "Cluster Bootstrapping" and "App Deletion".
    """

    def __init__(
        self,
        scope: Construct,
        id: str,
        *,
        repository: str,
        path: str = "dist",
        revision: str = "main",
        name: str | None = None,
        namespace: str = "argocd",
        sync: ArgoSync | None = None,
        notifications: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.charts.sync_waves import ANNOTATION, POLICIES
        from meshwright.imports.argocd import (
            Application,
            ApplicationDestination,
            ApplicationSource,
            ApplicationSourceDirectory,
            AppProject,
            GroupKind,
        )

        name = name or id
        chart = Chart.of(self)
        for kind in ("Application", "AppProject"):
            claim_name(self, kind, namespace, name)
        check_repository(self, repository)
        if chart.namespace != namespace:
            wrong = f"its chart has the namespace {chart.namespace!r}, and Argo CD reads {namespace!r}"
            problem(self, wrong, f"Create it in a chart with namespace={namespace!r}")
        folder, _, file = chart_file(chart).rpartition("/")
        sync = sync or ArgoSync(cascade=False)
        sync.prune_last = False
        self.project = AppProject(
            self,
            "project",
            metadata={"name": name, "namespace": namespace, "annotations": {ANNOTATION: str(POLICIES), **_STAYS}},
            source_repos=[repository],
            destinations=[ApplicationDestination(server=IN_CLUSTER, namespace=namespace)],
            cluster_resource_whitelist=[],
            namespace_resource_whitelist=[GroupKind(group="argoproj.io", kind=kind) for kind in _KINDS],
        )
        self.application = Application(
            self,
            "application",
            metadata={
                "name": name,
                "namespace": namespace,
                "annotations": {**COMPARED_BY_SERVER, **_STAYS, **subscriptions(notifications or {})},
                "finalizers": sync.finalizers,
            },
            project=name,
            source=ApplicationSource(
                repo_url=repository,
                target_revision=revision,
                path=f"{path}/{folder}" if folder else path,
                directory=ApplicationSourceDirectory(include=f"*{file[len(chart.node.id) :]}" if folder else file),
            ),
            destination=ApplicationDestination(server=IN_CLUSTER, namespace=namespace),
            sync_policy=sync.to_argo(Part(self, "sync", sync)),
        )
