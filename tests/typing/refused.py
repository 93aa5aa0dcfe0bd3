"""Wrong use of typed constructs: each line that ends with ``# refused``, and no other, must be refused."""

from meshwright.imports.argocd import Application, ApplicationDestination
from meshwright.imports.istio.networking import (
    CorsPolicy,
    Destination,
    Gateway,
    HTTPMatchRequest,
    HTTPRoute,
    HTTPRouteDestination,
    StringMatch,
    VirtualService,
)
from meshwright.imports.kubernetes.core import Container, Service
from meshwright.tree import App, Chart

chart = Chart(App(), "prod")
VirtualService(chart, "wrong-field", host=["reviews"])  # refused
VirtualService(chart, "wrong-type", hosts="reviews")  # refused
VirtualService(chart, "status-is-not-ours", status={})  # refused
VirtualService("prod")  # refused
Destination(hots="reviews", host="reviews")  # refused
Destination(subset="v1")  # refused
Destination(host=3)  # refused
HTTPRouteDestination(destination=Destination(host="reviews"), weight="80")  # refused
HTTPRouteDestination(weight=80)  # refused
CorsPolicy(unmatched_preflights="FORWRD")  # refused
HTTPRoute(match=[HTTPMatchRequest(uri="/v2")])  # refused
HTTPRoute(match=[StringMatch(exact="/v2")])  # refused
HTTPRoute(perTryTimeout="2s")  # refused
Gateway(chart, "wrong-item", servers=[{"hosts": ["a"], "port": {"number": "80"}}])  # refused
Service(chart, "wrong-enum", type="ClusterIp")  # refused
Container(image="reviews:1")  # refused
Application(chart, "missing", destination=ApplicationDestination(namespace="shop"))  # refused
