"""Reviews, spread at random."""

from meshwright.charts import Subsets, TrafficPolicy
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import service


def program(chart: Chart) -> None:
    policy = TrafficPolicy(load_balancer="RANDOM")
    Subsets(chart, "reviews", of=service("reviews"), subsets=["v1", "v2", "v3"], traffic_policy=policy)
