"""Wrong use of level 2: each line that ends with ``# refused``, and no other, must be refused."""

from datetime import timedelta
from typing import Literal

from meshwright.charts import (
    Access,
    BlueGreen,
    Canary,
    ConnectionPool,
    ConsistentHash,
    DisruptionBudget,
    ExternalPort,
    ExternalService,
    HttpApp,
    IngressGateway,
    MutualTls,
    OutlierDetection,
    Route,
    Server,
    TrafficPolicy,
)
from meshwright.tree import App, Chart

chart = Chart(App(), "prod")
cart = HttpApp[Literal["v1", "v2"]](chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=8080)
HttpApp[Literal["v1", "v2"]](chart, "app", versions={"v3": "cart:3"}, port=8080)  # refused
cart.version("v3")  # refused
Route(to={cart.version("v1"): "80", cart.version("v2"): 20})  # refused
Canary(chart, "weight", of=cart, stable="v1", canary="v2", weight="20")  # refused
Canary(chart, "version", of=cart, stable="v1", canary="v3", weight=20)  # refused
Canary(chart, "nothing", of=cart, stable="v1", canary="v2")  # refused
BlueGreen(chart, "blue-green", of=cart, live="v1", preview="green")  # refused
IngressGateway(chart, "nothing")  # refused
IngressGateway(chart, "no-host", hosts=())  # refused
IngressGateway(chart, "no-server", servers=())  # refused
IngressGateway(chart, "both", hosts=["*"], servers=[Server.http("*")])  # refused
Server.http()  # refused
Server.http(port=80)  # refused
Server.https("a.example.com")  # refused
Server("FTP", hosts=["*"], port=21)  # refused
Server("HTTP", hosts=(), port=80)  # refused
ExternalService(chart, "no-port", host="db.example.com")  # refused
ExternalPort(3306, "ORACLE")  # refused
MutualTls(chart, "mode", mode="STRIKT")  # refused
TrafficPolicy(load_balancer="FASTEST")  # refused
ConnectionPool(connect_timeout="1s")  # refused
ConnectionPool(connect_timeout=5)  # refused
OutlierDetection(interval=10)  # refused
ConsistentHash(header="x-user", source_ip=True)  # refused
ConsistentHash()  # refused
DisruptionBudget()  # refused
Access(sources=["cart"])  # refused
HttpApp(chart, "text", versions="cart:1", port=8080)  # refused
HttpApp(chart, "port", versions={"v1": "cart:1"}, port="8080")  # refused
timeout: timedelta = 5  # refused
