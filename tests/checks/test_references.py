"""What leads nowhere, and what only seems to."""

import pytest

from meshwright.frontends import MeshOptions
from tests.checks.findings import findings_in, told


def service(name, namespace="shop", ports="[{name: http, port: 80}]"):
    return (
        f"apiVersion: v1\nkind: Service\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec: {{selector: {{app: {name}}}, ports: {ports}}}\n"
    )


def deployment(name, namespace="shop", labels=""):
    pod = f"{{app: {name}{labels}}}"
    return (
        f"apiVersion: apps/v1\nkind: Deployment\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec: {{selector: {{matchLabels: {{app: {name}}}}}, template: {{metadata: {{labels: {pod}}}, "
        "spec: {containers: [{name: app}]}}}\n"
    )


def istio(kind, name, spec, namespace="shop"):
    return (
        f"apiVersion: networking.istio.io/v1\nkind: {kind}\nmetadata: {{name: {name}, namespace: {namespace}}}\n"
        f"spec: {spec}\n"
    )


def route(destination, hosts="[cart]", extra="", namespace="shop"):
    spec = f"{{hosts: {hosts}{extra}, http: [{{route: [{{destination: {destination}}}]}}]}}"
    return istio("VirtualService", "cart", spec, namespace)


def subsets(host, *names, namespace="shop", extra=""):
    listed = ", ".join(f"{{name: {name}, labels: {{version: {name}}}}}" for name in names)
    return istio("DestinationRule", f"rule-{namespace}", f"{{host: {host}, subsets: [{listed}]{extra}}}", namespace)


def codes(*objects, complete=False, options=None):
    found = told(findings_in("---\n".join(objects), complete, options))
    return [each.code for each in found if each.severity in ("error", "warning")]


@pytest.mark.parametrize(
    ("host", "found"),
    [
        pytest.param("cart", [], id="a short name in its own namespace"),
        pytest.param("cart.shop.svc.cluster.local", [], id="a full name"),
        pytest.param("crat", ["MW102"], id="a misspelt name"),
        pytest.param("cart.shop", ["MW102"], id="a name with a dot is not completed"),
        pytest.param("prices", ["MW102"], id="a short name of another namespace"),
        pytest.param("cart.other.svc.cluster.local", [], id="a namespace of which nothing is shown"),
        pytest.param("www.example.com", [], id="a name from outside that may be declared elsewhere"),
    ],
)
def test_a_destination_is_a_host_that_a_service_has(host, found):
    objects = service("cart"), service("prices", "finance"), route(f"{{host: {host}}}")
    assert codes(*objects) == found


def test_the_message_offers_the_name_that_was_meant():
    objects = service("cart"), service("prices", "finance"), route("{host: prices}")
    (found,) = told(findings_in("---\n".join(objects)))
    assert found.remedy.startswith("Write prices.finance.svc.cluster.local: ")
    assert found.wrong == 'no service has the host "prices.shop.svc.cluster.local" ("prices" in shop)'


def test_the_domain_of_the_cluster_is_an_option():
    objects = service("cart"), route("{host: crat}")
    assert codes(*objects, options=MeshOptions(cluster_domain="corp.local")) == ["MW102"]


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        pytest.param(subsets("cart", "v2"), [], id="beside the route"),
        pytest.param(subsets("cart.shop.svc.cluster.local", "v2", namespace="istio-system"), [], id="in the root"),
        pytest.param(subsets("'*.shop.svc.cluster.local'", "v2"), [], id="by a wildcard"),
        pytest.param(subsets("cart", "v1"), ["MW104"], id="another subset"),
        pytest.param(subsets("prices", "v2"), ["MW104"], id="another host"),
        pytest.param(
            subsets("cart.shop.svc.cluster.local", "v2", namespace="elsewhere"),
            ["MW104"],
            id="in a namespace where no client looks",
        ),
        pytest.param(
            subsets("cart.shop.svc.cluster.local", "v2", namespace="web"),
            [],
            id="where one of the clients is",
        ),
    ],
)
def test_a_subset_is_one_that_clients_find(rule, found):
    cart = deployment("cart", labels=", version: v2")
    objects = service("cart"), service("prices"), cart, deployment("web", "web"), deployment("prices")
    told_of = [each for each in codes(*objects, rule, route("{host: cart, subset: v2}")) if each != "MW134"]
    assert told_of == found


