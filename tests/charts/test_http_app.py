"""Apps: what stands around their containers."""

from datetime import timedelta
from typing import Any, Literal

import pytest

from meshwright.charts import (
    Autoscaling,
    DisruptionBudget,
    FromConfigMap,
    FromSecret,
    HttpApp,
    LoadBalancer,
    Probe,
    Resources,
    TrafficPolicy,
    Version,
)
from tests.charts.constructs import refused, shop, specs


def container(**fields: Any) -> dict[str, Any]:
    chart = shop()
    HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080, **fields)
    found: dict[str, Any] = specs(chart, "Deployment")[0]["template"]["spec"]["containers"][0]
    return found


def test_environment_variables_come_from_texts_secrets_and_config_maps() -> None:
    found = container(
        environment_variables={"A": "b", "C": FromSecret("s", "k", optional=True), "D": FromConfigMap("m", "k")}
    )
    assert found["env"] == [
        {"name": "A", "value": "b"},
        {"name": "C", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k", "optional": True}}},
        {"name": "D", "valueFrom": {"configMapKeyRef": {"name": "m", "key": "k"}}},
    ]


def test_probes_ask_the_port_by_its_name() -> None:
    found = container(liveness=Probe("/alive", period=timedelta(minutes=1)), readiness=Probe("/ready", port=9090))
    unasked = {"failureThreshold": 3, "periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 1}
    alive, ready = (
        {"path": path, "port": port, "scheme": "HTTP"} for path, port in (("/alive", "http"), ("/ready", 9090))
    )
    assert found["livenessProbe"] == {**unasked, "httpGet": alive, "periodSeconds": 60}
    assert found["readinessProbe"] == {**unasked, "httpGet": ready}


def test_memory_is_limited_to_what_is_requested_and_cpu_is_not() -> None:
    found = container(resources=Resources(cpu="100m", memory="128Mi"))
    assert found["resources"] == {"requests": {"cpu": "100m", "memory": "128Mi"}, "limits": {"memory": "128Mi"}}


def test_a_version_may_have_replicas_variables_and_a_policy_of_its_own() -> None:
    chart = shop()
    second = Version(
        "cart:2",
        replicas=3,
        environment_variables={"A": "2"},
        traffic_policy=TrafficPolicy(load_balancer=LoadBalancer("RANDOM")),
    )
    HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": second}, port=80, environment_variables={"A": "1", "B": "1"})
    one, two = specs(chart, "Deployment")
    assert (one["replicas"], two["replicas"]) == (1, 3)
    assert two["template"]["spec"]["containers"][0]["env"] == [{"name": "A", "value": "2"}, {"name": "B", "value": "1"}]
    assert specs(chart, "DestinationRule")[0]["subsets"][1] == {
        "name": "v2",
        "labels": {"version": "v2"},
        "trafficPolicy": {"loadBalancer": {"simple": "RANDOM"}},
    }


def test_a_policy_of_an_app_with_one_version_needs_no_subset() -> None:
    chart = shop()
    cart = HttpApp(
        chart, "cart", versions={"v1": "cart:1"}, port=80, traffic_policy=TrafficPolicy(load_balancer="RANDOM")
    )
    assert cart.version("v1") == cart.backend
    assert specs(chart, "DestinationRule") == [
        {"host": "cart.shop.svc.cluster.local", "trafficPolicy": {"loadBalancer": {"simple": "RANDOM"}}}
    ]


def test_under_an_autoscaler_deployments_name_no_replicas() -> None:
    chart = shop()
    HttpApp(
        chart,
        "cart",
        versions={"v1": "cart:1", "v2": "cart:2"},
        port=80,
        resources=Resources(cpu="1"),
        autoscaling=Autoscaling(max_replicas=4),
    )
    assert [spec.get("replicas") for spec in specs(chart, "Deployment")] == [None, None]
    assert [spec["scaleTargetRef"]["name"] for spec in specs(chart, "HorizontalPodAutoscaler")] == [
        "cart-v1",
        "cart-v2",
    ]


def test_a_disruption_budget_is_for_all_versions_together() -> None:
    chart = shop()
    budget = DisruptionBudget(max_unavailable=1)
    HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=80, disruption_budget=budget)
    assert specs(chart, "PodDisruptionBudget") == [{"maxUnavailable": 1, "selector": {"matchLabels": {"app": "cart"}}}]


def test_version_names_can_be_declared() -> None:
    cart = HttpApp[Literal["v1"]](shop(), "cart", versions={"v1": "cart:1"}, port=80)
    assert cart.versions == ("v1",)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"name": "Cart"}, "name is 'Cart'", id="a name with capitals"),
        pytest.param({"port": 0}, "app: port is 0", id="a port that is none"),
        pytest.param({"service_port": 70000}, "app: service_port is 70000", id="a port above all ports"),
        pytest.param({"replicas": -1}, "app: replicas is -1", id="fewer than no replicas"),
        pytest.param({"versions": {"v1": "cart :1"}}, "the image of version 'v1' is", id="an image with a space"),
        pytest.param({"versions": {"v_1": "cart:1"}}, "the name of the Deployment", id="a version that is no label"),
        pytest.param({"environment_variables": {"A": 1}}, "environment variable A is 1", id="a number as variable"),
        pytest.param({"environment_variables": {"A=B": "c"}}, "environment variable 'A=B'", id="a variable with ="),
        pytest.param({"liveness": Probe("alive")}, "liveness: path is 'alive'", id="a path without a slash"),
        pytest.param({"resources": Resources(cpu="fast")}, "resources: cpu is 'fast'", id="no quantity"),
        pytest.param({"autoscaling": Autoscaling(max_replicas=2)}, "its percentage is of the cpu", id="of no request"),
        pytest.param(
            {"disruption_budget": DisruptionBudget(min_available=-1)}, "min_available is -1", id="less than none"
        ),
        pytest.param(
            {"versions": {"v1": Version("c:1", traffic_policy=TrafficPolicy(load_balancer="RANDOM"))}}
            | {"traffic_policy": TrafficPolicy(load_balancer="RANDOM")},
            "it has a traffic policy, and the app another",
            id="two policies of one version",
        ),
    ],
)
def test_refuses(fields: dict[str, Any], said: str) -> None:
    chart = shop()
    given: dict[str, Any] = {"versions": {"v1": "cart:1"}, "port": 8080, **fields}
    HttpApp(chart, "cart", **given)
    assert said in refused(chart)[0]
