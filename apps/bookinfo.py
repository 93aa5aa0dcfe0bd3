"""Istio's Bookinfo: four services, three versions of reviews, and a tester who sees another version."""

from meshwright.charts import Environment, HttpApp, HttpRoutes, IngressGateway, Match, Route
from meshwright.tree import App, Chart

IMAGES = "docker.io/istio/examples-bookinfo"
TAG = "1.20.3"
PORT = 9080


def bookinfo(app: App, environment: Environment) -> Chart:
    """Return the chart of Bookinfo."""
    chart = environment.chart(app, "bookinfo")

    def service(name: str, *versions: str) -> HttpApp:
        return HttpApp(
            chart, name, versions={version: f"{IMAGES}-{name}-{version}:{TAG}" for version in versions}, port=PORT
        )

    productpage = service("productpage", "v1")
    service("details", "v1")
    service("ratings", "v1")
    reviews = service("reviews", "v1", "v2", "v3")

    host = environment.host("bookinfo")
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
                    Match.exact("/login"),
                    Match.exact("/logout"),
                    Match.prefix("/api/v1/products"),
                ],
            )
        ],
    )
    HttpRoutes(
        chart,
        "reviews-routes",
        name="reviews",
        hosts=[reviews],
        routes=[
            Route(name="jason", to=reviews.version("v2"), match=Match.any().header("end-user", exact="jason")),
            Route(name="everyone", to=reviews.version("v3")),
        ],
    )
    return chart
