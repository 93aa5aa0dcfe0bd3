"""What Argo CD is told: a project for each environment, an Application for each chart, and one that keeps them all."""

from collections.abc import Sequence

from meshwright.charts import ArgoApplication, ArgoProject, ArgoRoot, ArgoSync, Environment
from meshwright.tree import App, Chart


def argocd(app: App, charts: Sequence[Chart], repository: str) -> Chart:
    """Return the chart of what syncs ``charts`` from ``repository``."""
    chart = Environment("argocd", cluster="in-cluster", namespace="argocd").chart(app, "applications")
    ArgoRoot(chart, "root", repository=repository)
    projects: dict[str, ArgoProject] = {}
    for synced in charts:
        environment = Environment.of(synced).name
        if environment not in projects:
            projects[environment] = ArgoProject(chart, environment, repository=repository)
        made = synced.namespace != "default"
        ArgoApplication(
            chart,
            f"{environment}-{synced.node.id}",
            chart=synced,
            repository=repository,
            project=projects[environment],
            sync=ArgoSync(create_namespace=made, namespace_labels={"istio-injection": "enabled"} if made else None),
        )
    return chart
