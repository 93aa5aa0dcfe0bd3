"""The gateway for every host, and the paths of the product page."""

from meshwright.charts import HttpRoutes, IngressGateway, Match, Route
from meshwright.tree import Chart
from tests.charts.bookinfo_samples.bookinfo import Bookinfo


def program(chart: Chart, bookinfo: Bookinfo) -> None:
    gateway = IngressGateway(chart, "bookinfo-gateway", hosts=["*"], port=8080)
    exact = [Match.exact(path) for path in ("/productpage", "/login", "/logout")]
    match = [exact[0], Match.prefix("/static"), *exact[1:], Match.prefix("/api/v1/products")]
    routes = [Route(to=bookinfo.productpage, match=match)]
    HttpRoutes(chart, "bookinfo", hosts=["*"], gateways=[gateway], routes=routes)
