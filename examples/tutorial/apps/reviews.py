"""Reviews: jason sees v2, everybody else v3; nobody waits longer than three seconds."""

from datetime import timedelta
from typing import Literal

from meshwright.charts import HttpApp, HttpRoutes, Match, Retries, Route
from meshwright.tree import Chart

IMAGE = "docker.io/istio/examples-bookinfo-reviews"


def reviews(chart: Chart) -> None:
    """Add the service and its routes inside the mesh."""
    app = HttpApp[Literal["v1", "v2", "v3"]](
        chart, "reviews", versions={version: f"{IMAGE}-{version}:1.20.3" for version in ("v1", "v2", "v3")}, port=9080
    )
    jason = Match.any().header("end-user", exact="jason")
    patience = timedelta(seconds=3)
    retries = Retries(2, per_try_timeout=timedelta(seconds=1))
    HttpRoutes(
        chart,
        "reviews-routes",
        hosts=[app],
        routes=[
            Route(name="jason", to=app.version("v2"), match=jason, timeout=patience, retries=retries),
            Route(name="everyone", to=app.version("v3"), timeout=patience, retries=retries),
        ],
    )
