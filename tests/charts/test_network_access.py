"""Who may reach an app: gateways found in the routes, and callers that are named."""

from typing import Any

from meshwright.charts import (
    CallerPods,
    DelegateRoutes,
    Environment,
    GatewayApiGateway,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    Match,
    NetworkAccess,
    Route,
)
from meshwright.tree import App, Chart
from tests.charts.constructs import refused, shop, specs

GATEWAY = {"namespaceSelector": {}, "podSelector": {"matchLabels": {"istio": "ingressgateway"}}}


def cart(chart: Chart, **fields: Any) -> HttpApp:
    return HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080, service_port=80, **fields)


def app(chart: Chart, name: str) -> HttpApp:
    return HttpApp(chart, name, versions={"v1": f"{name}:1"}, port=9000)


def peers(chart: Chart) -> list[Any]:
    (spec,) = specs(chart, "NetworkPolicy")
    assert spec["podSelector"] == {"matchLabels": {"app": "cart"}}
    assert spec["policyTypes"] == ["Ingress"]
    rules = spec.get("ingress", [])
    assert all(rule["ports"] == [{"port": 8080, "protocol": "TCP"}] for rule in rules)
    return [peer for rule in rules for peer in rule["from"]]


def of_app(name: str, namespace: str = "shop") -> dict[str, Any]:
    where = {"matchLabels": {"kubernetes.io/metadata.name": namespace}}
    return {"namespaceSelector": where, "podSelector": {"matchLabels": {"app": name}}}


def test_without_callers_there_is_no_policy() -> None:
    chart = shop()
    cart(chart)
    assert specs(chart, "NetworkPolicy") == []


def test_no_route_and_no_caller_means_nobody() -> None:
    chart = shop()
    cart(chart, callers=[])
    assert peers(chart) == []


def test_a_gateway_whose_routes_are_written_later_may_reach_it() -> None:
    chart = shop()
    web = app(chart, "web")
    of = cart(chart, callers=[web])
    gateway = IngressGateway(chart, "edge", hosts=["www.example.com"])
    HttpRoutes(chart, "public", hosts=["www.example.com"], gateways=[gateway], routes=[Route(to=of)])
    assert peers(chart) == [GATEWAY, of_app("web")]


def test_a_gateway_that_leads_elsewhere_may_not() -> None:
    chart = shop()
    web = app(chart, "web")
    cart(chart, callers=[])
    gateway = IngressGateway(chart, "edge", hosts=["www.example.com"])
    HttpRoutes(chart, "public", hosts=["www.example.com"], gateways=[gateway], routes=[Route(to=web)])
    assert peers(chart) == []


def test_routes_for_the_mesh_open_nothing() -> None:
    chart = shop()
    of = cart(chart, callers=[])
    HttpRoutes(chart, "inside", hosts=[of], routes=[Route(to=of)])
    assert peers(chart) == []


def test_a_gateway_that_reaches_it_by_a_delegate_or_a_share_may() -> None:
    chart = shop()
    of = cart(chart, callers=[])
    web = app(chart, "web")
    inner = DelegateRoutes(chart, "inner", routes=[Route(to={web: 90, of: 10})])
    gateway = IngressGateway(chart, "edge", hosts=["www.example.com"], selector={"istio": "edge"})
    routes = [Route(match=Match.prefix("/cart"), delegate=inner)]
    HttpRoutes(chart, "public", hosts=["www.example.com"], gateways=[gateway], routes=routes)
    assert peers(chart) == [{"namespaceSelector": {}, "podSelector": {"matchLabels": {"istio": "edge"}}}]


def test_gateways_may_be_sought_in_one_namespace() -> None:
    chart = shop()
    of = cart(chart)
    gateway = IngressGateway(chart, "edge", hosts=["www.example.com"])
    HttpRoutes(chart, "public", hosts=["www.example.com"], gateways=[gateway], routes=[Route(to=of)])
    NetworkAccess(chart, "access", of=of, gateway_namespace="istio-system")
    where = {"matchLabels": {"kubernetes.io/metadata.name": "istio-system"}}
    assert peers(chart) == [{**GATEWAY, "namespaceSelector": where}]


def test_pods_of_a_gateway_of_the_gateway_api_carry_its_name() -> None:
    chart = shop()
    of = cart(chart, callers=[])
    gateway = GatewayApiGateway(chart, "edge", hosts=["www.example.com"])
    HttpRoutes(chart, "public", hosts=["www.example.com"], gateways=[gateway], routes=[Route(to=of)], api="gateway")
    (peer,) = peers(chart)
    assert peer["podSelector"] == {"matchLabels": {"gateway.networking.k8s.io/gateway-name": "edge"}}


def test_callers_may_run_elsewhere_and_be_no_app_of_ours() -> None:
    tree = App()
    chart = Environment("prod", namespace="shop").chart(tree, "shop")
    other = app(Environment("office", namespace="office").chart(tree, "office"), "desk")
    monitoring = CallerPods("monitoring")
    cart(chart, callers=[other, monitoring, other])
    everybody = {"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "monitoring"}}}
    assert peers(chart) == [of_app("desk", "office"), everybody]


def test_a_caller_by_its_name_is_refused() -> None:
    chart = shop()
    callers: Any = ["web"]
    cart(chart, callers=callers)
    assert any("a caller is 'web'" in line for line in refused(chart))


def test_two_policies_of_one_name_are_refused() -> None:
    chart = shop()
    of = cart(chart)
    for number in range(2):
        NetworkAccess(chart, f"access-{number}", of=of, name="access")
    assert any("makes the NetworkPolicy shop/access already" in line for line in refused(chart))
