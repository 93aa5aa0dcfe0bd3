"""Everyone gets details v2."""

from meshwright.charts import HttpRoutes, Route
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import Bookinfo


def program(chart: Chart, bookinfo: Bookinfo) -> None:
    HttpRoutes(chart, "details", hosts=[bookinfo.details], routes=[Route(to=bookinfo.details.subset("v2"))])
