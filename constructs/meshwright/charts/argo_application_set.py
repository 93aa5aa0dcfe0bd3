"""Applications that Argo CD makes itself: one for each folder of ``dist/``, or one for each cluster it knows."""

from __future__ import annotations

from meshwright.charts.argo_application import check_repository
from meshwright.charts.argo_project import IN_CLUSTER
from meshwright.charts.argo_sync import COMPARED_BY_SERVER, ArgoSync, subscriptions
from meshwright.charts.claims import claim_name
from meshwright.charts.misfits import tells_misfits
from meshwright.charts.problem import Part
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshwright.imports.argocd import ApplicationDestination, ApplicationSetGenerator


@tells_misfits
class ArgoApplicationSet(Construct):
    """An ApplicationSet: a folder more in ``dist/``, or a cluster more in Argo CD, is an Application more.

    Without ``clusters``, each folder of ``path`` becomes an Application on Argo CD's own cluster, of the same name.
    With them, each cluster whose Secret has these labels syncs the folder that its label ``environment`` names.

    Deleting the set, or a folder, deletes no objects unless ``sync`` cascades.

    Args:
        repository: URL of the git repository that holds ``dist/``.
        path: The folder of the repository that `App.synth` writes.
        revision: Branch, tag or commit.
        name: Name of the ApplicationSet; its id when left out.
        namespace: Where Argo CD runs.
        project: The name of the AppProject, which has to allow all of it.
        exclude: Folders that become no Application, Argo CD's own among them.
        clusters: Labels that the Secrets of the clusters have.
        environment_label: The label of a cluster that names its folder.
        sync: How the Applications are synced.
        notifications: Whom to tell of what, as for `ArgoApplication`.

    Attributes:
        application_set: The level-1 ``ApplicationSet``.

    Source: Argo CD docs, "Git Generator", "Cluster Generator" and "Go Template".
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
        project: str = "default",
        exclude: Sequence[str] = ("argocd",),
        clusters: Mapping[str, str] | None = None,
        environment_label: str = "environment",
        sync: ArgoSync | None = None,
        notifications: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(scope, id)
        from meshwright.imports.argocd import (
            ApplicationDestination,
            ApplicationSet,
            ApplicationSetSyncPolicy,
            ApplicationSetTemplate,
            ApplicationSetTemplateMeta,
            ApplicationSource,
            ApplicationSourceDirectory,
            ApplicationSpec,
        )

        name = name or id
        sync = sync or ArgoSync(cascade=False)
        claim_name(self, "ApplicationSet", namespace, name)
        check_repository(self, repository)
        generator: ApplicationSetGenerator
        destination: ApplicationDestination
        if clusters is None:
            generator, folder, called = (
                _folders(repository, revision, path, exclude),
                "{{.path.path}}",
                "{{.path.basename}}",
            )
            destination = ApplicationDestination(server=IN_CLUSTER)
        else:
            label = f'{{{{index .metadata.labels "{environment_label}"}}}}'
            generator, folder, called = _clusters(clusters, environment_label), f"{path}/{label}", "{{.nameNormalized}}"
            destination = ApplicationDestination(name="{{.name}}")
        self.application_set = ApplicationSet(
            self,
            "set",
            metadata={"name": name, "namespace": namespace},
            go_template=True,
            go_template_options=["missingkey=error"],
            generators=[generator],
            sync_policy=ApplicationSetSyncPolicy(preserve_resources_on_deletion=not sync.cascade),
            template=ApplicationSetTemplate(
                metadata=ApplicationSetTemplateMeta(
                    name=called,
                    annotations={**COMPARED_BY_SERVER, **subscriptions(notifications or {})},
                    finalizers=sync.finalizers or None,
                ),
                spec=ApplicationSpec(
                    project=project,
                    source=ApplicationSource(
                        repo_url=repository,
                        target_revision=revision,
                        path=folder,
                        directory=ApplicationSourceDirectory(recurse=True),
                    ),
                    destination=destination,
                    sync_policy=sync.to_argo(Part(self, "sync", sync)),
                    ignore_differences=[each.to_argo() for each in sync.ignore_differences] or None,
                ),
            ),
        )


def _folders(repository: str, revision: str, path: str, exclude: Sequence[str]) -> ApplicationSetGenerator:
    from meshwright.imports.argocd import ApplicationSetGenerator, GitDirectoryGeneratorItem, GitGenerator

    directories = [GitDirectoryGeneratorItem(path=f"{path}/*")]
    directories += [GitDirectoryGeneratorItem(path=f"{path}/{folder}", exclude=True) for folder in exclude]
    return ApplicationSetGenerator(git=GitGenerator(repo_url=repository, revision=revision, directories=directories))


def _clusters(labels: Mapping[str, str], environment_label: str) -> ApplicationSetGenerator:
    from meshwright.imports.argocd import (
        ApplicationSetGenerator,
        ClusterGenerator,
        LabelSelector,
        LabelSelectorRequirement,
    )

    named = LabelSelectorRequirement(key=environment_label, operator="Exists")
    selector = LabelSelector(match_labels=dict(labels) or None, match_expressions=[named])
    return ApplicationSetGenerator(clusters=ClusterGenerator(selector=selector))
