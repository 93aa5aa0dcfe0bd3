"""What Argo CD is told."""

from typing import Any

import pytest

from meshwright.charts import ArgoApplication, Environment
from meshwright.tree import App, Chart
from tests.charts.constructs import refused, specs

REPOSITORY = "https://git.example.com/shop.git"


def application(chart: Chart, **fields: Any) -> dict[str, Any]:
    argocd = Environment("argocd", namespace="argocd").chart(App.of(chart), "argocd")
    ArgoApplication(argocd, "shop", chart=chart, **{"repository": REPOSITORY, **fields})
    return specs(argocd, "Application")[0]


def test_it_prunes_and_heals_and_makes_the_namespace_when_asked() -> None:
    chart = Environment("prod", namespace="shop").chart(App(), "shop")
    assert application(chart, self_heal=False, create_namespace=True)["syncPolicy"] == {
        "automated": {"prune": True, "selfHeal": False},
        "syncOptions": ["CreateNamespace=true"],
    }


def test_it_syncs_the_file_of_the_chart_whatever_that_is_called() -> None:
    outer = Chart(App(output_file_extension=".yaml"), "outer")
    inner = Chart(outer, "inner", namespace="shop")
    include = application(inner)["source"]["directory"]["include"]
    assert include.startswith("outer-inner-") and include.endswith(".yaml")


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"repository": "shop"}, "repository is 'shop', which is no URL", id="a repository without URL"),
        pytest.param({"create_namespace": True}, "the chart names no namespace to create", id="no namespace to make"),
        pytest.param({"name": "My App"}, "name is 'My App'", id="a name with a space"),
    ],
)
def test_refuses(fields: dict[str, Any], said: str) -> None:
    app = App()
    argocd = Environment("argocd", namespace="argocd").chart(app, "argocd")
    ArgoApplication(argocd, "shop", chart=Chart(app, "shop"), **{"repository": REPOSITORY, **fields})
    assert said in refused(argocd)[0]
