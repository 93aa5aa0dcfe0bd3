"""Where constructs live."""

import cdk8s
import pytest

from meshwright.charts import Environment, HttpApp, IngressGateway
from meshwright.tree import App, Chart
from tests.charts.constructs import refused


def test_constructs_live_in_the_namespace_of_their_environment() -> None:
    chart = Environment("prod", namespace="shop", cluster_domain="mesh.internal").chart(App(), "shop")
    cart = HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=80)
    assert (cart.namespace, cart.host) == ("shop", "cart.shop.svc.mesh.internal")


def test_without_an_environment_they_live_in_that_of_their_chart() -> None:
    app = App()
    named = HttpApp(Chart(app, "named", namespace="shop"), "cart", versions={"v1": "cart:1"}, port=80)
    unnamed = HttpApp(Chart(app, "unnamed"), "cart", versions={"v1": "cart:1"}, port=80)
    assert (named.host, unnamed.host) == ("cart.shop.svc.cluster.local", "cart.default.svc.cluster.local")


def test_a_chart_inside_may_name_another_namespace() -> None:
    outer = Environment("prod", namespace="shop", host_suffix="example.com").chart(App(), "shop")
    inner = Chart(outer, "inner", namespace="stock")
    assert Environment.of(inner).namespace == "stock"
    assert Environment.of(inner).host("www") == "www.example.com"
    assert Environment.of(Chart(outer, "other")).namespace == "shop"


@pytest.mark.jsii
def test_in_a_genuine_cdk8s_chart_they_live_in_its_namespace() -> None:
    chart = cdk8s.Chart(cdk8s.App(), "shop", namespace="shop")
    gateway = IngressGateway(chart, "gateway", hosts=["*"])
    assert gateway.reference == "shop/gateway"
    assert cdk8s.Testing.synth(chart)[0]["metadata"]["namespace"] == "shop"


@pytest.mark.parametrize(
    ("environment", "said"),
    [
        pytest.param(Environment("x", namespace="My-Shop"), "namespace is 'My-Shop'", id="a namespace with capitals"),
        pytest.param(Environment("x", host_suffix="*.example.com"), "host_suffix is", id="a wildcard as parent domain"),
        pytest.param(Environment("x", cluster_domain="a b"), "cluster_domain is 'a b'", id="a space in a domain"),
    ],
)
def test_refuses(environment: Environment, said: str) -> None:
    assert refused(environment.chart(App(), "shop"))[0].startswith(said)


def test_charts_of_two_environments_may_name_their_objects_alike() -> None:
    app = App()
    for name in ("blue", "green"):
        chart = Environment(name, namespace="shop", cluster=name).chart(app, "shop")
        IngressGateway(chart, "gateway", hosts=["*"], port=80 if name == "blue" else 443)
    assert app.synth_yaml().count("name: gateway") == 2


def test_charts_of_one_environment_share_its_names() -> None:
    app, shop = App(), Environment("prod", namespace="shop")
    first, second = shop.chart(app, "first"), shop.chart(app, "second")
    IngressGateway(first, "gateway", hosts=["a.example.com"])
    IngressGateway(second, "gateway", hosts=["b.example.com"])
    assert "makes the Gateway shop/gateway already" in refused(second)[0]