@pytest.mark.parametrize(
    ("weight", "severity"),
    [
        pytest.param(10, "warning", id="a share of the requests"),
        pytest.param(0, "note", id="no share yet"),
    ],
)
def test_a_subset_without_pods_is_worse_when_requests_go_there(weight, severity):
    spec = (
        "{hosts: [cart], http: [{route: [{destination: {host: cart, subset: v1}, weight: 90},"
        f" {{destination: {{host: cart, subset: v2}}, weight: {weight}}}]}}]}}"
    )
    pods = deployment("cart", labels=", version: v1")
    objects = service("cart"), pods, subsets("cart", "v1", "v2"), istio("VirtualService", "cart", spec)
    found = told(findings_in("---\n".join(objects)))
    assert [(each.code, each.severity) for each in found] == [("MW134", severity)]
    surely = "error" if severity == "warning" else severity
    everything = told(findings_in("---\n".join(objects), complete=True))
    assert [each.severity for each in everything if each.code == "MW134"] == [surely]


GATEWAY = "{selector: {istio: ingressgateway}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: %s}]}"


@pytest.mark.parametrize(
    ("server", "host", "found"),
    [
        pytest.param("[shop.example.com]", "shop.example.com", [], id="the same"),
        pytest.param('["*"]', "shop.example.com", [], id="any host"),
        pytest.param('["*.example.com"]', "shop.example.com", [], id="a wildcard of the server"),
        pytest.param("[shop.example.com]", '"*.example.com"', [], id="a wildcard of the VirtualService"),
        pytest.param('["*.example.com"]', "example.com", ["MW121"], id="a wildcard is not for the apex"),
        pytest.param('["./shop.example.com"]', "shop.example.com", [], id="the own namespace"),
        pytest.param('["other/shop.example.com"]', "shop.example.com", ["MW121"], id="another namespace"),
        pytest.param('["*/shop.example.com"]', "shop.example.com", [], id="every namespace"),
    ],
)
def test_a_host_is_served_by_the_gateway(server, host, found):
    objects = (
        service("cart"),
        istio("Gateway", "public", GATEWAY % server),
        route("{host: cart}", f"[{host}]", ", gateways: [public]"),
    )
    assert codes(*objects) == found


@pytest.mark.parametrize(
    ("name", "found"),
    [
        pytest.param("public", [], id="short"),
        pytest.param("shop/public", [], id="with its namespace"),
        pytest.param("./public", ["MW803"], id="with a dot, which istiod refuses"),
        pytest.param("public.shop.svc.cluster.local", ["MW804"], id="the old form"),
        pytest.param("mesh", [], id="the mesh"),
        pytest.param("other/public", ["MW101"], id="another namespace"),
    ],
)
def test_a_gateway_is_found_by_every_form_of_its_name(name, found):
    objects = (
        service("cart"),
        istio("Gateway", "public", GATEWAY % '["*"]'),
        route("{host: cart}", "[shop.example.com]", f", gateways: [{name}]"),
    )
    assert codes(*objects) == found


@pytest.mark.parametrize(
    ("exports", "found"),
    [
        pytest.param(("['*']", "['*']"), ["MW122", "MW122"], id="both seen everywhere"),
        pytest.param(("['.']", "['other']"), [], id="seen in different namespaces"),
        pytest.param(("['~']", "['*']"), ["MW803"], id="one seen nowhere, which istiod refuses"),
        pytest.param(("['.']", "['*']"), [], id="one for its own namespace, on purpose"),
    ],
)
def test_two_virtual_services_of_the_mesh_for_one_host(exports, found):
    spec = "{hosts: [cart], exportTo: %s, http: [{route: [{destination: {host: cart}}]}]}"
    both = [istio("VirtualService", f"cart-{place}", spec % export) for place, export in enumerate(exports)]
    assert codes(service("cart"), *both) == found


def test_two_sidecars_without_a_selector_are_told():
    spec = "{egress: [{hosts: ['./*']}]}"
    assert codes(istio("Sidecar", "a", spec), istio("Sidecar", "b", spec)) == ["MW701", "MW701"]
    assert codes(istio("Sidecar", "a", spec), istio("Sidecar", "b", spec, "other")) == []
