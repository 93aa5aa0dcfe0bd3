import pytest

from meshwright.analysis.listening import Chains, listener_of
from meshwright.traffic import (
    Cluster,
    FilterChain,
    FilterChainMatch,
    Listener,
    RouteTable,
    TcpRoute,
    WeightedCluster,
)

from .tables import GATEWAY, SIDECAR, request


def chain(name, **match):
    return FilterChain(name, FilterChainMatch(**match))


def taken(*chains, sni=None, port=80, address="", **listener):
    inspectors = {"inspects_tls": True, "inspects_http": True, **listener}
    found = Chains(Listener("l", "0.0.0.0", port, chains, **inspectors)).find(
        request(sni=sni, port=port, address=address)
    )
    return found.name if found is not None else None


HOSTS = (
    chain("exact", server_names=("a.com",)),
    chain("suffix", server_names=("*.a.com", "other.com")),
    chain("longer", server_names=("*.b.a.com",)),
    chain("any"),
)


@pytest.mark.parametrize(
    ("sni", "name"),
    [
        pytest.param("A.com", "exact", id="the name itself, in any case"),
        pytest.param("x.a.com", "suffix", id="a wildcard"),
        pytest.param("x.b.a.com", "longer", id="the longest wildcard"),
        pytest.param(".a.com", "any", id="a wildcard asks for a label"),
        pytest.param("other.com", "suffix", id="one of several names"),
        pytest.param("else.com", "any", id="no name fits"),
        pytest.param(None, "any", id="plain text names no server"),
    ],
)
def test_a_connection_is_told_by_its_server_name(sni, name):
    assert taken(*HOSTS, sni=sni, port=443) == name


def test_without_an_inspector_no_server_name_is_known():
    assert taken(*HOSTS, sni="a.com", inspects_tls=False) == "any"


def test_an_exception_of_the_inspector_is_for_its_port():
    assert taken(*HOSTS, sni="a.com", port=443, tls_exceptions=(443,)) == "any"


@pytest.mark.parametrize(
    ("chains", "name"),
    [
        pytest.param([chain("port", destination_port=80), chain("else")], "port", id="the port first"),
        pytest.param([chain("other", destination_port=81), chain("else")], "else", id="another port asks too much"),
        pytest.param(
            [chain("wide", prefix_ranges=("10.0.0.0/8",)), chain("near", prefix_ranges=("10.0.0.0/24",))],
            "near",
            id="the narrower range",
        ),
        pytest.param(
            [chain("tls", transport_protocol="tls"), chain("raw", transport_protocol="raw_buffer")],
            "raw",
            id="plain text",
        ),
        pytest.param(
            [chain("http", application_protocols=("http/1.1", "h2c")), chain("else")], "http", id="read as HTTP"
        ),
        pytest.param(
            [chain("port", destination_port=80, server_names=("a.com",)), chain("else")],
            None,
            id="there is no way back",
        ),
        pytest.param([chain("from", source_prefix_ranges=("10.0.0.0/8",))], None, id="sources are not known"),
    ],
)
def test_criteria_are_asked_in_envoys_order(chains, name):
    assert taken(*chains, address="10.0.0.7") == name


def test_the_default_chain_takes_the_rest():
    listener = Listener("l", "0.0.0.0", 80, (chain("tls", transport_protocol="tls"),), chain("default"))
    assert Chains(listener).find(request()).name == "default"


SERVICE = Listener(
    "10.0.0.7_80",
    "10.0.0.7",
    80,
    (FilterChain("", FilterChainMatch(), tcp=TcpRoute((WeightedCluster("outbound|80||db.shop.svc.cluster.local"),))),),
)
OUTBOUND = Listener("virtualOutbound", "0.0.0.0", 15001)
CLUSTERS = {
    "outbound|80||db.shop.svc.cluster.local": Cluster(
        "outbound|80||db.shop.svc.cluster.local", "db.shop.svc.cluster.local", 80
    )
}


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        pytest.param({"address": "10.0.0.7"}, "10.0.0.7_80", id="the exact address"),
        pytest.param({"address": "10.0.0.8"}, "0.0.0.0_80", id="any other address"),
        pytest.param({"authority": "db"}, "10.0.0.7_80", id="the service of that name in the same namespace"),
        pytest.param({"authority": "db.shop:80"}, "10.0.0.7_80", id="with its namespace"),
        pytest.param({"authority": "web"}, "0.0.0.0_80", id="another service"),
        pytest.param({"port": 81}, "virtualOutbound", id="a port that nothing listens on"),
    ],
)
def test_a_sidecar_listens_by_address_then_by_port(asked, name):
    table = RouteTable(SIDECAR, (SERVICE, Listener("0.0.0.0_80", "0.0.0.0", 80), OUTBOUND), (), CLUSTERS)
    assert listener_of(table, request(**asked)).name == name


def test_a_gateway_listens_behind_the_ports_of_its_service():
    table = RouteTable(GATEWAY, (Listener("0.0.0.0_8080", "0.0.0.0", 8080),), ports={80: 8080})
    assert listener_of(table, request(port=80)).name == "0.0.0.0_8080"
    assert listener_of(table, request(port=81)) is None
