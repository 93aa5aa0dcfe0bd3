"""Whatever is made leads back to what the user wrote."""

import pytest

from meshwright.frontends.gateway_api import convert
from meshwright.manifests import read_text

TEXT = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{port: 80}]}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: gate, namespace: shop}
spec:
  gatewayClassName: istio
  listeners:
  - name: http
    port: 80
    protocol: HTTP
---
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: {name: cart, namespace: shop}
spec:
  parentRefs:
  - name: gate
  rules:
  - backendRefs:
    - name: cart
      port: 80
  - matches:
    - path: {type: PathPrefix, value: /old}
    - path: {type: Exact, value: /older}
    filters:
    - type: URLRewrite
      urlRewrite: {hostname: new.example.com}
    backendRefs:
    - name: cart
      port: 80
    timeouts: {request: 1s}
"""


def made(kind):
    (found,) = [one for one in convert(list(read_text(TEXT, file="shop.yaml"))) if one.kind == kind]
    return found


@pytest.mark.parametrize(
    ("field", "source", "line"),
    [
        pytest.param("", "", 16, id="the whole route"),
        pytest.param("spec.http[0]", "spec.rules[1]", 26, id="a rule, which precedence put first"),
        pytest.param("spec.http[0].match[0]", "spec.rules[1].matches[1]", 28, id="one of its matches"),
        pytest.param("spec.http[0].match[0].uri", "spec.rules[1].matches[1]", 28, id="a field nobody noted"),
        pytest.param("spec.http[1].rewrite", "spec.rules[1].filters[0]", 30, id="a filter"),
        pytest.param("spec.http[1].timeout", "spec.rules[1].timeouts", 35, id="a timeout"),
        pytest.param("spec.http[2].route[0].destination", "spec.rules[0].backendRefs[0]", 24, id="a backend"),
        pytest.param("spec.gateways[0]", "spec.parentRefs[0]", 21, id="the gateway"),
    ],
)
def test_a_virtual_service_leads_back_to_its_route(field, source, line):
    origin = made("VirtualService").origin(field)

    assert (origin.resource, origin.field) == ("HTTPRoute shop/cart", source)
    assert origin.place.file == "shop.yaml"
    assert origin.place.line_of(origin.field) == line


def test_a_server_leads_back_to_its_listener():
    origin = made("Gateway").origin("spec.servers[0].port")

    assert (origin.resource, origin.field) == ("Gateway shop/gate", "spec.listeners[0].port")
