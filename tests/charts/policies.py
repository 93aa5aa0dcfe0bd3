"""Policies on an app that is called, and on services that it calls; istiod's configuration is recorded for them."""

from datetime import timedelta

from meshwright.charts import (
    Access,
    AccessPolicy,
    ClientTls,
    ConnectionPool,
    ConsistentHash,
    Environment,
    ExternalPort,
    ExternalService,
    HttpApp,
    LoadBalancer,
    Locality,
    MutualTls,
    OutlierDetection,
    TrafficPolicy,
    Version,
)
from meshwright.tree import App


def program(app: App) -> None:
    chart = Environment("prod", namespace="shop").chart(app, "shop")
    web = HttpApp(chart, "web", versions={"v1": "web:1"}, port=8080)
    hashed = TrafficPolicy(
        load_balancer=LoadBalancer(consistent_hash=ConsistentHash(header="x-user", minimum_ring_size=2048)),
        connection_pool=ConnectionPool(
            max_connections=100,
            connect_timeout=timedelta(seconds=2),
            http1_max_pending_requests=10,
            http2_max_requests=20,
            max_retries=3,
            max_requests_per_connection=5,
        ),
        outlier_detection=OutlierDetection(
            consecutive_5xx_errors=7,
            interval=timedelta(seconds=5),
            base_ejection_time=timedelta(minutes=1),
            max_ejection_percent=50,
        ),
    )
    second = Version("cart:2", traffic_policy=TrafficPolicy(load_balancer="RANDOM"))
    cart = HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": second}, port=8080, traffic_policy=hashed)
    local = LoadBalancer(locality=Locality(failover={"eu-west": "eu-north"}))
    ejecting = OutlierDetection(consecutive_5xx_errors=5)
    HttpApp(
        chart,
        "stock",
        versions={"v1": "stock:1"},
        port=8080,
        traffic_policy=TrafficPolicy(load_balancer=local, outlier_detection=ejecting),
    )
    ExternalService(
        chart,
        "weather",
        host="weather.example.org",
        ports=[ExternalPort(80, "HTTP", target_port=443)],
        tls=ClientTls("SIMPLE", sni="weather.example.org"),
    )
    MutualTls(chart, "default", mode="STRICT")
    AccessPolicy(
        chart,
        "cart-access",
        of=cart,
        rules=[
            Access(sources=[web], methods=["GET"], paths=["/cart*"]),
            Access(methods=["GET"], paths=["/health"]),
            Access(paths=["/tier"], when={"request.headers[x-tier]": ["gold"]}),
        ],
    )
    AccessPolicy(chart, "no-admin", of=cart, action="DENY", rules=[Access(paths=["/cart/admin*"])])
