"""The guestbook: its workload by cdk8s-plus, its traffic by ours, open to every host of the ingress gateway."""

import cdk8s_plus_27 as kplus

from meshwright.charts import Environment, HttpRoutes, IngressGateway, Match, Route
from meshwright.tree import App, Chart

IMAGE = "ibmcom/guestbook:v1"
PORT = 3000


def guestbook(app: App, environment: Environment) -> Chart:
    """Return the chart of the guestbook."""
    chart = environment.chart(app, "guestbook")
    deployment = kplus.Deployment(
        chart.cdk8s,
        "deployment",
        metadata={"name": "guestbook"},
        pod_metadata={"labels": {"app": "guestbook", "version": "v1"}},
        replicas=1,
        containers=[kplus.ContainerProps(name="guestbook", image=IMAGE, ports=[{"name": "http", "number": PORT}])],
    )
    service = deployment.expose_via_service(name="guestbook", ports=[kplus.ServicePort(name="http", port=PORT)])

    gateway = IngressGateway(chart, "guestbook-gateway", hosts=["*"])
    HttpRoutes(
        chart,
        "guestbook",
        hosts=["*"],
        gateways=[gateway],
        routes=[Route(to=service, match=[Match.prefix("/"), Match.prefix("/guestbook")])],
    )
    return chart
