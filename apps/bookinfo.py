"""Istio's Bookinfo: four services, testers who see other versions, and ratings that move to a database outside."""

from datetime import timedelta
from typing import Any

from meshwright.charts import (
    Abort,
    Canary,
    Delay,
    Environment,
    ExternalService,
    Fault,
    FromSecret,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    Match,
    Route,
    Version,
)
from meshwright.tree import App, Chart, JsonPatch

IMAGES = "docker.io/istio/examples-bookinfo"
TAG = "1.20.3"
PORT = 9080


def bookinfo(app: App, environment: Environment, *, id: str = "bookinfo", faults: bool = False) -> Chart:
    """Return the chart of Bookinfo; with ``faults``, ratings are slow or fail now and then."""
    chart = environment.chart(app, id)
    productpage = service(chart, "productpage", "v1")
    service(chart, "details", "v1")
    reviews = service(chart, "reviews", "v1", "v2", "v3")
    ratings(chart, environment, faults)

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


def service(chart: Chart, name: str, *versions: str, **others: Version) -> HttpApp[Any]:
    """Return one of the services, with versions by their images and ``others`` that need more than that."""
    plain = {version: image(name, version) for version in versions}
    return HttpApp(chart, name, versions={**plain, **others}, port=PORT)


def image(name: str, version: str) -> str:
    """Return the image of a version of a service."""
    return f"{IMAGES}-{name}-{version}:{TAG}"


def ratings(chart: Chart, environment: Environment, faults: bool) -> None:
    """Add the ratings: v1 keeps them itself, v2 in a database outside of the cluster; a fifth of the calls see v2."""
    database = ExternalService(
        chart, "ratings-database", host=environment.host("ratings-database"), port=3306, protocol="MYSQL"
    )
    # Bytes carry no host name: were it seen elsewhere, sidecars there could not tell it from another database.
    database.service_entry.add_json_patch(JsonPatch.add("/spec/exportTo", ["."]))
    with_database = Version(
        image("ratings", "v2"),
        environment_variables={
            "DB_TYPE": "mysql",
            "MYSQL_DB_HOST": database.host,
            "MYSQL_DB_PORT": f"{database.backend.port}",
            "MYSQL_DB_USER": FromSecret("ratings-database", "user", optional=True),
            "MYSQL_DB_PASSWORD": FromSecret("ratings-database", "password", optional=True),
        },
    )
    Canary(
        chart,
        "ratings-canary",
        name="ratings",
        of=service(chart, "ratings", "v1", v2=with_database),
        stable="v1",
        canary="v2",
        weight=20,
        fault=Fault(delay=Delay(timedelta(seconds=5), percent=10), abort=Abort(400, percent=30)) if faults else None,
    )
