"""A shop that changes from commit to commit while it is asked: the tests edit the values that stand first."""

from meshwright.charts import (
    Abort,
    ArgoApplication,
    ArgoSync,
    Canary,
    Environment,
    ExternalService,
    Fault,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    Match,
    Route,
    Server,
    ServerTls,
)
from meshwright.tree import App

REPOSITORY = "https://example.com/shop.git"
WEB_VERSIONS = ("v1", "v2")
WEB_TO = "v1"
CANARY_WEIGHT = 0
REPORTS_IN = ("web",)  # which VirtualServices route /reports
GATEWAYS = ("shop",)
ROUTES_USE = ("shop",)

app = App()
live = Environment("live", cluster="in-cluster", namespace="shop", host_suffix="shop.example.com")
chart = live.chart(app, "shop")
image = "registry.example.com/shop"

gateways = {name: IngressGateway(chart, name, hosts=["*.shop.example.com"]) for name in GATEWAYS}
used = [gateways[name] for name in ROUTES_USE]

web = HttpApp(chart, "web", versions={v: f"{image}-web:{v}" for v in WEB_VERSIONS}, port=8080)
reports = HttpApp(chart, "reports", versions={"v1": f"{image}-reports:v1"}, port=8080)
to_reports = Route(name="reports", to=reports, match=Match.prefix("/reports/"))
rest = Route(name="rest", to=web.version(WEB_TO))
www = live.host("www")
HttpRoutes(
    chart,
    "web-routes",
    hosts=[www],
    gateways=used,
    routes=[to_reports, rest] if "web" in REPORTS_IN else [rest],
)
if "reports" in REPORTS_IN:
    HttpRoutes(chart, "reports-routes", hosts=[www], gateways=used, routes=[to_reports])

cart = HttpApp(chart, "cart", versions={"v1": f"{image}-cart:v1", "v2": f"{image}-cart:v2"}, port=8080)
Canary(
    chart,
    "cart-canary",
    of=cart,
    stable="v1",
    canary="v2",
    weight=CANARY_WEIGHT,
    hosts=[live.host("cart")],
    gateways=used,
)

secure = IngressGateway(
    chart,
    "secure",
    servers=[
        Server.http("secure.example.com", https_redirect=True),
        Server.https("secure.example.com", tls=ServerTls("secure-certificate")),
    ],
)
HttpRoutes(chart, "secure-routes", hosts=["secure.example.com"], gateways=[secure], routes=[Route(to=reports)])

partner = ExternalService(
    chart, "partner", host="api.partner.example", port=8080, protocol="HTTP", endpoints=["10.1.0.9"]
)
outside = IngressGateway(chart, "outside", hosts=["partner.example.com"])
HttpRoutes(chart, "partner-routes", hosts=["partner.example.com"], gateways=[outside], routes=[Route(to=partner)])

broken = IngressGateway(chart, "broken", hosts=["broken.example.com"])
HttpRoutes(
    chart,
    "broken-routes",
    hosts=["broken.example.com"],
    gateways=[broken],
    routes=[Route(to=reports, fault=Fault(abort=Abort(418, percent=100)))],
)

argo = Environment("argocd", cluster="in-cluster", namespace="argocd").chart(app, "applications")
ArgoApplication(argo, "shop", chart=chart, repository=REPOSITORY, sync=ArgoSync(create_namespace=True))
app.synth()
