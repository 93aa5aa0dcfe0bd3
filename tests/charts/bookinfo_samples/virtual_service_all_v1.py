"""Everyone gets version 1 of everything."""

from meshwright.charts import HttpRoutes, Route
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import Bookinfo


def program(chart: Chart, bookinfo: Bookinfo) -> None:
    for app in (bookinfo.productpage, bookinfo.reviews, bookinfo.ratings, bookinfo.details):
        HttpRoutes(chart, app.node.id, hosts=[app], routes=[Route(to=app.subset("v1"))])
