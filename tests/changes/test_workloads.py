"""What is told of objects beside traffic."""

import pytest

from meshwright.changes.workloads import object_changes
from meshwright.manifests import read_text

DEPLOYMENT = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: 2
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - name: app
        image: registry.example.com/cart:1.4.2
        env: [{name: LOG, value: info}]
        resources: {limits: {cpu: 500m}}
---
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{port: 80}]}
---
"""
SECRET = "apiVersion: v1\nkind: Secret\nmetadata: {name: key, namespace: shop}\nstringData: {token: hunter2}\n---\n"
ROUTE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec: {hosts: [cart], http: [{timeout: 5s, route: [{destination: {host: cart}}]}]}
---
"""


def told(before, after):
    return [
        (each.what, each.resource, [(aspect.name, aspect.before, aspect.after) for aspect in each.aspects])
        for each in object_changes(read_text(before), read_text(after))
    ]


@pytest.mark.parametrize(
    ("old", "new", "aspect"),
    [
        pytest.param("replicas: 2", "replicas: 5", ("replicas", "2", "5"), id="replicas"),
        pytest.param("value: info", "value: debug", ("env LOG", "info", "debug"), id="a variable of the environment"),
        pytest.param("cpu: 500m", "cpu: 1", ("resources.limits.cpu", "500m", "1"), id="a limit"),
        pytest.param(
            "labels: {app: cart}", "labels: {app: shop}", ("pod labels.app", "cart", "shop"), id="a label of pods"
        ),
        pytest.param(
            "cart:1.4.2",
            "cart:1.4.3",
            ("image", "registry.example.com/cart:1.4.2", "registry.example.com/cart:1.4.3"),
            id="an image",
        ),
    ],
)
def test_tells_the_field_of_a_workload_that_changed_with_both_values(old, new, aspect):
    before, after = DEPLOYMENT, DEPLOYMENT.replace(old, new, 1)
    assert told(before, after) == [("changed", "Deployment shop/cart", [aspect])]


def test_tells_the_selector_of_a_service():
    after = SERVICE.replace("{app: cart}", "{app: basket}")
    assert told(SERVICE, after) == [("changed", "Service shop/cart", [("selector.app", "cart", "basket")])]


def test_tells_new_objects_before_those_that_are_gone():
    assert told(SERVICE, DEPLOYMENT) == [("added", "Deployment shop/cart", []), ("removed", "Service shop/cart", [])]


def test_tells_that_a_secret_changed_without_its_value():
    ((what, resource, ((name, *values),)),) = told(SECRET, SECRET.replace("hunter2", "hunter3"))
    assert (what, resource, name) == ("changed", "Secret shop/key", "token")
    assert values[0] != values[1]
    assert not any("hunter" in each for each in values)


def test_leaves_what_shapes_traffic_to_the_requests_that_it_touches():
    assert told(ROUTE, ROUTE.replace("5s", "7s")) == []
    assert told("", ROUTE) == [("added", "VirtualService shop/cart", [])]


def test_the_same_objects_in_another_order_are_no_change():
    assert told(SERVICE + DEPLOYMENT, DEPLOYMENT + SERVICE) == []
