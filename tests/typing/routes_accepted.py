"""Correct use of routes; both type checkers must find nothing here."""

from datetime import timedelta
from typing import Literal

from meshwright.charts import (
    Abort,
    Backend,
    Cors,
    Delay,
    DelegateRoutes,
    DirectResponse,
    Environment,
    Fault,
    GatewayApiGateway,
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
    TcpRoute,
    TcpRoutes,
    TlsRoute,
    TlsRoutes,
)
from meshwright.tree import App

chart = Environment("prod", namespace="shop").chart(App(), "shop")
cart = HttpApp[Literal["v1", "v2"]](chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=8080)
plain = HttpApp(chart, "plain", versions={"v1": "plain:1"}, port=80)
gateway = IngressGateway(chart, "gateway", hosts=["*"])
shares = {cart.version("v1"): 80, cart.version("v2"): 20}
stock = HttpApp(chart, "stock", versions={"v1": "stock:1"}, port=80)
apps = {stock: 80, plain: 20}
team = DelegateRoutes(chart, "team", routes=[Route(to=shares)])
routes = [
    Route(redirect=Redirect(uri="/new", code=308), match=Match.exact("/old")),
    Route(redirect=Redirect(scheme="https", port="FROM_PROTOCOL_DEFAULT"), name="tls"),
    Route(direct_response=DirectResponse(503, "closed"), cors=Cors(allow_origins=["*"])),
    Route(delegate=team, match=Match.prefix("/team"), timeout=timedelta(seconds=3)),
    Route(to=apps, rewrite=Rewrite(uri="/"), mirror=[Mirror(cart), Mirror(plain, 12.5)]),
    Route(to={cart: 80, plain: 15, Backend("a.example.com", 80): 5}),
    Route(to=plain, rewrite=Rewrite(regex="a", replacement="b"), retries=Retries(3, on=["5xx", 409])),
    Route(to=Backend("a.example.com", 80), fault=Fault(delay=Delay(timedelta(seconds=1)), abort=Abort(500))),
    Route(to=cart, fault=Fault(abort=Abort(grpc_status="OK", percent=0.5))),
    Route(to=cart, request_headers=HeaderChanges(set={"a": "b"}), match=[Match.any().source(cart).through(gateway)]),
]
HttpRoutes(chart, "routes", hosts=[cart, "a.example.com"], routes=routes, gateways=[gateway], mesh=True)
twin = GatewayApiGateway(chart, "twin", hosts=["*"])
HttpRoutes(chart, "twin-routes", hosts=["*"], routes=routes, gateways=[twin], api="gateway").http_route.to_json()
TcpRoutes(chart, "tcp", hosts=["*"], routes=[TcpRoute(to=shares, port=5432, source=cart)], gateways=[gateway])
TlsRoutes(chart, "tls", hosts=["a.example.com"], routes=[TlsRoute(to=plain, sni_hosts=["a.example.com"])])
