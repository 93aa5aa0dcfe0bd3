"""What disappears with a change, and what only moves."""

import pytest

from meshwright.changes import pruning
from tests.changes.meshes import GATEWAY, deployment, mesh, routes, rule, service, to

APP = (GATEWAY, service("web"), deployment("web"))
SHOP = routes(rule(to("web")))
SECOND = routes(rule(to("web")), host="b.example.com", name="second")
NAMESPACE = "{apiVersion: v1, kind: Namespace, metadata: {name: shop}}"
CLAIM = "{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data, namespace: shop}}"
DEFINITION = "{apiVersion: apiextensions.k8s.io/v1, kind: CustomResourceDefinition, metadata: {name: foos.example.com}}"
PASSED_ON = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: tls, namespace: istio-system}
spec:
  selector: {istio: ingressgateway}
  servers:
    - {port: {number: 443, name: tls, protocol: TLS}, tls: {mode: PASSTHROUGH}, hosts: [db.example.com]}
"""
BY_NAME = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: db, namespace: shop}
spec:
  hosts: [db.example.com]
  gateways: [istio-system/tls]
  tls: [{match: [{port: 443, sniHosts: [db.example.com]}], route: [{destination: {host: web}}]}]
"""


def lost(before, after):
    found = pruning(mesh(*before), mesh(*after))
    return [gone.name for gone in found.objects], [gone.name for gone in found.hosts]


def test_objects_are_told_by_kind_namespace_and_name():
    assert lost((*APP, NAMESPACE), APP) == (["Namespace/shop"], [])
    assert lost(APP, APP[:2]) == (["Deployment/shop/web-v1"], [])


def test_what_takes_other_things_along_is_told_apart():
    found = pruning(mesh(*APP, NAMESPACE, CLAIM, DEFINITION), mesh(*APP[:2]))
    worth = {gone.name: gone.worth for gone in found.objects}
    assert worth == {
        "Namespace/shop": "Namespace",
        "PersistentVolumeClaim/shop/data": "PersistentVolumeClaim",
        "CustomResourceDefinition/foos.example.com": "CustomResourceDefinition",
        "Deployment/shop/web-v1": None,
    }
    assert (found.total, found.left) == (6, 2)


def test_an_object_of_another_api_version_stays():
    old = service("web"), routes(rule(to("web"))).replace("istio.io/v1", "istio.io/v1beta1")
    assert lost((GATEWAY, *old), (GATEWAY, service("web"), SHOP)) == ([], [])


def test_the_last_route_of_a_host_is_told():
    objects, hosts = lost((*APP, SHOP, SECOND), (*APP, SHOP))
    assert (objects, hosts) == (["VirtualService/shop/second"], ["b.example.com"])


def test_a_host_that_is_passed_on_unread_is_told():
    assert lost((*APP, PASSED_ON, BY_NAME), (*APP, PASSED_ON))[1] == ["db.example.com"]


def test_all_hosts_of_a_gateway_go_with_it():
    assert lost((*APP, SHOP, SECOND), (*APP[1:], SHOP, SECOND))[1] == ["b.example.com", "shop.example.com"]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param((*APP, SHOP), (*APP, SHOP.replace("name: web,", "name: other,")), id="another object serves it"),
        pytest.param((*APP, SHOP), (*APP, routes(rule(to("web")), "*.example.com")), id="a wildcard serves it"),
        pytest.param(
            (*APP, SHOP, routes(rule(to("web"), match="{uri: {prefix: /a}}"), name="a")),
            (*APP, SHOP),
            id="one of its rules goes",
        ),
        pytest.param(
            (*APP, routes(rule(to("web")), "reviews", "[mesh]")), APP, id="only callers in the mesh asked for it"
        ),
        pytest.param(APP, (*APP, SHOP), id="it is new"),
    ],
)
def test_a_host_is_not_lost_where(before, after):
    assert lost(before, after)[1] == []
