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
    Versions,
)
from meshwright.tree import App, Chart, JsonPatch

IMAGES = "docker.io/istio/examples-bookinfo"
PORT = 9080
DRILL = Fault(delay=Delay(timedelta(seconds=5), percent=10), abort=Abort(400, percent=30))


def bookinfo(app: App, environment: Environment, versions: Versions) -> Chart:
    """Return the chart of Bookinfo; where the environment takes faults, ratings are slow or fail now and then."""
    chart = environment.chart(app, "bookinfo")
    services = Services(chart, environment, versions)
    productpage = services.add("productpage", "v1")
    services.add("details", "v1")
    reviews = services.add("reviews", "v1", "v2", "v3")
    ratings(chart, environment, services)

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


class Services:
    """The services of one Bookinfo, all of one release.

    Args:
        chart: Their chart.
        environment: Where they run.
        versions: The release of ``bookinfo`` in each environment.
    """

    def __init__(self, chart: Chart, environment: Environment, versions: Versions) -> None:
        self._chart = chart
        self._environment = environment
        self._versions = versions

    def add(self, name: str, *versions: str, **others: Version) -> HttpApp[Any]:
        """Add one of the services, with versions by their images and ``others`` that need more than that."""
        plain = {version: self.image(name, version) for version in versions}
        replicas = self._environment.choose(1, {"prod": 2})
        return HttpApp(self._chart, name, versions={**plain, **others}, port=PORT, replicas=replicas)

    def image(self, name: str, version: str) -> str:
        """Return the image of a version of a service."""
        return self._versions.image("bookinfo", self._environment, f"{IMAGES}-{name}-{version}")


def ratings(chart: Chart, environment: Environment, services: Services) -> None:
    """Add the ratings: v1 keeps them itself, v2 in a database outside of the cluster; a fifth of the calls see v2."""
    database = ExternalService(
        chart, "ratings-database", host=environment.host("ratings-database"), port=3306, protocol="MYSQL"
    )
    # Bytes carry no host name: were it seen elsewhere, sidecars there could not tell it from another database.
    database.service_entry.add_json_patch(JsonPatch.add("/spec/exportTo", ["."]))
    with_database = Version(
        services.image("ratings", "v2"),
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
        of=services.add("ratings", "v1", v2=with_database),
        stable="v1",
        canary="v2",
        weight=20,
        fault=DRILL if environment.faults else None,
    )
