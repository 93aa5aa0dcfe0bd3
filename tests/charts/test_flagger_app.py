"""Apps for Flagger: what it reads, and nothing that it makes itself."""

from datetime import timedelta
from typing import Any

import pytest

from meshwright.charts import FlaggerApp, HttpRoutes, IngressGateway, Route
from meshwright.checks.pod_standards import violations
from meshwright.tree import Chart, Testing
from tests.charts.constructs import refused, shop, specs


def cart(chart: Chart, **fields: Any) -> FlaggerApp:
    given: dict[str, Any] = {"image": "cart:2", "port": 8080, "service_port": 80, **fields}
    return FlaggerApp(chart, "cart", **given)


def test_nothing_is_in_git_that_flagger_makes() -> None:
    chart = shop()
    cart(chart)
    assert [each["kind"] for each in Testing.synth(chart)] == ["ServiceAccount", "Deployment", "Canary"]
    (deployment,) = specs(chart, "Deployment")
    assert "replicas" not in deployment
    assert [*violations(deployment["template"])] == []


def test_the_canary_names_the_deployment_its_port_and_its_entrances() -> None:
    chart = shop()
    gateway = IngressGateway(chart, "edge", hosts=["cart.example.com"])
    cart(chart, hosts=["cart.example.com"], gateways=[gateway], timeout=timedelta(seconds=3))
    (canary,) = specs(chart, "Canary")
    (deployment,) = specs(chart, "Deployment")
    (container,) = deployment["template"]["spec"]["containers"]
    assert canary["targetRef"] == {"apiVersion": "apps/v1", "kind": "Deployment", "name": "cart"}
    assert canary["service"] == {
        "port": 80,
        "portName": "http",
        "targetPort": container["ports"][0]["name"],
        "timeout": "3s",
        "gateways": ["shop/edge", "mesh"],
        "hosts": ["cart.example.com"],
    }


def test_measurements_end_a_rollout() -> None:
    chart = shop()
    cart(chart, step=20, most=60, interval=timedelta(seconds=30), failures=3, latency=timedelta(milliseconds=400))
    assert specs(chart, "Canary")[0]["analysis"] == {
        "interval": "30s",
        "threshold": 3,
        "stepWeight": 20,
        "maxWeight": 60,
        "metrics": [
            {"name": "request-success-rate", "interval": "30s", "thresholdRange": {"min": 99}},
            {"name": "request-duration", "interval": "30s", "thresholdRange": {"max": 400}},
        ],
    }


def test_other_routes_may_lead_to_what_flagger_makes() -> None:
    chart = shop()
    HttpRoutes(chart, "www", hosts=["www.example.com"], routes=[Route(to=cart(chart))])
    (destination,) = [to["destination"] for to in specs(chart, "VirtualService")[0]["http"][0]["route"]]
    assert destination == {"host": "cart.shop.svc.cluster.local", "port": {"number": 80}}


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"step": 60, "most": 50}, "step is 60, and most 50", id="a step beyond the end"),
        pytest.param({"step": 0}, "step is 0, and most 50", id="no step"),
        pytest.param({"success_rate": 101}, "success_rate is 101", id="better than good"),
        pytest.param({"failures": 0}, "failures is 0", id="no failure at all"),
        pytest.param({"hosts": ["a.example.com"]}, "public hosts need gateways", id="a public host without a gateway"),
        pytest.param({"image": "cart:latest"}, "has the tag latest", id="no version"),
    ],
)
def test_refuses(fields: dict[str, Any], said: str) -> None:
    chart = shop()
    cart(chart, **fields)
    assert any(said in line for line in refused(chart))
