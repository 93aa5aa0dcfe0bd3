"""The way in for challenges of certificate authorities."""

from meshwright.charts import Backend, HttpRoutes, IngressGateway, Match, Route
from meshwright.tree import Chart

NAMESPACE = "istio-system"


def program(chart: Chart) -> None:
    resolver = Backend("cert-manager-resolver.istio-system.svc.cluster.local", 8089, elsewhere=True)
    gateway = IngressGateway(chart, "cert-manager-gateway", hosts=["*"])
    routes = [Route(to=resolver, match=Match.prefix("/.well-known/acme-challenge/"))]
    HttpRoutes(chart, "cert-manager", hosts=["*"], gateways=[gateway], routes=routes)
