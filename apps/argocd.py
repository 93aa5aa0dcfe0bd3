"""What Argo CD is told once: an Application for each chart, which from then on syncs itself."""

from collections.abc import Sequence

from meshwright.charts import ArgoApplication, Environment
from meshwright.tree import App, Chart


def argocd(app: App, charts: Sequence[Chart], repository: str) -> Chart:
    """Return the chart of the Applications that sync ``charts`` from ``repository``."""
    chart = Environment("argocd", namespace="argocd").chart(app, "applications")
    for synced in charts:
        ArgoApplication(
            chart,
            f"{Environment.of(synced).name}-{synced.node.id}",
            chart=synced,
            repository=repository,
            create_namespace=synced.namespace != "default",
        )
    return chart
