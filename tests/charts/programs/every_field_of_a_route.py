"""Each field of a route once, on a gateway and in the mesh."""

from datetime import timedelta

from meshwright.charts import (
    Abort,
    Cors,
    Delay,
    DelegateRoutes,
    DirectResponse,
    Environment,
    Fault,
    HeaderChanges,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    Match,
    Mirror,
    Redirect,
    Retries,
    Rewrite,
    Route,
)
from meshwright.tree import App

SHOP = Environment("demo", namespace="shop", host_suffix="example.com")


def program(app: App) -> None:
    chart = SHOP.chart(app, "shop")
    cart = HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=8080)
    stock = HttpApp(chart, "stock", versions={"v1": "stock:1"}, port=8080)
    page = HttpApp(chart, "page", versions={"v1": "page:1"}, port=8080)
    gateway = IngressGateway(chart, "gateway", hosts=["*.example.com"])
    team = DelegateRoutes(
        chart,
        "team",
        routes=[
            Route(name="new", to=cart.version("v2"), match=Match.prefix("/team/new")),
            Route(name="rest", to=stock),
        ],
    )
    HttpRoutes(
        chart,
        "outside",
        hosts=[SHOP.host("shop")],
        gateways=[gateway],
        routes=[
            Route(redirect=Redirect(uri="/new", code=302), match=Match.exact("/old")),
            Route(
                redirect=Redirect(scheme="https", authority="other.example.com", port=8443),
                match=Match.below("/secure"),
            ),
            Route(redirect=Redirect(prefix_rewrite="/kept", code=307), match=Match.prefix("/moved")),
            Route(direct_response=DirectResponse(503, "closed"), match=Match.exact("/closed")),
            Route(delegate=team, match=Match.prefix("/team")),
            Route(to=cart, match=Match.prefix("/prefix"), rewrite=Rewrite(uri="/p", authority="cart.internal")),
            Route(to=cart, match=Match.below("/api"), rewrite=Rewrite(uri="/")),
            Route(to=cart, match=Match.below("/v1"), rewrite=Rewrite(uri="/v2")),
            Route(to=cart, match=Match.exact("/exact"), rewrite=Rewrite(uri="/whole")),
            Route(
                to=cart,
                match=Match.regex("/items/[0-9]+"),
                rewrite=Rewrite(regex="^/items/([0-9]+)$", replacement=r"/item?id=\1"),
            ),
            Route(
                to=cart,
                match=Match.exact("/times"),
                timeout=timedelta(seconds=3),
                retries=Retries(3, per_try_timeout=timedelta(milliseconds=500), on=["5xx", 409]),
            ),
            Route(to=cart, match=Match.exact("/once"), retries=Retries(0)),
            Route(to=cart, match=Match.exact("/abort"), fault=Fault(abort=Abort(418))),
            Route(to=cart, match=Match.exact("/grpc"), fault=Fault(abort=Abort(grpc_status="UNAVAILABLE"))),
            Route(to=cart, match=Match.exact("/some"), fault=Fault(abort=Abort(400, percent=30))),
            Route(to=cart, match=Match.exact("/slow"), fault=Fault(delay=Delay(timedelta(milliseconds=300)))),
            Route(to=cart, match=Match.exact("/mirror"), mirror=[Mirror(stock), Mirror(page, percent=12.5)]),
            Route(
                to=cart,
                match=Match.exact("/cors"),
                cors=Cors(allow_origins=["https://a.example.com"], allow_methods=["GET"], max_age=timedelta(minutes=5)),
            ),
            Route(
                to=cart,
                match=Match.exact("/headers"),
                request_headers=HeaderChanges(set={"x-env": "demo"}, remove=["x-secret"]),
                response_headers=HeaderChanges(add={"x-served": "cart"}),
            ),
            Route(to={cart.version("v1"): 80, cart.version("v2"): 20}, match=Match.exact("/split")),
            Route(to=cart.version("v2"), match=Match.prefix("/CASE", ignore_case=True)),
            Route(
                to=cart.version("v2"),
                match=[
                    Match.exact("/match").method("POST"),
                    Match.exact("/match").header("end-user", exact="jason"),
                    Match.exact("/match").header("x-debug"),
                    Match.exact("/match").cookie("group", "beta"),
                    Match.exact("/match").query("beta", exact="yes"),
                    Match.exact("/match/without").without_header("x-old"),
                    Match.exact("/match/authority").authority(prefix="shop."),
                    Match.exact("/match/scheme").scheme("https"),
                ],
            ),
            Route(to=stock, match=Match.prefix("/match")),
        ],
    )
    HttpRoutes(
        chart,
        "inside",
        hosts=[SHOP.host("cart"), cart],
        gateways=[gateway],
        mesh=True,
        routes=[
            Route(to=cart.version("v2"), match=Match.any().source(page)),
            Route(to=stock, match=Match.any().through(gateway)),
            Route(to=stock, match=Match.exact("/port").port(8080)),
            Route(to=cart.version("v1")),
        ],
    )
