"""Routes that both APIs can say, by the Gateway API; ``gateway_api_model`` says the same by Istio's own."""

from datetime import timedelta
from typing import Literal

from meshwright.charts import (
    Cors,
    Environment,
    GatewayApiGateway,
    HeaderChanges,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    Match,
    Mirror,
    Redirect,
    Rewrite,
    Route,
)
from meshwright.traffic import Proxy
from meshwright.tree import App

SHOP = Environment("demo", namespace="shop", host_suffix="example.com")
EDGE = Environment("demo", namespace="edge", host_suffix="example.com")
GATEWAY = Proxy("router", "edge", (("gateway.networking.k8s.io/gateway-name", "gateway"),), ("192.0.2.1",))
AROUND = """
apiVersion: v1
kind: Service
metadata: {name: gateway-istio, namespace: edge}
spec:
  clusterIP: 10.0.0.1
  selector: {gateway.networking.k8s.io/gateway-name: gateway}
  ports: [{name: http, port: 80}]
---
apiVersion: v1
kind: Pod
metadata: {name: gateway-istio-1, namespace: edge, labels: {gateway.networking.k8s.io/gateway-name: gateway}}
spec: {containers: [{name: istio-proxy, image: auto}]}
status: {podIP: 192.0.2.1, phase: Running, conditions: [{type: Ready, status: "True"}]}
"""


def program(app: App, api: Literal["istio", "gateway"] = "gateway") -> None:
    edge, shop = EDGE.chart(app, "edge"), SHOP.chart(app, "shop")
    hosts = ["*.example.com"]
    gateway = (
        GatewayApiGateway(edge, "gateway", hosts=hosts)
        if api == "gateway"
        else IngressGateway(edge, "gateway", hosts=hosts, selector=dict(GATEWAY.labels))
    )
    cart, stock, canary = (
        HttpApp(shop, name, versions={"v1": f"{name}:1"}, port=8080) for name in ("cart", "stock", "new")
    )
    HttpRoutes(
        shop,
        "outside",
        hosts=[SHOP.host("shop")],
        gateways=[gateway],
        api=api,
        routes=[
            Route(to=cart, match=Match.exact("/exact"), rewrite=Rewrite(uri="/whole", authority="cart.internal")),
            Route(redirect=Redirect(uri="/new", code=302), match=Match.exact("/old")),
            Route(redirect=Redirect(scheme="https", authority="other.example.com"), match=Match.below("/secure")),
            Route(to=cart, match=Match.exact("/times"), timeout=timedelta(milliseconds=1500)),
            Route(to=cart, match=Match.exact("/mirror"), mirror=[Mirror(stock, percent=12.5)]),
            Route(
                to=cart,
                match=Match.exact("/headers"),
                request_headers=HeaderChanges(set={"x-env": "demo"}, remove=["x-secret"]),
                response_headers=HeaderChanges(add={"x-served": "cart"}),
            ),
            Route(
                to=cart,
                match=Match.exact("/cors"),
                cors=Cors(allow_origins=["https://a.example.com"], allow_methods=["GET"], max_age=timedelta(minutes=5)),
            ),
            Route(to={cart: 80, canary: 20}, match=Match.exact("/split")),
            Route(
                to=canary,
                match=[
                    Match.exact("/match").method("POST"),
                    Match.exact("/match").header("end-user", exact="jason"),
                    Match.exact("/match").query("beta", exact="yes"),
                ],
            ),
            Route(to=stock, match=Match.exact("/match")),
            Route(to=cart, match=Match.below("/api"), rewrite=Rewrite(uri="/")),
        ],
    )
    HttpRoutes(
        shop,
        "inside",
        hosts=[cart],
        api=api,
        routes=[Route(to=stock, match=Match.below("/stock")), Route(to=cart)],
    )
