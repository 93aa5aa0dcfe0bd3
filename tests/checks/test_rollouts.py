"""Rollouts of Argo Rollouts: the routes they name, and weights that belong to the controller."""

import pytest

from tests.checks.findings import findings_in, told
from tests.checks.pages import examples

RIGHT = examples("MW912")["Right"]
MOVING = examples("MW912")["Not told"]


def codes(text):
    return [each.code for each in told(findings_in(text))]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param("name: cart, routes: [main]", "name: carts, routes: [main]", "shop/carts", id="no such object"),
        pytest.param("routes: [main]", "routes: [mian]", "no route 'mian' (it has main)", id="no such route"),
        pytest.param("canaryService: cart-canary", "canaryService: new", "Service 'new'", id="another Service"),
        pytest.param("stableService: cart\n", "stableService: old\n", "Service 'old'", id="another stable Service"),
    ],
)
def test_what_the_controller_would_refuse_is_told(old, new, said):
    assert old in RIGHT
    found = [each for each in told(findings_in(RIGHT.replace(old, new))) if each.code == "MW912"]
    assert len(found) == 1
    assert said in found[0].wrong
    assert found[0].line > 0


def test_of_several_routes_one_has_to_be_named():
    text = RIGHT.replace(", routes: [main]", "").replace("  http:\n", "  http:\n  - redirect: {uri: /}\n", 1)
    assert "it names no route, and VirtualService shop/cart has 2" in {each.wrong for each in told(findings_in(text))}


def test_a_virtual_service_that_is_not_shown_may_be_elsewhere():
    text = RIGHT.partition("---\napiVersion: networking")[0]
    assert codes(text) == []
    assert [each.severity for each in findings_in(text) if each.code == "MW912"] == ["unknown"]


def test_the_object_may_live_in_a_namespace_of_its_own():
    assert codes(RIGHT.replace("{name: cart, routes: [main]}", "{name: cart.shop, routes: [main]}")) == []


def test_weights_that_the_controller_wrote_are_not_judged():
    assert codes(MOVING) == []
    assert "MW306" in codes(MOVING.replace("kind: Rollout", "kind: Other"))


def test_a_destination_that_has_no_share_yet_is_looked_at():
    gone = RIGHT.replace("host: cart-canary, port", "host: cart-canary, subset: v2, port")
    assert "MW104" in codes(gone)


FLAGGER = """
apiVersion: flagger.app/v1beta1
kind: Canary
metadata: {name: web, namespace: shop}
spec:
  targetRef: {apiVersion: apps/v1, kind: Deployment, name: web}
  service: {port: 80}
---
apiVersion: v1
kind: Service
metadata: {name: other, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: all, namespace: shop}
spec:
  hosts: [www.example.com]
  http: [{route: [{destination: {host: HOST}}]}]
"""


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        pytest.param("web", [], id="the Service that callers use"),
        pytest.param("web-primary", [], id="that of the version that runs"),
        pytest.param("web-stable", ["MW102"], id="one that Flagger does not make"),
    ],
)
def test_services_that_flagger_makes_are_there(host, expected):
    assert codes(FLAGGER.replace("HOST", host)) == expected
