"""The guestbook: its workload by cdk8s-plus, its traffic by ours, open to every host in production."""

import cdk8s_plus_27 as kplus

from meshwright.charts import Environment, HttpRoutes, IngressGateway, Match, Route, Versions
from meshwright.tree import App, Chart

IMAGES = "ibmcom/guestbook"
PORT = 3000


def guestbook(app: App, environment: Environment, versions: Versions) -> Chart:
    """Return the chart of the guestbook; in production it takes every host that no other app takes."""
    hosts = environment.choose([environment.host("guestbook")], {"prod": ["*"]})
    image = versions.image("guestbook", environment, IMAGES)
    chart = environment.chart(app, "guestbook")
    deployment = kplus.Deployment(
        chart.cdk8s,
        "deployment",
        metadata={"name": "guestbook"},
        pod_metadata={"labels": {"app": "guestbook", "version": "v1"}},
        replicas=environment.choose(1, {"prod": 2}),
        containers=[kplus.ContainerProps(name="guestbook", image=image, ports=[{"name": "http", "number": PORT}])],
    )
    service = deployment.expose_via_service(name="guestbook", ports=[kplus.ServicePort(name="http", port=PORT)])

    gateway = IngressGateway(chart, "guestbook-gateway", hosts=hosts)
    HttpRoutes(
        chart,
        "guestbook",
        hosts=hosts,
        gateways=[gateway],
        routes=[Route(to=service, match=[Match.prefix("/"), Match.prefix("/guestbook")])],
    )
    return chart
