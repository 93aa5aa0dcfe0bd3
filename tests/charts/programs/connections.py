"""TLS passed through by server name, and TCP by port, on a gateway and in the mesh."""

from meshwright.charts import Backend, Environment, IngressGateway, Server, TcpRoute, TcpRoutes, TlsRoute, TlsRoutes
from meshwright.tree import App

SHOP = Environment("demo", namespace="shop", host_suffix="example.com")
AROUND = """
apiVersion: v1
kind: Service
metadata: {name: vault, namespace: shop}
spec: {clusterIP: 10.0.0.1, ports: [{name: tls, port: 8200}]}
---
apiVersion: v1
kind: Service
metadata: {name: login, namespace: shop}
spec: {clusterIP: 10.0.0.2, ports: [{name: tls, port: 8443}]}
---
apiVersion: v1
kind: Service
metadata: {name: blue, namespace: shop}
spec: {clusterIP: 10.0.0.3, ports: [{name: tcp, port: 5432}]}
---
apiVersion: v1
kind: Service
metadata: {name: green, namespace: shop}
spec: {clusterIP: 10.0.0.4, ports: [{name: tcp, port: 5432}]}
"""


def program(app: App) -> None:
    chart = SHOP.chart(app, "shop")
    vault, login = (Backend(SHOP.service_host(name), port) for name, port in (("vault", 8200), ("login", 8443)))
    blue, green = (Backend(SHOP.service_host(name), 5432) for name in ("blue", "green"))
    gateway = IngressGateway(
        chart, "gateway", servers=[Server.tls_passthrough("*.example.com"), Server.tcp("*", port=5432)]
    )
    TlsRoutes(
        chart,
        "security",
        hosts=["vault.example.com", "login.example.com"],
        gateways=[gateway],
        routes=[
            TlsRoute(to=vault, sni_hosts=["vault.example.com"]),
            TlsRoute(to=login, sni_hosts=["login.example.com"]),
        ],
    )
    TcpRoutes(
        chart, "database", hosts=["*"], gateways=[gateway], routes=[TcpRoute(to={blue: 90, green: 10}, port=5432)]
    )
    TcpRoutes(chart, "inside", hosts=[blue], routes=[TcpRoute(to=green, port=5432)])
