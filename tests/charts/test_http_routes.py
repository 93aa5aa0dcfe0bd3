"""What level 2 writes: full names, by reference."""

from datetime import timedelta
from typing import Any

import pytest

from meshwright.charts import Environment, HttpApp, HttpRoutes, IngressGateway, Match, Route
from meshwright.tree import App, Chart, JsonPatch, Testing

PROD = Environment("prod", namespace="shop", host_suffix="example.com", cluster_domain="mesh.internal")


def chart() -> Chart:
    return PROD.chart(App(), "shop")


def specs(chart: Chart, kind: str) -> list[dict[str, Any]]:
    return [document["spec"] for document in Testing.synth(chart) if document["kind"] == kind]


def test_a_route_to_an_app_names_its_service_in_full() -> None:
    shop = chart()
    cart = HttpApp(shop, "cart", versions={"v1": "cart:1"}, port=8080, service_port=80)
    HttpRoutes(shop, "routes", hosts=[cart], routes=[Route(to=cart, timeout=timedelta(milliseconds=1500))])
    destination = {"host": "cart.shop.svc.mesh.internal", "port": {"number": 80}}
    assert specs(shop, "VirtualService") == [
        {
            "hosts": ["cart.shop.svc.mesh.internal"],
            "http": [{"route": [{"destination": destination}], "timeout": "1.5s"}],
        }
    ]


def test_a_split_names_a_subset_for_each_version() -> None:
    shop = chart()
    cart = HttpApp(shop, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=8080)
    HttpRoutes(shop, "routes", hosts=[cart], routes=[Route(to={cart.version("v1"): 80, cart.version("v2"): 20})])
    shares = [
        (to["destination"]["subset"], to["weight"]) for to in specs(shop, "VirtualService")[0]["http"][0]["route"]
    ]
    assert shares == [("v1", 80), ("v2", 20)]
    assert specs(shop, "DestinationRule")[0]["subsets"] == [
        {"name": "v1", "labels": {"version": "v1"}},
        {"name": "v2", "labels": {"version": "v2"}},
    ]


def test_an_app_of_one_version_needs_no_subset() -> None:
    shop = chart()
    cart = HttpApp(shop, "cart", versions={"v1": "cart:1"}, port=8080)
    assert cart.version("v1") == cart.backend
    assert specs(shop, "DestinationRule") == []


def test_routes_of_a_gateway_are_not_for_the_mesh_unless_said() -> None:
    shop = chart()
    cart = HttpApp(shop, "cart", versions={"v1": "cart:1"}, port=8080)
    gateway = IngressGateway(shop, "gateway", hosts=["*.example.com"])
    HttpRoutes(shop, "outside", hosts=[PROD.host("cart")], gateways=[gateway], routes=[Route(to=cart)])
    HttpRoutes(shop, "both", hosts=[PROD.host("basket")], gateways=[gateway], mesh=True, routes=[Route(to=cart)])
    assert [spec["gateways"] for spec in specs(shop, "VirtualService")] == [["shop/gateway"], ["shop/gateway", "mesh"]]


def test_each_kind_of_condition_has_its_field() -> None:
    match = (
        Match.prefix("/api")
        .method("GET")
        .authority(prefix="shop.")
        .header("End-User", exact="jason")
        .header("x-debug")
        .without_header("x-bot", regex=".*crawl.*")
        .query("page", regex="[0-9]+")
    )
    assert match.to_istio() == {
        "uri": {"prefix": "/api"},
        "method": {"exact": "GET"},
        "authority": {"prefix": "shop."},
        "headers": {"end-user": {"exact": "jason"}, "x-debug": {}},
        "without_headers": {"x-bot": {"regex": ".*crawl.*"}},
        "query_params": {"page": {"regex": "[0-9]+"}},
    }


def test_what_level_2_has_no_word_for_is_patched_in() -> None:
    shop = chart()
    cart = HttpApp(shop, "cart", versions={"v1": "cart:1"}, port=8080)
    routes = HttpRoutes(shop, "routes", hosts=[cart], routes=[Route(to=cart)])
    routes.virtual_service.add_json_patch(JsonPatch.add("/spec/exportTo", ["."]))
    assert specs(shop, "VirtualService")[0]["exportTo"] == ["."]


@pytest.mark.parametrize(
    ("duration", "text"),
    [
        pytest.param(timedelta(milliseconds=1), "0.001s", id="one millisecond"),
        pytest.param(timedelta(seconds=10), "10s", id="no zero is lost"),
        pytest.param(timedelta(days=40, milliseconds=250), "3456000.25s", id="none of many digits is lost"),
    ],
)
def test_durations_are_written_exactly(duration: timedelta, text: str) -> None:
    shop = chart()
    cart = HttpApp(shop, "cart", versions={"v1": "cart:1"}, port=8080)
    HttpRoutes(shop, "routes", hosts=[cart], routes=[Route(to=cart, timeout=duration)])
    assert specs(shop, "VirtualService")[0]["http"][0]["timeout"] == text


def test_an_app_of_another_namespace_keeps_its_own_name() -> None:
    app = App()
    store = HttpApp(
        Environment("prod", namespace="store").chart(app, "store"), "store", versions={"v1": "a:1"}, port=80
    )
    shop = PROD.chart(app, "shop")
    HttpRoutes(shop, "routes", hosts=[store], routes=[Route(to=store)])
    assert specs(shop, "VirtualService")[0]["hosts"] == ["store.store.svc.cluster.local"]
