"""Ratings: slow for jason, half of the calls of everybody else see v2."""

from datetime import timedelta
from typing import Literal

from meshwright.charts import Abort, Delay, Fault, HttpApp, HttpRoutes, Match, Route
from meshwright.tree import Chart

IMAGE = "docker.io/istio/examples-bookinfo-ratings"
TESTER = Match.any().header("end-user", exact="jason")
BROKEN = Fault(delay=Delay(timedelta(seconds=2), percent=100), abort=Abort(500, percent=10))


def ratings(chart: Chart) -> None:
    """Add the service and its routes."""
    app = HttpApp[Literal["v1", "v2"]](
        chart, "ratings", versions={version: f"{IMAGE}-{version}:1.20.3" for version in ("v1", "v2")}, port=9080
    )
    HttpRoutes(
        chart,
        "ratings-routes",
        hosts=[app],
        routes=[
            Route(name="tester", to=app.version("v1"), match=TESTER, fault=BROKEN),
            Route(name="everyone", to={app.version("v1"): 50, app.version("v2"): 50}),
        ],
    )
