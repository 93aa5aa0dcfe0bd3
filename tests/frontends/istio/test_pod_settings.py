import pytest

from meshwright.traffic import Proxy
from tests.frontends.istio.gateway_case import GATEWAY, ingress, mesh, service


def deployment(annotation: str, labels: str = "{app: web, version: v1}", namespace: str = "shop") -> str:
    return f"""
apiVersion: apps/v1
kind: Deployment
metadata: {{name: web, namespace: {namespace}}}
spec:
  template:
    metadata:
      labels: {labels}
      annotations:
        {annotation}
"""


def proxy_config(variable: str, namespace: str = "shop", labels: str = "{app: web}") -> str:
    return f"""
apiVersion: networking.istio.io/v1beta1
kind: ProxyConfig
metadata: {{name: c, namespace: {namespace}}}
spec: {{selector: {{matchLabels: {labels}}}, environmentVariables: {{{variable}: "true"}}}}
"""


CAPTURE = "ISTIO_META_DNS_CAPTURE"
PORTS = 'traffic.sidecar.istio.io/excludeOutboundPorts: "80"'
ANNOTATIONS = ["pod annotations"]


@pytest.mark.parametrize(
    ("documents", "found"),
    [
        pytest.param(deployment(PORTS), ANNOTATIONS, id="ports that pass the proxy by"),
        pytest.param(deployment("sidecar.istio.io/interceptionMode: TPROXY"), ANNOTATIONS, id="another redirection"),
        pytest.param(
            deployment("proxy.istio.io/config: '{proxyHeaders: {attemptCount: {disabled: true}}}'"),
            ANNOTATIONS,
            id="headers that the proxy adds",
        ),
        pytest.param(
            deployment(f"proxy.istio.io/config: '{{proxyMetadata: {{{CAPTURE}: \"true\"}}}}'"),
            ANNOTATIONS,
            id="what istiod is told of the proxy",
        ),
        pytest.param(
            deployment("proxy.istio.io/config: '{holdApplicationUntilProxyStarts: true}'"), [], id="no traffic changes"
        ),
        pytest.param(deployment("proxy.istio.io/config: '{'"), [], id="settings that nobody can read"),
        pytest.param(deployment("sidecar.istio.io/inject: 'true'"), [], id="an annotation for the injection"),
        pytest.param(deployment(PORTS, "{app: other}"), [], id="other pods"),
        pytest.param(deployment(PORTS, namespace="bank"), [], id="pods of another namespace"),
        pytest.param(proxy_config(CAPTURE), ["ProxyConfig"], id="a ProxyConfig for these pods"),
        pytest.param(proxy_config(CAPTURE, "istio-system", "{}"), ["ProxyConfig"], id="a ProxyConfig for all"),
        pytest.param(proxy_config(CAPTURE, labels="{app: other}"), [], id="a ProxyConfig for others"),
        pytest.param(proxy_config("LANG"), [], id="a variable for the container alone"),
    ],
)
def test_names_what_pods_set_for_their_own_proxies(documents, found):
    table = mesh(service("cart"), documents).route_table(Proxy("sidecar", "shop", (("app", "web"),)))
    assert [unknown.feature for unknown in table.unknowns] == found


def test_pods_of_a_gateway_may_set_something_too():
    annotation = "proxy.istio.io/config: '{proxyHeaders: {}, proxyMetadata: {ISTIO_META_NETWORK: n}}'"
    pods = deployment(annotation, "{istio: ingressgateway}", "istio-system")
    assert [unknown.feature for unknown in ingress(GATEWAY, pods).unknowns] == ANNOTATIONS
