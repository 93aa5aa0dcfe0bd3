"""A fifth of the requests goes to reviews v2."""

from meshwright.charts import HttpRoutes, Route
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import Bookinfo


def program(chart: Chart, bookinfo: Bookinfo) -> None:
    reviews = bookinfo.reviews
    shares = {reviews.subset("v1"): 80, reviews.subset("v2"): 20}
    HttpRoutes(chart, "reviews", hosts=[reviews], routes=[Route(to=shares)])
