"""Gateways: the workloads that serve them, and the certificates and protocols of their listeners."""

import pytest

from meshwright.frontends.gateway_api import Options, convert, gateway_proxies
from tests.frontends.gateway_api.meshes import gateway, listener, route, thing, virtual_services

GATEWAY_SERVICE = "internal.istio.io/gateway-service"


@pytest.mark.parametrize(
    ("addresses", "services", "deployed"),
    [
        pytest.param(None, ("gate-istio.shop.svc.cluster.local",), True, id="istiod deploys one of its own"),
        pytest.param(
            [{"type": "IPAddress", "value": "192.0.2.1"}],
            ("gate-istio.shop.svc.cluster.local",),
            True,
            id="an address is for the one it deploys",
        ),
        pytest.param(
            [{"type": "Hostname", "value": "ingress"}],
            ("ingress.shop.svc.cluster.local",),
            False,
            id="a short host name is a Service of the same namespace",
        ),
        pytest.param(
            [{"type": "Hostname", "value": "ingress.edge.svc.cluster.local"}],
            ("ingress.edge.svc.cluster.local",),
            False,
            id="a full one is left as it is",
        ),
    ],
)
def test_a_gateway_names_the_services_in_front_of_its_workload(addresses, services, deployed):
    found = gateway() if addresses is None else gateway(addresses=addresses)

    (proxy,) = gateway_proxies([found])

    assert (proxy.namespace, proxy.services, proxy.labels is not None) == ("shop", services, deployed)
    (made,) = convert([found])
    assert made.body["metadata"]["annotations"][GATEWAY_SERVICE] == ",".join(services)


def test_the_pods_of_a_deployed_gateway_carry_its_name():
    (proxy,) = gateway_proxies([gateway(infrastructure={"labels": {"team": "web"}})])

    assert proxy.labels == {
        "team": "web",
        "gateway.networking.k8s.io/gateway-name": "gate",
        "gateway.networking.k8s.io/gateway-class-name": "istio",
    }
    assert proxy.ports == {80: "HTTP"}


def served(*listeners, **options):
    return [made.name.rsplit("~", 1)[-1] for made in convert([gateway(*listeners)], Options(**options))]


@pytest.mark.parametrize(
    ("found", "assumed", "checked"),
    [
        pytest.param([], True, False, id="a Secret that is not there is taken as present, if not told otherwise"),
        pytest.param([{"stringData": {"tls.crt": "x", "tls.key": "x"}}], False, False, id="a broken one never is"),
        pytest.param(
            [{"stringData": dict.fromkeys(("tls.crt", "tls.key"), "-----BEGIN X-----")}], True, True, id="a good one"
        ),
    ],
)
def test_a_listener_needs_its_certificate(found, assumed, checked):
    secrets = []
    for fields in found:
        secret = thing("Secret", "cert", {})
        secret.body.update(fields)
        secrets.append(type(secret)(secret.body, "v1", "Secret", "shop", "cert"))
    tls = gateway(listener("tls", 443, "HTTPS", tls={"certificateRefs": [{"name": "cert"}]}))

    assert bool(convert([tls, *secrets])) is assumed
    assert bool(convert([tls, *secrets], Options(assume_unseen=False))) is checked


def test_a_certificate_of_another_namespace_needs_a_grant():
    tls = gateway(listener("tls", 443, "HTTPS", tls={"certificateRefs": [{"name": "cert", "namespace": "vault"}]}))
    source = {"group": "gateway.networking.k8s.io", "kind": "Gateway", "namespace": "shop"}
    grant = thing("ReferenceGrant", "grant", {"from": [source], "to": [{"group": "", "kind": "Secret"}]}, "vault")

    assert convert([tls]) == []
    (made,) = convert([tls, grant])
    assert made.body["spec"]["servers"][0]["tls"] == {
        "mode": "SIMPLE",
        "credentialName": "kubernetes-gateway://vault/cert",
    }


@pytest.mark.parametrize(
    ("given", "names"),
    [
        pytest.param(listener("udp", 53, "UDP"), [], id="UDP is not served"),
        pytest.param(listener("http", 80, "http"), [], id="protocols are written in capitals"),
        pytest.param(listener("tls", 443, "HTTPS"), [], id="HTTPS without certificates is not served"),
        pytest.param(listener("tcp", 5432, "TCP"), ["tcp"], id="TCP is"),
    ],
)
def test_only_what_istiod_can_serve_becomes_a_server(given, names):
    assert served(given) == names


def test_tls_that_passes_through_goes_by_the_names_both_sides_know():
    through = gateway(listener("tls", 443, "TLS", hostname="*.example.com", tls={"mode": "Passthrough"}))
    found = virtual_services(through, route(kind="TLSRoute", hostnames=["*.com", "a.example.com"]))

    assert [made.body["spec"]["hosts"] for made in found] == [["*.example.com"], ["a.example.com"]]
    assert found[0].body["spec"]["tls"][0]["match"] == [{"sniHosts": ["*.example.com", "a.example.com"]}]


def listener_set(*listeners, namespace="shop"):
    return thing(
        "ListenerSet",
        "more",
        {"parentRef": {"name": "gate", "namespace": "shop"}, "listeners": list(listeners)},
        namespace,
    )


def test_a_listener_set_adds_listeners_only_where_the_gateway_allows_it():
    more = listener_set(listener("more", 8080))

    assert len(convert([gateway(), more])) == 1
    assert len(convert([gateway(allowedListeners={"namespaces": {"from": "Same"}}), more])) == 2


def test_the_gateways_own_listeners_come_before_those_of_listener_sets():
    allowing = gateway(allowedListeners={"namespaces": {"from": "All"}})

    made = convert([allowing, listener_set(listener("rival"), listener("other", 8080), namespace="blog")])

    assert sorted(found.name.rsplit("~", 1)[-1] for found in made) == ["http", "other"]


def test_nothing_is_made_of_a_mesh_without_gateway_api():
    assert convert([thing("Service", "cart", {})]) == []
    assert gateway_proxies([thing("Service", "cart", {})]) == []
