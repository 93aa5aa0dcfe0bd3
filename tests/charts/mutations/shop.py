"""A shop: the program that the mutations spoil, each in one place."""

from datetime import timedelta

from meshwright.charts import (
    Abort,
    Access,
    AccessPolicy,
    ArgoApplication,
    Autoscaling,
    Backend,
    BlueGreen,
    Canary,
    ClientTls,
    ConnectionPool,
    ConsistentHash,
    Delay,
    DirectResponse,
    DisruptionBudget,
    EgressGateway,
    Environment,
    ExternalPort,
    ExternalService,
    Fault,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    JwtRule,
    LoadBalancer,
    Locality,
    Match,
    Mirror,
    MutualTls,
    OutlierDetection,
    Probe,
    Redirect,
    RequestAuthentication,
    Resources,
    Retries,
    Route,
    Server,
    ServerTls,  # noqa: F401 - a mutation uses it
    Sidecar,
    Step,
    Subset,
    Subsets,
    TrafficPolicy,
    Version,
)
from meshwright.tree import App


def shop(app: App, environment: Environment) -> None:
    """Add the chart of the shop."""
    chart = environment.chart(app, "shop")
    cart = HttpApp(
        chart,
        "cart",
        versions={
            "v1": "cart:1",
            "v2": Version("cart:2", replicas=2),
        },
        port=8080,
        service_port=80,
        replicas=1,
        readiness=Probe("/ready", period=timedelta(seconds=5)),
        resources=Resources(cpu="100m", memory="128Mi"),
        disruption_budget=DisruptionBudget(min_available=1),
        traffic_policy=TrafficPolicy(
            load_balancer=LoadBalancer(consistent_hash=ConsistentHash(header="x-user")),
            connection_pool=ConnectionPool(connect_timeout=timedelta(seconds=1), max_connections=100),
            outlier_detection=OutlierDetection(interval=timedelta(seconds=5), max_ejection_percent=50),
            ports={80: TrafficPolicy(load_balancer="RANDOM")},
        ),
    )
    web = HttpApp(
        chart,
        "web",
        versions={"blue": "web:1", "green": "web:2"},
        port=8000,
        resources=Resources(cpu="100m"),
        autoscaling=Autoscaling(min_replicas=1, max_replicas=4),
    )
    gateway = IngressGateway(
        chart,
        "gateway",
        servers=[
            Server.http("*.example.com", https_redirect=True),
            Server.https("*.example.com", tls="shop-tls"),
            Server.tcp("*", port=5432),
        ],
    )
    inside = IngressGateway(chart, "inside", hosts=["inside.example.com"], port=8080)
    Canary(
        chart,
        "cart-canary",
        of=cart,
        stable="v1",
        canary="v2",
        steps=[
            Step.header("x-canary"),
            Step.share(5),
            Step.share(50),
        ],
        at=2,
    )
    BlueGreen(chart, "web-release", of=web, live="blue", preview="green")
    HttpRoutes(
        chart,
        "public",
        hosts=[environment.host("www")],
        gateways=[gateway],
        routes=[
            Route(
                name="cart",
                match=Match.prefix("/cart"),
                to={cart.version("v1"): 80, cart.version("v2"): 20},
                timeout=timedelta(seconds=10),
                retries=Retries(2, per_try_timeout=timedelta(seconds=2)),
                fault=Fault(delay=Delay(timedelta(seconds=5), percent=10), abort=Abort(503, percent=1)),
                mirror=Mirror(web, percent=5),
            ),
            Route(name="old", match=Match.exact("/old"), redirect=Redirect(uri="/new")),
            Route(name="health", match=Match.exact("/health"), direct_response=DirectResponse(200)),
            Route(name="rest", to=web),
        ],
    )
    HttpRoutes(chart, "admin", hosts=["inside.example.com"], gateways=[inside], routes=[Route(to=web)])
    database = ExternalService(chart, "database", host="db.example.com", port=3306, protocol="MYSQL")
    api = ExternalService(
        chart,
        "api",
        host="api.example.org",
        ports=[ExternalPort(80, "HTTP", target_port=443)],
        tls=ClientTls("SIMPLE"),
    )
    EgressGateway(chart, "egress", to=[api])
    Subsets(
        chart,
        "reviews",
        of="reviews.other.svc.cluster.local",
        subsets=["v1", Subset("v2", labels={"version": "v2"})],
        traffic_policy=TrafficPolicy(load_balancer=LoadBalancer(locality=Locality(distribute={"eu/*": {"eu/*": 100}}))),
    )
    HttpRoutes(
        chart,
        "reviews-routes",
        hosts=["reviews.other.svc.cluster.local"],
        routes=[Route(to=Backend("reviews.other.svc.cluster.local", 80, "v1", elsewhere=True))],
    )
    MutualTls(chart, "strict", mode="STRICT")
    AccessPolicy(
        chart,
        "cart-access",
        of=cart,
        rules=[
            Access(sources=[web], methods=["GET", "POST"], paths=["/cart*"], ports=[8080]),
        ],
    )
    RequestAuthentication(
        chart,
        "users",
        of=web,
        rules=[JwtRule("https://id.example.com", jwks_uri="https://id.example.com/keys", timeout=timedelta(seconds=3))],
    )
    Sidecar(chart, "web-scope", of=web, to=[cart, database, api], outbound="REGISTRY_ONLY")
    ArgoApplication(chart, "sync", chart=chart, repository="https://git.example.com/shop.git")
