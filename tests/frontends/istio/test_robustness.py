"""Objects that a cluster would refuse: whatever stands in a field, compiling goes on."""

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from meshwright.manifests.resource import Resource
from tests.frontends.istio.gateway_case import GATEWAY, INGRESS, service, virtual_service
from tests.frontends.istio.test_gateways import TLS, gateway, server

EVERYTHING = [
    GATEWAY,
    gateway("tls", server(443, "HTTPS", "[a.com]", TLS) + ", " + server(9000, "TCP")),
    gateway("sni", server(15443, "TLS", '["*.com"]', ", tls: {mode: PASSTHROUGH}")),
    service("cart"),
    virtual_service(
        "all",
        "[{match: [{uri: {prefix: /a}, headers: {x: {exact: a}}, port: 80}], route: [{destination: {host: cart,"
        " port: {number: 80}}, weight: 1, headers: {request: {set: {a: b}}}}, {destination: {host: cart}}],"
        " retries: {attempts: 1, retryOn: 5xx}, fault: {abort: {httpStatus: 500}, delay: {fixedDelay: 1s}},"
        " mirror: {host: cart}, mirrorPercentage: {value: 1}, corsPolicy: {allowOrigins: [{exact: a}]},"
        " rewrite: {uri: /b}, timeout: 1s}, {delegate: {name: part}}, {redirect: {uri: /c, port: 1}},"
        " {directResponse: {status: 1, body: {string: a}}}]",
        "[shop.example.com, a.com]",
        ", tcp: [{match: [{port: 9000}], route: [{destination: {host: cart}}]}],"
        " tls: [{match: [{sniHosts: [a.com]}], route: [{destination: {host: cart}}]}], exportTo: ['*']",
    ),
    virtual_service("part", "[{route: [{destination: {host: cart}}]}]", "[]"),
    """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec:
  host: cart
  exportTo: ["*"]
  trafficPolicy: {tls: {mode: SIMPLE}, portLevelSettings: [{port: {number: 80}, tls: {mode: DISABLE}}]}
  subsets: [{name: v1, labels: {v: a}, trafficPolicy: {loadBalancer: {consistentHash: {httpCookie: {name: c}}}}}]
""",
]
OBJECTS = [resource.body for resource in read_text("\n---\n".join(EVERYTHING), default_namespace="shop")]
ODDITIES = st.sampled_from([None, True, 0, -1, 2.5, "", "x", "*", [], [None], [[]], ["x"], {}, {"x": None}, {"x": "y"}])


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    found = [path] if path else []
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return found + [place for key, child in children for place in places(child, (*path, key))]


PLACES = [(number, place) for number, body in enumerate(OBJECTS) for place in places(body["spec"])]


def resource(body: dict[str, Any]) -> Resource:
    return Resource(body, body["apiVersion"], body["kind"], "shop", body["metadata"]["name"])


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(PLACES), ODDITIES), min_size=1, max_size=2))
def test_a_field_of_a_wrong_type_stops_nothing(changes):
    bodies = json.loads(json.dumps(OBJECTS))
    for (number, place), oddity in changes:
        holder = bodies[number]["spec"]
        for key in place[:-1]:
            holder = holder[key] if isinstance(holder, dict | list) and place_in(holder, key) else None
        if isinstance(holder, dict | list) and place_in(holder, place[-1]):
            holder[place[-1]] = oddity
    mesh = compile_mesh(map(resource, bodies))
    for proxy in (INGRESS, *mesh.gateways()):
        assert mesh.route_table(proxy).proxy == proxy


def place_in(holder: dict[str, Any] | list[Any], key: Any) -> bool:
    return key in holder if isinstance(holder, dict) else isinstance(key, int) and key < len(holder)
