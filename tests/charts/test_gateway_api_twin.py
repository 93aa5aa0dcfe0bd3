"""Routes by the Gateway API: the same answers as by Istio's own, and an error where it has no words."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from meshwright.charts import (
    Abort,
    Backend,
    Cors,
    DelegateRoutes,
    DirectResponse,
    Environment,
    Fault,
    GatewayApiGateway,
    HeaderChanges,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    Match,
    Mirror,
    Redirect,
    Retries,
    Rewrite,
    Route,
)
from meshwright.errors import ConfigurationError, MeshwrightError
from meshwright.tree import App, Chart, Testing
from tests.recorder import charts

SHOP = Environment("demo", namespace="shop", host_suffix="example.com")


def recorded(name: str) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = json.loads((charts.ANSWERS / f"{name}.json").read_text())["answers"]
    return answers


def test_a_real_envoy_answers_the_twin_as_it_answers_istios_own() -> None:
    ours, twins = recorded("gateway_api_model"), recorded("gateway_api_twin")
    for own, twin in zip(ours, twins, strict=True):
        counted = ("clusters", "statuses")
        assert {**own["answer"], **dict.fromkeys(counted)} == {**twin["answer"], **dict.fromkeys(counted)}
        for key in counted:
            assert own["answer"].get(key, {}).keys() == twin["answer"].get(key, {}).keys()


def test_an_http_route_names_gateway_hosts_and_services() -> None:
    chart = SHOP.chart(App(), "shop")
    gateway = GatewayApiGateway(chart, "gateway", hosts=["*.example.com"])
    cart, stock = (HttpApp(chart, name, versions={"v1": "a:1"}, port=80) for name in ("cart", "stock"))
    made = HttpRoutes(
        chart,
        "routes",
        hosts=["shop.example.com"],
        gateways=[gateway],
        api="gateway",
        routes=[Route(to={cart: 90, stock: 10}, match=Match.below("/api/"), timeout=timedelta(seconds=90.5))],
    )
    assert made.http_route.to_json() == {
        "apiVersion": "gateway.networking.k8s.io/v1",
        "kind": "HTTPRoute",
        "metadata": {"name": "routes", "namespace": "shop"},
        "spec": {
            "parentRefs": [{"group": "gateway.networking.k8s.io", "kind": "Gateway", "name": "gateway"}],
            "hostnames": ["shop.example.com"],
            "rules": [
                {
                    "matches": [{"path": {"type": "PathPrefix", "value": "/api"}}],
                    "backendRefs": [
                        {"group": "", "kind": "Service", "name": "cart", "port": 80, "weight": 90},
                        {"group": "", "kind": "Service", "name": "stock", "port": 80, "weight": 10},
                    ],
                    "timeouts": {"request": "1m30s500ms"},
                }
            ],
        },
    }


def test_each_object_is_asked_for_by_the_name_of_its_kind() -> None:
    chart = SHOP.chart(App(), "shop")
    cart = HttpApp(chart, "cart", versions={"v1": "a:1"}, port=80)
    twin = HttpRoutes(chart, "twin", hosts=[cart], routes=[Route(to=cart)], api="gateway")
    own = HttpRoutes(chart, "own", hosts=["a.example.com"], routes=[Route(to=cart)])
    assert (twin.http_route.kind, own.virtual_service.kind) == ("HTTPRoute", "VirtualService")
    with pytest.raises(ConfigurationError, match="Take http_route"):
        _ = twin.virtual_service
    with pytest.raises(ConfigurationError, match="Take virtual_service"):
        _ = own.http_route


def test_a_service_of_another_namespace_gets_a_grant() -> None:
    app = App()
    stock = HttpApp(
        Environment("demo", namespace="store").chart(app, "store"), "stock", versions={"v1": "a:1"}, port=80
    )
    chart = SHOP.chart(app, "shop")
    gateway = GatewayApiGateway(chart, "gateway", hosts=["*"])
    HttpRoutes(chart, "routes", hosts=["*"], gateways=[gateway], api="gateway", routes=[Route(to=stock)])
    grants = [each for each in Testing.synth(chart) if each["kind"] == "ReferenceGrant"]
    assert [grant["metadata"]["namespace"] for grant in grants] == ["store"]
    assert grants[0]["spec"] == {
        "from": [{"group": "gateway.networking.k8s.io", "kind": "HTTPRoute", "namespace": "shop"}],
        "to": [{"group": "", "kind": "Service", "name": "stock"}],
    }


def refusal(write: Callable[[Chart, HttpApp], object]) -> str:
    app = App()
    chart = SHOP.chart(app, "shop")
    cart = HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=8080)
    write(chart, cart)
    with pytest.raises(MeshwrightError) as refused:
        app.synth_yaml()
    return str(refused.value)


BELOW = Match.below("/a")
FIELDS: list[Any] = [
    pytest.param(lambda cart: Route(to=cart.version("v1")), "the subset 'v1' of a target", id="a subset"),
    pytest.param(lambda cart: Route(direct_response=DirectResponse(200)), "direct_response", id="a direct response"),
    pytest.param(lambda cart: Route(to=cart, retries=Retries(2)), "retries", id="retries"),
    pytest.param(lambda cart: Route(to=cart, fault=Fault(abort=Abort(500))), "fault", id="a fault"),
    pytest.param(
        lambda cart: Route(to=cart, match=Match.prefix("/a")), "match.prefix '/a'", id="a prefix by characters"
    ),
    pytest.param(
        lambda cart: Route(to=cart, match=Match.exact("/a", ignore_case=True)), "match.ignore_case", id="case"
    ),
    pytest.param(lambda cart: Route(to=cart, match=BELOW.scheme("https")), "match.scheme https", id="a scheme"),
    pytest.param(lambda cart: Route(to=cart, match=BELOW.authority(exact="a")), "match.authority a", id="an authority"),
    pytest.param(
        lambda cart: Route(to=cart, match=BELOW.without_header("a")), "match.without_header a", id="an absence"
    ),
    pytest.param(lambda cart: Route(to=cart, match=BELOW.method(regex="G.*")), "match.method", id="methods by regex"),
    pytest.param(lambda cart: Route(to=cart, match=BELOW.port(80)), "match.port 80", id="a port"),
    pytest.param(lambda cart: Route(to=cart, match=BELOW.source(cart)), "match.source", id="a caller"),
    pytest.param(
        lambda cart: Route(to=cart, match=BELOW, rewrite=Rewrite(regex="a", replacement="b")),
        "rewrite.regex",
        id="a regex",
    ),
    pytest.param(
        lambda cart: Route(to=cart, rewrite=Rewrite(uri="/b")),
        "rewrite.uri with a match that has no path",
        id="no path",
    ),
    pytest.param(
        lambda cart: Route(redirect=Redirect(port="FROM_REQUEST_PORT")),
        "redirect.port FROM_REQUEST_PORT",
        id="a port rule",
    ),
    pytest.param(
        lambda cart: Route(redirect=Redirect(authority="a.example.com:80")), "redirect.authority", id="a host with port"
    ),
    pytest.param(
        lambda cart: Route(to=cart, cors=Cors(allow_origin_regexes=["a.*"])),
        "cors.allow_origin_regexes",
        id="an origin",
    ),
    pytest.param(
        lambda cart: Route(to=cart, request_headers=HeaderChanges(set={"host": "a"})),
        "request_headers with Host",
        id="host",
    ),
    pytest.param(
        lambda cart: Route(to=cart, mirror=Mirror(cart.version("v2"))), "the subset 'v2' of a target", id="a mirror"
    ),
]


@pytest.mark.parametrize(("route", "field"), FIELDS)
def test_names_the_field_that_an_http_route_cannot_say(route: Callable[[HttpApp], Route], field: str) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        gateway = GatewayApiGateway(chart, "gateway", hosts=["*"])
        HttpRoutes(chart, "routes", hosts=["*"], gateways=[gateway], mesh=False, api="gateway", routes=[route(cart)])

    said = refusal(write)
    assert f"{field}" in said
    assert "has no place in an HTTPRoute" in said
    assert "tests/charts/test_gateway_api_twin.py:" in said


def test_a_delegate_has_no_place_in_an_http_route() -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        team = DelegateRoutes(chart, "team", routes=[Route(to=cart)])
        HttpRoutes(chart, "routes", hosts=[cart], api="gateway", routes=[Route(delegate=team)])

    assert "delegate has no place in an HTTPRoute" in refusal(write)


def test_an_order_that_an_http_route_would_not_keep_is_refused() -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        jason = Match.any().header("end-user", exact="jason")
        routes = [Route(name="jason", to=cart, match=jason), Route(name="login", to=cart, match=Match.exact("/login"))]
        HttpRoutes(chart, "routes", hosts=[cart], api="gateway", routes=routes)

    assert "route 'login': the order of routes has no place in an HTTPRoute" in refusal(write)


def test_an_order_of_requests_apart_is_kept() -> None:
    chart = SHOP.chart(App(), "shop")
    cart = HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080)
    routes = [
        Route(to=cart, match=Match.below("/a")),
        Route(to=cart, match=Match.exact("/b")),
        Route(to=cart, match=Match.below("/abc")),
        Route(to=cart, match=Match.below("/c").header("x", exact="1")),
        Route(to=cart, match=Match.below("/c/d").header("x", exact="2")),
    ]
    made = HttpRoutes(chart, "routes", hosts=[cart], api="gateway", routes=routes)
    Testing.synth(chart)
    assert made.node.validate() == []


def test_refuses_gateways_of_the_other_api() -> None:
    def twin(chart: Chart, cart: HttpApp) -> None:
        gateway = IngressGateway(chart, "gateway", hosts=["*"])
        HttpRoutes(chart, "routes", hosts=["*"], gateways=[gateway], api="gateway", routes=[Route(to=cart)])

    def own(chart: Chart, cart: HttpApp) -> None:
        gateway = GatewayApiGateway(chart, "gateway", hosts=["*"])
        HttpRoutes(chart, "routes", hosts=["*"], gateways=[gateway], routes=[Route(to=cart)])

    assert "which an HTTPRoute cannot name. Make it a GatewayApiGateway" in refusal(twin)
    assert "which no VirtualService can name" in refusal(own)


def test_a_host_of_nobodys_service_crosses_as_hostname() -> None:
    chart = SHOP.chart(App(), "shop")
    cart = HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080)
    made = HttpRoutes(chart, "routes", hosts=[cart], api="gateway", routes=[Route(to=Backend("api.example.org", 443))])
    reference = made.http_route.to_json()["spec"]["rules"][0]["backendRefs"][0]
    hostname = {"group": "networking.istio.io", "kind": "Hostname", "name": "api.example.org", "port": 443}
    assert reference == {**hostname, "weight": 1}
