"""Correct use of level 2; both type checkers must find nothing here."""

from datetime import timedelta
from typing import Any, Literal

from meshwright.charts import (
    Access,
    AccessPolicy,
    BlueGreen,
    Canary,
    ClientTls,
    ConnectionPool,
    EgressGateway,
    Environment,
    ExternalPort,
    ExternalService,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    Match,
    MutualTls,
    Probe,
    Route,
    Server,
    Sidecar,
    Step,
    Subset,
    Subsets,
    TrafficPolicy,
    Version,
)
from meshwright.tree import App

production = Environment("prod", namespace="shop")
chart = production.chart(App(), "shop")
cart = HttpApp[Literal["v1", "v2"]](
    chart,
    "cart",
    versions={"v1": "cart:1", "v2": Version("cart:2", replicas=2)},
    port=8080,
    readiness=Probe("/ready", period=timedelta(seconds=5)),
    traffic_policy=TrafficPolicy(
        load_balancer="RANDOM", connection_pool=ConnectionPool(connect_timeout=timedelta(seconds=1))
    ),
)
reviews: HttpApp[Literal["blue", "green"]] = HttpApp(
    chart, "reviews", versions={"blue": "r:1", "green": "r:2"}, port=80
)
plain = HttpApp(chart, "plain", versions={"v1": "plain:1"}, port=80)
HttpRoutes(chart, "cart-routes", hosts=["cart.example.com"], routes=[Route(to={cart.version("v1"): 100})])
Canary(chart, "canary", of=cart, stable="v1", canary="v2", weight=20, testers=Match.any().header("x-canary"))
Canary(chart, "steps", of=plain, stable="v1", canary="v2", steps=[Step.header("x"), Step.share(5)], at=1)
BlueGreen(chart, "blue-green", of=reviews, live="blue", preview="green")
plain.version("v7")
IngressGateway(chart, "list", hosts=["*"])
IngressGateway(chart, "tuple", hosts=("a.example.com", "b.example.com"), port=8080)
IngressGateway(chart, "servers", servers=[Server.http("*", https_redirect=True), Server.https("a", "b", tls="tls")])
Server("TCP", hosts=["*"], port=5432)
api = ExternalService(chart, "api", host="api.example.com", port=80, protocol="HTTP", tls=ClientTls())
ExternalService(chart, "both", host="b.example.com", ports=[ExternalPort(443, "TLS"), ExternalPort(80, "HTTP")])
EgressGateway(chart, "egress", to=[api])
Subsets(chart, "subsets", of=plain, subsets=["v1", Subset("v2", labels={"release": "two"})])
Subsets(chart, "by-name", of="reviews.other.svc.cluster.local", port=80, subsets=["v1"])
Sidecar(chart, "sidecar", of=plain, to=[cart, api])
MutualTls(chart, "strict", of=cart, ports={8080: "PERMISSIVE"})


def callers_of(app: HttpApp[Any], *callers: HttpApp[Any]) -> AccessPolicy:
    return AccessPolicy(chart, f"{app.name}-access", of=app, rules=[Access(sources=callers, methods=["GET"])])


callers_of(plain, cart, reviews)
