"""The subsets of all services."""

from meshwright.charts import Subsets
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import service


def program(chart: Chart) -> None:
    Subsets(chart, "productpage", of=service("productpage"), subsets=["v1"])
    Subsets(chart, "reviews", of=service("reviews"), subsets=["v1", "v2", "v3"])
    Subsets(chart, "ratings", of=service("ratings"), subsets=["v1", "v2", "v2-mysql", "v2-mysql-vm"])
    Subsets(chart, "details", of=service("details"), subsets=["v1", "v2"])
