"""``meshwright compile``."""

import json

import pytest
from click.testing import CliRunner

from meshwright.cli import main

MESH = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: gateway, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: [shop.test]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [shop.test]
  gateways: [gateway]
  http:
  - match:
    - uri: {prefix: /cart}
      headers: {end-user: {exact: jason}}
      method: {exact: GET}
    timeout: 2s
    route:
    - {destination: {host: cart, subset: v1}, weight: 80}
    - {destination: {host: cart, subset: v2}, weight: 20}
  - redirect: {uri: /cart, redirectCode: 302}
---
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  subsets: [{name: v1, labels: {version: v1}}, {name: v2, labels: {version: v2}}]
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  ports: [{port: 80, name: http}]
"""
TEXT = """\
router/istio-system/istio=ingressgateway
  0.0.0.0_80
    any connection -> HTTP routes http.80

  http.80
    shop.test
      GET /cart*, header end-user = jason  -> 80 % HOST:80 v1, 20 % HOST:80 v2
        timeout 2 s
        VirtualService shop/cart spec.http[0], FILE:18
      /*                                   -> redirect 302 to path /cart
        VirtualService shop/cart spec.http[1], FILE:26
"""


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mesh.yaml").write_text(MESH)
    return tmp_path


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, ["compile", *map(str, arguments)], input=stdin)


def test_text_shows_the_routes_of_each_host_in_their_order(folder):
    result = run(folder)
    assert result.exit_code == 0
    expected = TEXT.replace("FILE", str(folder / "mesh.yaml")).replace("HOST", "cart.shop.svc.cluster.local")
    assert result.output == expected


def test_envoy_is_the_list_of_route_configurations(folder):
    (configuration,) = json.loads(run(folder, "--format", "envoy").output)
    assert configuration["name"] == "http.80"
    (host,) = configuration["virtualHosts"]
    assert host["domains"] == ["shop.test"]
    assert [route["match"]["prefix"] for route in host["routes"]] == ["/cart", "/"]
    clusters = host["routes"][0]["route"]["weightedClusters"]["clusters"]
    assert [(cluster["name"], cluster["weight"]) for cluster in clusters] == [
        ("outbound|80|v1|cart.shop.svc.cluster.local", 80),
        ("outbound|80|v2|cart.shop.svc.cluster.local", 20),
    ]
    assert host["routes"][1]["redirect"] == {"pathRedirect": "/cart", "responseCode": "FOUND"}


def test_short_names_are_completed_as_the_mesh_does(folder):
    (configuration,) = json.loads(run(folder, "--config-domain", "", "--format", "envoy").output)
    clusters = configuration["virtualHosts"][0]["routes"][0]["route"]["weightedClusters"]["clusters"]
    assert clusters[0]["name"] == "outbound|80|v1|cart.shop"


def test_json_is_the_route_table_with_the_place_of_each_rule(folder):
    (table,) = json.loads(run(folder, "--format", "json").output)
    route = table["route_configurations"][0]["virtual_hosts"][0]["routes"][0]
    assert table["proxy"] == "router/istio-system/istio=ingressgateway"
    assert route["action"]["timeout"] == 2.0
    assert route["origin"] == {
        "resource": "VirtualService shop/cart",
        "field": "spec.http[0]",
        "file": str(folder / "mesh.yaml"),
        "line": 18,
    }


def test_a_sidecar_is_sent_what_it_calls_but_not_what_stands_in_its_listeners(folder):
    configurations = json.loads(run(folder, "--proxy", "sidecar/shop/app=web", "--format", "envoy").output)
    assert [configuration["name"] for configuration in configurations] == ["80"]
    assert "cart.shop.svc.cluster.local" in configurations[0]["virtualHosts"][0]["domains"]


def test_a_gateway_that_no_gateway_selects_has_no_routes(folder):
    assert json.loads(run(folder, "--proxy", "router/shop/istio=other", "--format", "envoy").output) == []


def test_standard_input_is_read_like_a_folder(folder):
    assert run("-", "--format", "envoy", stdin=MESH).output == run(folder, "--format", "envoy").output


@pytest.mark.parametrize(
    "named",
    [
        pytest.param("ingress", id="no namespace"),
        pytest.param("waypoint/shop/app=x", id="no such type"),
        pytest.param("router//app=x", id="an empty namespace"),
        pytest.param("sidecar/shop/app", id="a label without value"),
    ],
)
def test_what_names_no_proxy_is_refused_with_the_form_to_write(folder, named):
    result = run(folder, "--proxy", named)
    assert result.exit_code == 2
    assert result.stderr == (
        f"--proxy: {named!r} names no proxy. Write router/NAMESPACE/app=x or sidecar/NAMESPACE/app=x\n"
    )


def test_a_folder_without_gateway_says_what_to_do(tmp_path):
    (tmp_path / "service.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n")
    result = run(tmp_path)
    assert result.exit_code == 2
    assert result.stderr == f"{tmp_path}: no Gateway selects a workload. Name a proxy with --proxy, or add a Gateway\n"


def test_a_folder_that_does_not_exist_is_unusable_input(tmp_path):
    result = run(tmp_path / "nowhere")
    assert result.exit_code == 2
    assert "no such folder or file" in result.stderr
