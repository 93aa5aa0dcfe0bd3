"""What Argo CD is told: a project for each environment, an Application for each chart, and one that keeps them all."""

from collections.abc import Sequence

from meshwright.charts import ArgoApplication, ArgoProject, ArgoRoot, ArgoSync, Environment
from meshwright.tree import App, Chart

MESH = ArgoSync(create_namespace=True, namespace_labels={"istio-injection": "enabled"})


def argocd(app: App, charts: Sequence[Chart], repository: str) -> Chart:
    """Return the chart of what syncs ``charts`` from ``repository``."""
    chart = Environment("argocd", cluster="in-cluster", namespace="argocd").chart(app, "applications")
    ArgoRoot(chart, "root", repository=repository)
    projects: dict[str, ArgoProject] = {}
    for synced in charts:
        name = Environment.of(synced).name
        if name not in projects:
            projects[name] = ArgoProject(chart, name, repository=repository)
        ArgoApplication(
            chart, f"{name}-{synced.node.id}", chart=synced, repository=repository, project=projects[name], sync=MESH
        )
    return chart
