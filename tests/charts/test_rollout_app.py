"""Rollouts: one description of the Rollout, its Services and its routes."""

import copy
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from meshwright.charts import (
    ArgoApplication,
    ArgoSync,
    Autoscaling,
    Environment,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    Match,
    Resources,
    RolloutApp,
    RolloutStep,
    Route,
    Version,
)
from meshwright.checks.pod_standards import violations
from meshwright.imports.argo_rollouts import AnalysisTemplate
from meshwright.tree import App, Chart, Testing
from tests.charts.constructs import refused, shop, specs

STEPS = [RolloutStep.share(20), RolloutStep.pause(timedelta(minutes=5)), RolloutStep.share(60), RolloutStep.pause()]


def cart(chart: Chart, **fields: Any) -> RolloutApp:
    given: dict[str, Any] = {"image": "cart:2", "port": 8080, "service_port": 80, "steps": STEPS, **fields}
    return RolloutApp(chart, "cart", **given)


def routes(chart: Chart) -> dict[str, Any]:
    """The specs of VirtualServices by name."""
    found = Testing.synth(chart)
    return {each["metadata"]["name"]: each["spec"] for each in found if each["kind"] == "VirtualService"}


def test_the_rollout_names_services_and_the_route_that_are_there() -> None:
    chart = shop()
    cart(chart)
    (rollout,) = specs(chart, "Rollout")
    canary = rollout["strategy"]["canary"]
    moved = canary["trafficRouting"]["istio"]["virtualService"]
    (route,) = [each for each in routes(chart)[moved["name"]]["http"] if [each["name"]] == moved["routes"]]
    hosts = [to["destination"]["host"].partition(".")[0] for to in route["route"]]
    services = {each["metadata"]["name"] for each in Testing.synth(chart) if each["kind"] == "Service"}
    assert hosts == [canary["stableService"], canary["canaryService"]]
    assert set(hosts) == services
    assert [to["weight"] for to in route["route"]] == [100, 0]
    assert [*violations(rollout["template"])] == []


def test_steps_are_written_in_their_order() -> None:
    chart = shop()
    template = AnalysisTemplate(
        chart, "errors", metadata={"name": "errors"}, metrics=[{"name": "errors", "provider": {}}]
    )
    cart(chart, steps=[*STEPS, RolloutStep.analysis(template)])
    (rollout,) = specs(chart, "Rollout")
    assert rollout["strategy"]["canary"]["steps"] == [
        {"setWeight": 20},
        {"pause": {"duration": "300s"}},
        {"setWeight": 60},
        {"pause": {}},
        {"analysis": {"templates": [{"templateName": "errors"}]}},
    ]


def test_all_that_is_not_a_weight_stands_beside_the_split() -> None:
    chart = shop()
    gateway = IngressGateway(chart, "edge", hosts=["cart.example.com"])
    cart(
        chart,
        hosts=["cart.example.com"],
        gateways=[gateway],
        testers=Match.any().header("x-canary"),
        timeout=timedelta(seconds=3),
    )
    found = routes(chart)
    assert [*found["cart-split"]["http"][0]] == ["name", "route"]
    for name in ("cart", "cart-public"):
        testers, everyone = found[name]["http"]
        assert testers["route"][0]["destination"]["host"] == "cart-canary.shop.svc.cluster.local"
        assert everyone["delegate"] == {"name": "cart-split", "namespace": "shop"}
        assert (testers["timeout"], everyone["timeout"]) == ("3s", "3s")


def test_what_argo_cd_ignores_is_the_weights_and_nothing_else() -> None:
    chart = shop()
    app = cart(chart)
    weights, *services = [each.to_argo() for each in app.ignored_differences]
    assert weights == {
        "group": "networking.istio.io",
        "kind": "VirtualService",
        "name": "cart-split",
        "jq_path_expressions": ['.spec.http[] | select(.name == "split") | .route[].weight'],
    } | {key: None for key in weights if weights[key] is None}  # type: ignore[literal-required]
    assert [each["name"] for each in services] == ["cart", "cart-canary"]
    assert {pointer for each in services for pointer in each["json_pointers"] or ()} == {
        "/spec/selector/rollouts-pod-template-hash"
    }


def test_an_application_compares_and_writes_all_but_that() -> None:
    chart = shop()
    sync = ArgoSync(ignore_differences=cart(chart).ignored_differences)
    argo = Environment("argocd", namespace="argocd").chart(App.of(chart), "applications")
    ArgoApplication(argo, "shop", chart=chart, repository="https://git.example.com/shop.git", sync=sync)
    (application,) = specs(argo, "Application")
    assert [each["name"] for each in application["ignoreDifferences"]] == ["cart-split", "cart", "cart-canary"]
    assert "RespectIgnoreDifferences=true" in application["syncPolicy"]["syncOptions"]


def test_weights_that_the_controller_moved_hold_at_every_entrance_with_what_git_says(
    tmp_path: Path, mesh: Callable[[Path], Any]
) -> None:
    app = App()
    chart = Environment("prod", namespace="shop").chart(app, "shop")
    HttpApp(chart, "web", versions={"v1": "web:1"}, port=80)
    gateway = IngressGateway(chart, "edge", hosts=["cart.example.com"])
    cart(chart, hosts=["cart.example.com"], gateways=[gateway], timeout=timedelta(seconds=3))
    text = app.synth_yaml().replace("weight: 100\n", "weight: 80\n").replace("weight: 0\n", "weight: 20\n")
    (tmp_path / "shop.yaml").write_text(text)
    asked = mesh(tmp_path)
    for answer in (asked.get("http://cart.example.com/"), asked.get("http://cart.shop/", source="shop/web")):
        assert answer.goes_to("cart", weight=80)
        assert answer.goes_to("cart-canary", weight=20)
        assert answer.times_out_after(3)


def test_other_routes_can_take_part() -> None:
    chart = shop()
    app = cart(chart)
    shared = [Route(match=Match.prefix("/cart"), delegate=app.split), Route(to=app)]
    HttpRoutes(chart, "www", hosts=["www.example.com"], routes=shared)
    assert routes(chart)["www"]["http"][0]["delegate"]["name"] == "cart-split"


def test_under_an_autoscaler_the_rollout_names_no_replicas() -> None:
    chart = shop()
    cart(chart, autoscaling=Autoscaling(max_replicas=4), resources=Resources(cpu="1"))
    assert "replicas" not in specs(chart, "Rollout")[0]
    assert specs(chart, "HorizontalPodAutoscaler")[0]["scaleTargetRef"] == {
        "apiVersion": "argoproj.io/v1alpha1",
        "kind": "Rollout",
        "name": "cart",
    }


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        pytest.param({"steps": []}, "there is no step", id="no step"),
        pytest.param({"steps": [RolloutStep.share(120)]}, "step 1: weight is 120", id="more than everything"),
        pytest.param({"steps": [20]}, "steps is 20", id="a number as step"),
        pytest.param({"hosts": ["a.example.com"]}, "public hosts need gateways", id="a public host without a gateway"),
        pytest.param({"image": "cart"}, "the image of the version is 'cart', which has no tag", id="no version"),
        pytest.param(
            {"image": Version("cart:1", replicas=2)}, "its version has replicas", id="replicas of the version"
        ),
        pytest.param({"port": 0}, "port is 0", id="no port"),
    ],
)
def test_refuses(fields: dict[str, Any], said: str) -> None:
    chart = shop()
    cart(chart, **copy.copy(fields))
    assert any(said in line for line in refused(chart))
