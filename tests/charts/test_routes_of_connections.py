"""Routes of TLS and TCP: what they make of istiod's listeners, and what is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest

from meshwright.charts import (
    Backend,
    Environment,
    HttpApp,
    IngressGateway,
    Server,
    TcpRoute,
    TcpRoutes,
    TlsRoute,
    TlsRoutes,
)
from meshwright.errors import MeshwrightError
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from meshwright.traffic import Proxy
from meshwright.tree import App, Chart
from tests.recorder import charts, istiod
from tests.recorder.summary import of_istiod, of_ours

LISTENERS = charts.ANSWERS / "listeners" / "connections.json"
PROXIES = {"gateway": charts.INGRESS, "caller": Proxy("sidecar", "shop", (("app", "caller"),))}
SHOP = Environment("demo", namespace="shop")


def leads(listeners: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The listeners that lead to clusters by TCP, with the names that clients ask for."""
    found = []
    for listener in listeners:
        for chain in listener["chains"]:
            if "tcp" in chain and "outbound" in chain["tcp"][0][0]:
                names = chain.get("match", {}).get("serverNames", [])
                found.append({"port": listener["port"], "names": names, "to": chain["tcp"]})
    return sorted(found, key=json.dumps)


def ask_istiod() -> dict[str, Any]:
    asked = [
        {"name": name, "type": proxy.type, "namespace": proxy.namespace, "labels": dict(proxy.labels)}
        for name, proxy in PROXIES.items()
    ]
    with istiod.Istiod() as asking:
        answer = asking.ask(istiod.question("connections", charts.manifests("connections"), asked))
    return {name: leads(list(map(of_istiod, sent["listeners"]))) for name, sent in answer["proxies"].items()}


def test_connections_go_where_istiod_sends_them() -> None:
    mesh = compile_mesh(read_text(charts.manifests("connections")))
    ours = {name: leads(list(map(of_ours, mesh.route_table(proxy).listeners))) for name, proxy in PROXIES.items()}
    assert ours == json.loads(LISTENERS.read_text())


def test_a_gateway_passes_tls_through_by_name_and_shares_tcp() -> None:
    gateway = json.loads(LISTENERS.read_text())["gateway"]
    assert gateway == [
        {"port": 443, "names": ["login.example.com"], "to": [["outbound|8443||login.shop.svc.cluster.local", 1]]},
        {"port": 443, "names": ["vault.example.com"], "to": [["outbound|8200||vault.shop.svc.cluster.local", 1]]},
        {
            "port": 5432,
            "names": [],
            "to": [
                ["outbound|5432||blue.shop.svc.cluster.local", 90],
                ["outbound|5432||green.shop.svc.cluster.local", 10],
            ],
        },
    ]


@pytest.mark.oracle
def test_istiod_still_makes_the_same_listeners() -> None:
    if istiod.program() is None:
        pytest.skip("needs the recorder: make recorder")
    assert ask_istiod() == json.loads(LISTENERS.read_text())


DB = Backend("db.data.svc.cluster.local", 5432)
WRONG: list[Any] = [
    pytest.param(
        lambda chart, gateway: TlsRoutes(chart, "r", hosts=["a.example.com"], gateways=[gateway], routes=[]),
        "there is no route",
        id="no route",
    ),
    pytest.param(
        lambda chart, gateway: TlsRoutes(chart, "r", hosts=[], gateways=[gateway], routes=[TlsRoute(to=DB)]),
        "there is no host",
        id="no host",
    ),
    pytest.param(
        lambda chart, gateway: TlsRoutes(
            chart,
            "r",
            hosts=["a.example.com"],
            gateways=[gateway],
            routes=[TlsRoute(to=DB, sni_hosts=["b.example.com"])],
        ),
        "sni_hosts has 'b.example.com', which lies in none of the hosts",
        id="a server name that is none of its hosts",
    ),
    pytest.param(
        lambda chart, gateway: TlsRoutes(
            chart, "r", hosts=["a.example.com"], gateways=[gateway], routes=[TlsRoute(to=DB), TlsRoute(to=DB)]
        ),
        "route 1: route 0 takes 'a.example.com' first",
        id="a server name twice",
    ),
    pytest.param(
        lambda chart, gateway: TlsRoutes(
            chart, "r", hosts=["a.example.org"], gateways=[gateway], routes=[TlsRoute(to=DB)]
        ),
        "no server of its gateways is there for host 'a.example.org'",
        id="a host that no server is there for",
    ),
    pytest.param(
        lambda chart, gateway: TlsRoutes(
            chart,
            "r",
            hosts=["a.example.com"],
            gateways=[IngressGateway(chart, "plain", hosts=["*"])],
            routes=[TlsRoute(to=DB)],
        ),
        "no server of its gateways passes TLS through",
        id="a gateway of plain HTTP",
    ),
    pytest.param(
        lambda chart, gateway: TcpRoutes(
            chart, "r", hosts=["*"], gateways=[gateway], routes=[TcpRoute(to=DB, port=3306)]
        ),
        "route 0: no server of its gateways has port 3306. They have 5432",
        id="a port that no server has",
    ),
    pytest.param(
        lambda chart, gateway: TcpRoutes(chart, "r", hosts=["*"], gateways=[gateway], routes=[TcpRoute(to={DB: 90})]),
        "route 0: the weights sum to 90",
        id="shares below 100",
    ),
    pytest.param(
        lambda chart, gateway: TcpRoutes(
            chart, "r", hosts=["*"], gateways=[gateway], routes=[TcpRoute(to=DB), TcpRoute(to=DB, port=5432)]
        ),
        "route 1: it gets no connection",
        id="a route after one for everything",
    ),
    pytest.param(
        lambda chart, gateway: TcpRoutes(chart, "r", hosts=["*"], routes=[TcpRoute(to=DB)]),
        "host '*' cannot be for callers inside the mesh",
        id="every host of the mesh",
    ),
    pytest.param(
        lambda chart, gateway: TcpRoutes(chart, "r", hosts=[DB], routes=[TcpRoute(to=DB, port=0)]),
        "route 0: port is 0",
        id="port 0",
    ),
    pytest.param(
        lambda chart, gateway: TcpRoutes(
            chart, "r", hosts=[DB], routes=[TcpRoute(to=Backend("a.shop.svc.cluster.local", 80))]
        ),
        "no Service 'a' is in namespace 'shop'",
        id="a Service that is not there",
    ),
]


@pytest.mark.parametrize(("write", "wrong"), WRONG)
def test_refuses(write: Callable[[Chart, IngressGateway], object], wrong: str) -> None:
    app = App()
    chart = SHOP.chart(app, "shop")
    HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080)
    servers = [Server.tls_passthrough("*.example.com"), Server.tcp("*", port=5432)]
    write(chart, IngressGateway(chart, "gateway", servers=servers))
    with pytest.raises(MeshwrightError) as refused:
        app.synth_yaml()
    said = str(refused.value).splitlines()
    assert len(said) == 1, said
    assert wrong in said[0]
    assert said[0].startswith("demo/shop/r (tests/charts/test_routes_of_connections.py:")
