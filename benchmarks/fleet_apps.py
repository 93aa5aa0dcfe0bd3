"""The apps of the bench's fleet, written with typed constructs."""

from meshwright.imports.istio.networking import (
    Destination,
    DestinationRule,
    Gateway,
    HTTPMatchRequest,
    HTTPRetry,
    HTTPRoute,
    HTTPRouteDestination,
    Port,
    Server,
    StringMatch,
    Subset,
    VirtualService,
)
from meshwright.imports.kubernetes.apps import Deployment
from meshwright.imports.kubernetes.core import (
    Container,
    ContainerPort,
    EnvVar,
    HTTPGetAction,
    PodSpec,
    PodTemplateSpec,
    Probe,
    ResourceRequirements,
    Service,
    ServicePort,
)
from meshwright.imports.kubernetes.meta import LabelSelector, ObjectMeta
from meshwright.tree import App, Chart

NAMESPACE = "fleet"


class FleetApp(Chart):
    """One app of the fleet: it runs, it is reached from outside, and a header leads to its second version."""

    def __init__(self, scope: App, name: str) -> None:
        super().__init__(scope, name)
        labels = {"app": name, "version": "v1"}
        metadata = {"name": name, "namespace": NAMESPACE, "labels": labels}
        Deployment(
            self,
            "deployment",
            metadata=metadata,
            replicas=2,
            selector=LabelSelector(match_labels=labels),
            template=PodTemplateSpec(metadata=ObjectMeta(labels=labels), spec=PodSpec(containers=[container(name)])),
        )
        Service(
            self,
            "service",
            metadata=metadata,
            type="ClusterIP",
            selector={"app": name},
            ports=[ServicePort(name="http", port=80, target_port=8080, protocol="TCP")],
        )
        Gateway(
            self,
            "gateway",
            metadata=metadata,
            selector={"istio": "ingressgateway"},
            servers=[Server(port=Port(number=80, name="http", protocol="HTTP"), hosts=[f"{name}.example.com"])],
        )
        VirtualService(
            self,
            "virtual-service",
            metadata=metadata,
            hosts=[f"{name}.example.com"],
            gateways=[name],
            http=routes(name),
        )
        DestinationRule(
            self,
            "destination-rule",
            metadata=metadata,
            host=name,
            subsets=[Subset(name=version, labels={"version": version}) for version in ("v1", "v2")],
        )


def container(name: str) -> Container:
    return Container(
        name="app",
        image=f"registry.example.com/{name}:1.4.2",
        ports=[ContainerPort(name="http", container_port=8080)],
        env=[
            EnvVar(name="APP_NAME", value=name),
            EnvVar(name="LOG_LEVEL", value="info"),
            EnvVar(name="PORT", value="8080"),
        ],
        resources=ResourceRequirements(
            requests={"cpu": "100m", "memory": "128Mi"}, limits={"cpu": "500m", "memory": "256Mi"}
        ),
        readiness_probe=Probe(
            http_get=HTTPGetAction(path="/healthz", port=8080), initial_delay_seconds=5, period_seconds=10
        ),
    )


def to(name: str, subset: str, weight: int | None = None) -> HTTPRouteDestination:
    return HTTPRouteDestination(destination=Destination(host=name, subset=subset), weight=weight)


def routes(name: str) -> list[HTTPRoute]:
    return [
        HTTPRoute(
            name="canary",
            match=[HTTPMatchRequest(headers={"x-canary": StringMatch(exact="true")})],
            route=[to(name, "v2")],
        ),
        HTTPRoute(
            name="api",
            match=[HTTPMatchRequest(uri=StringMatch(prefix="/api"))],
            timeout="5s",
            retries=HTTPRetry(attempts=3, per_try_timeout="2s", retry_on="5xx,reset"),
            route=[to(name, "v1")],
        ),
        HTTPRoute(name="default", route=[to(name, "v1", 80), to(name, "v2", 20)]),
    ]
