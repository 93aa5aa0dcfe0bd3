"""Ratings v2, which reviews v3 calls."""

from meshwright.charts import HttpRoutes, Route
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import Bookinfo


def program(chart: Chart, bookinfo: Bookinfo) -> None:
    HttpRoutes(chart, "reviews", hosts=[bookinfo.reviews], routes=[Route(to=bookinfo.reviews.subset("v3"))])
    HttpRoutes(chart, "ratings", hosts=[bookinfo.ratings], routes=[Route(to=bookinfo.ratings.subset("v2"))])
