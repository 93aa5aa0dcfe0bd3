"""Details always fails."""

from meshwright.charts import Abort, Fault, HttpRoutes, Route, Subsets
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import service


def program(chart: Chart) -> None:
    details = Subsets(chart, "details", of=service("details"), subsets=["v1"])
    routes = [Route(to=details.subset("v1"), fault=Fault(abort=Abort(555)))]
    HttpRoutes(chart, "details-routes", name="details", hosts=[details], routes=routes)
