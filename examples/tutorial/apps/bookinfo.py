"""Bookinfo: the product page behind the gateway, and the services that it calls."""

from apps.database import database
from apps.ratings import ratings
from apps.reviews import reviews
from meshwright.charts import Environment, HttpApp, HttpRoutes, IngressGateway, Match, Route
from meshwright.tree import App, Chart

IMAGES = "docker.io/istio/examples-bookinfo"


def bookinfo(app: App, environment: Environment) -> Chart:
    """Return the chart of Bookinfo."""
    chart = environment.chart(app, "bookinfo")
    host = environment.host("bookinfo")
    productpage = HttpApp(chart, "productpage", versions={"v1": f"{IMAGES}-productpage-v1:1.20.3"}, port=9080)
    HttpApp(chart, "details", versions={"v1": f"{IMAGES}-details-v1:1.20.3"}, port=9080)
    database(chart, environment)
    ratings(chart)
    reviews(chart)
    gateway = IngressGateway(chart, "bookinfo-gateway", hosts=[host])
    HttpRoutes(
        chart,
        "bookinfo",
        hosts=[host],
        gateways=[gateway],
        routes=[
            Route(
                to=productpage,
                match=[
                    Match.exact("/productpage"),
                    Match.prefix("/static"),
                    Match.prefix("/api"),
                ],
            )
        ],
    )
    return chart
