"""Ratings fail for Jason."""

from meshwright.charts import Abort, Fault, HttpRoutes, Match, Route
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import Bookinfo


def program(chart: Chart, bookinfo: Bookinfo) -> None:
    ratings, jason = bookinfo.ratings, Match.any().header("end-user", exact="jason")
    v1 = ratings.subset("v1")
    routes = [Route(to=v1, match=jason, fault=Fault(abort=Abort(500))), Route(to=v1)]
    HttpRoutes(chart, "ratings", hosts=[ratings], routes=routes)
