"""Jason gets reviews v2, everyone else v3."""

from meshwright.charts import HttpRoutes, Match, Route
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import Bookinfo


def program(chart: Chart, bookinfo: Bookinfo) -> None:
    reviews, jason = bookinfo.reviews, Match.any().header("end-user", exact="jason")
    routes = [Route(to=reviews.subset("v2"), match=jason), Route(to=reviews.subset("v3"))]
    HttpRoutes(chart, "reviews", hosts=[reviews], routes=routes)
