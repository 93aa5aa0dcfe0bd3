"""Correct use of typed constructs; both type checkers must find nothing here."""

from meshwright.imports.argocd import Application, ApplicationDestination, ApplicationSource, SyncPolicy
from meshwright.imports.gateway_api import HTTPPathMatch, HTTPRouteMatch, HTTPRouteRule
from meshwright.imports.gateway_api import HTTPRoute as GatewayHTTPRoute
from meshwright.imports.istio.networking import (
    CorsPolicy,
    Destination,
    DestinationRule,
    HTTPMatchRequest,
    HTTPRetry,
    HTTPRoute,
    HTTPRouteDestination,
    StringMatch,
    Subset,
    VirtualService,
)
from meshwright.imports.istio.security import AuthorizationPolicy, From, Rule, Source
from meshwright.imports.kubernetes.apps import Deployment
from meshwright.imports.kubernetes.core import ConfigMap, Container, PodSpec, PodTemplateSpec, Service, ServicePort
from meshwright.imports.kubernetes.meta import LabelSelector, ObjectMeta
from meshwright.tree import ApiObject, App, Chart
from meshwright.tree.lazy import Lazy
from meshwright.tree.metadata import ApiObjectMetadata


def route(host: str, subset: str | None = None, weight: int | None = None) -> HTTPRouteDestination:
    return HTTPRouteDestination(destination=Destination(host=host, subset=subset), weight=weight)


def first(routes: list[HTTPRoute], fallback: HTTPRoute | None = None) -> HTTPRoute | None:
    return routes[0] if routes else fallback


chart = Chart(App(), "prod", namespace="shop")
virtual_service: ApiObject = VirtualService(
    chart,
    "reviews",
    metadata=ApiObjectMetadata(name="reviews"),
    hosts=("reviews",),
    http=[
        HTTPRoute(
            match=(HTTPMatchRequest(uri=StringMatch(prefix="/v2"), headers={"end-user": StringMatch(exact="jason")}),),
            timeout="5s",
            retries=HTTPRetry(attempts=3, per_try_timeout="2s", retry_on=None),
            cors_policy=CorsPolicy(unmatched_preflights="FORWARD"),
            route=[route("reviews", "v2", 80), route("reviews", "v3", 20)],
        ),
        {"route": [{"destination": {"host": "reviews", "subset": "v1"}}]},
    ],
)
DestinationRule(chart, "rule", metadata={"labels": {"a": "b"}}, host="reviews", subsets=[Subset(name="v1")])
AuthorizationPolicy(chart, "policy", rules=[Rule(from_=[From(source=Source(namespaces=["shop"]))])])
Deployment(
    chart,
    "deployment",
    replicas=Lazy.any(lambda: 2),
    selector=LabelSelector(match_labels={"app": "reviews"}),
    template=PodTemplateSpec(
        metadata=ObjectMeta(labels={"app": "reviews"}),
        spec=PodSpec(
            containers=[Container(name="app", image="reviews:1", resources={"limits": {"cpu": 1, "memory": "1Gi"}})]
        ),
    ),
)
Service(chart, "service", ports=[ServicePort(port=80, target_port="http"), ServicePort(port=81, target_port=8081)])
ConfigMap(chart, "config", data={"key": "value"})
GatewayHTTPRoute(
    chart, "route", rules=[HTTPRouteRule(matches=[HTTPRouteMatch(path=HTTPPathMatch(type="Exact", value="/x"))])]
)
Application(
    chart,
    "application",
    project="default",
    destination=ApplicationDestination(namespace="shop", server="https://kubernetes.default.svc"),
    source=ApplicationSource(repo_url="https://git.example.com/shop.git", path="dist"),
    sync_policy=SyncPolicy(automated={"prune": True, "self_heal": True}),
)
host: str = Destination(host="reviews")["host"]
