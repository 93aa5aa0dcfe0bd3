"""Half of the requests go to reviews v3."""

from meshwright.charts import HttpRoutes, Route
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import Bookinfo


def program(chart: Chart, bookinfo: Bookinfo) -> None:
    reviews = bookinfo.reviews
    shares = {reviews.subset("v1"): 50, reviews.subset("v3"): 50}
    HttpRoutes(chart, "reviews", hosts=[reviews], routes=[Route(to=shares)])
