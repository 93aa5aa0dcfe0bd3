"""guestbook: its workload, and its host on the ingress gateway."""

from typing import Literal

from meshwright.charts import Environment, HttpApp, HttpRoutes, IngressGateway, Match, Route
from meshwright.tree import App, Chart

IMAGE = "ibmcom/guestbook:v1"
PORT = 3000


def guestbook(app: App, environment: Environment) -> Chart:
    """Return the chart of guestbook: one file of dist/, one Application of Argo CD."""
    chart = environment.chart(app, "guestbook")
    host = environment.host("guestbook")
    web = HttpApp[Literal["v1"]](chart, "web", name="guestbook", versions={"v1": IMAGE}, port=PORT)
    gateway = IngressGateway(chart, "gateway", name="guestbook-gateway", hosts=[host])
    HttpRoutes(
        chart,
        "routes",
        name="guestbook",
        hosts=[host],
        gateways=[gateway],
        routes=[Route(to=web.version("v1"), match=Match.prefix("/"))],
    )
    return chart
