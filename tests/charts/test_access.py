"""Who may call whom, and how: mutual TLS, access policies, tokens, scopes."""

from typing import Any

import pytest

from meshwright.charts import (
    Access,
    AccessPolicy,
    Backend,
    Environment,
    ExternalService,
    HttpApp,
    Identity,
    JwtRule,
    MutualTls,
    RequestAuthentication,
    Sidecar,
)
from meshwright.tree import App, Chart
from tests.charts.constructs import refused, shop, specs


def app(chart: Chart, name: str = "cart") -> HttpApp[Any]:
    return HttpApp(chart, name, versions={"v1": f"{name}:1"}, port=8080, service_port=80)


def test_mutual_tls_of_an_app_may_differ_by_port() -> None:
    chart = shop()
    MutualTls(chart, "cart-tls", of=app(chart), ports={8080: "PERMISSIVE"})
    assert specs(chart, "PeerAuthentication") == [
        {
            "mtls": {"mode": "STRICT"},
            "portLevelMtls": {"8080": {"mode": "PERMISSIVE"}},
            "selector": {"matchLabels": {"app": "cart"}},
        }
    ]


def test_callers_are_known_by_their_service_accounts() -> None:
    chart = shop()
    rule = Access(sources=[app(chart, "web"), Identity("istio-system", "gateway")], methods=["GET"], ports=[8080])
    AccessPolicy(chart, "access", of=app(chart), rules=[rule])
    assert specs(chart, "AuthorizationPolicy")[0]["rules"] == [
        {
            "from": [
                {"source": {"principals": ["cluster.local/ns/shop/sa/web", "cluster.local/ns/istio-system/sa/gateway"]}}
            ],
            "to": [{"operation": {"methods": ["GET"], "ports": ["8080"]}}],
        }
    ]


def test_no_rule_allows_nothing_and_an_empty_rule_everything() -> None:
    chart = shop()
    AccessPolicy(chart, "nothing", rules=[])
    AccessPolicy(chart, "everything", rules=[Access()])
    assert specs(chart, "AuthorizationPolicy") == [{"action": "ALLOW"}, {"action": "ALLOW", "rules": [{}]}]


def test_all_that_an_access_says_has_to_hold() -> None:
    chart = shop()
    rule = Access(
        namespaces=["shop"],
        ip_blocks=["10.0.0.0/8"],
        request_principals=["*"],
        hosts=["a.example.com"],
        paths=["/a*", "*/b", "/c/{*}"],
        not_paths=["/a/x"],
        when={"request.headers[x-tier]": ["gold"]},
    )
    AccessPolicy(chart, "access", action="CUSTOM", provider="opa", rules=[rule])
    (spec,) = specs(chart, "AuthorizationPolicy")
    assert spec["provider"] == {"name": "opa"}
    assert spec["rules"] == [
        {
            "from": [{"source": {"namespaces": ["shop"], "ipBlocks": ["10.0.0.0/8"], "requestPrincipals": ["*"]}}],
            "to": [
                {"operation": {"hosts": ["a.example.com"], "paths": ["/a*", "*/b", "/c/{*}"], "notPaths": ["/a/x"]}}
            ],
            "when": [{"key": "request.headers[x-tier]", "values": ["gold"]}],
        }
    ]


@pytest.mark.parametrize("required", [True, False])
def test_requests_without_a_token_are_denied_where_one_is_required(required: bool) -> None:
    chart = shop()
    RequestAuthentication(chart, "users", of=app(chart), rules=[JwtRule("https://id.example.com")], required=required)
    denied = [
        {
            "action": "DENY",
            "rules": [{"from": [{"source": {"notRequestPrincipals": ["*"]}}]}],
            "selector": {"matchLabels": {"app": "cart"}},
        }
    ]
    assert specs(chart, "AuthorizationPolicy") == (denied if required else [])


def test_a_scope_names_hosts_with_their_namespaces() -> None:
    chart = shop()
    database = ExternalService(chart, "db", host="db.example.com", port=3306, protocol="MYSQL")
    to = [app(chart), database, Backend("stock.other.svc.cluster.local", 80), Backend("x.example.com", 80)]
    Sidecar(chart, "scope", to=to, namespaces=["."], outbound="REGISTRY_ONLY")
    assert specs(chart, "Sidecar") == [
        {
            "egress": [
                {
                    "hosts": [
                        "shop/cart.shop.svc.cluster.local",
                        "shop/db.example.com",
                        "other/stock.other.svc.cluster.local",
                        "*/x.example.com",
                        "./*",
                    ]
                }
            ],
            "outboundTrafficPolicy": {"mode": "REGISTRY_ONLY"},
        }
    ]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param({"methods": ["get"]}, "methods has 'get', which no request has. Write GET", id="a small method"),
        pytest.param({"paths": ["a"]}, "paths has 'a'", id="a path without a slash"),
        pytest.param({"paths": ["/a/*/b"]}, "paths has '/a/*/b'", id="a star in the middle"),
        pytest.param({"not_paths": ["/a?b=c"]}, "paths has '/a?b=c'", id="a path with its query"),
        pytest.param({"ports": [80]}, "the containers of cart do not listen on port 80", id="the port of the Service"),
        pytest.param({"ip_blocks": ["10.0.0/8"]}, "ip_blocks has '10.0.0/8'", id="half an address"),
        pytest.param({"namespaces": ["My-Shop"]}, "namespaces has 'My-Shop'", id="a namespace with capitals"),
        pytest.param({"when": {"request.header[x]": ["a"]}}, "when has 'request.header[x]'", id="an unknown condition"),
        pytest.param({"when": {"request.headers[x]": []}}, "has no value", id="a condition without values"),
        pytest.param({"sources": ["web"]}, "a source is 'web'", id="a caller by its name"),
    ],
)
def test_an_access_refuses(rule: dict[str, Any], said: str) -> None:
    chart = shop()
    AccessPolicy(chart, "access", of=app(chart), rules=[Access(**rule)])
    assert said in refused(chart)[0]


def twice(kind: Any, **fields: Any) -> Any:
    def write(chart: Chart) -> None:
        kind(chart, "one", **fields)
        kind(chart, "two", **fields)

    return write


@pytest.mark.parametrize(
    ("write", "said"),
    [
        pytest.param(lambda c: MutualTls(c, "t", mode="NEVER"), "mode is 'NEVER'", id="an unknown mode"),
        pytest.param(
            lambda c: MutualTls(c, "t", of=app(c), ports={80: "DISABLE"}), "do not listen on port 80", id="a port"
        ),
        pytest.param(twice(MutualTls), "says the mode of namespace shop already", id="two modes of one namespace"),
        pytest.param(twice(Sidecar, namespaces=["."]), "is the Sidecar of namespace shop already", id="two scopes"),
        pytest.param(lambda c: Sidecar(c, "s"), "nothing may be called", id="a scope of nothing"),
        pytest.param(lambda c: Sidecar(c, "s", to=["cart"]), "a target is 'cart'", id="a callee by its name"),
        pytest.param(lambda c: Sidecar(c, "s", namespaces=["a/b"]), "namespaces has 'a/b'", id="no namespace"),
        pytest.param(lambda c: AccessPolicy(c, "a", rules=[], action="DENY"), "has no effect", id="nothing is denied"),
        pytest.param(
            lambda c: AccessPolicy(c, "a", rules=[Access()], action="CUSTOM"), "Give a provider", id="nobody asked"
        ),
        pytest.param(
            lambda c: AccessPolicy(c, "a", rules=[Access()], action="BLOCK"), "action is 'BLOCK'", id="no action"
        ),
        pytest.param(lambda c: RequestAuthentication(c, "r", rules=[]), "there is no rule", id="no issuer"),
        pytest.param(lambda c: RequestAuthentication(c, "r", rules=[JwtRule("")]), "there is no issuer", id="no name"),
        pytest.param(
            lambda c: RequestAuthentication(c, "r", rules=[JwtRule("a", jwks_uri="a/b")]),
            "jwks_uri is 'a/b'",
            id="no URL",
        ),
        pytest.param(
            lambda c: RequestAuthentication(c, "r", rules=[JwtRule("a", jwks="{}")]),
            "no JSON Web Key Set",
            id="no keys",
        ),
        pytest.param(
            lambda c: RequestAuthentication(c, "r", rules=[JwtRule("a", payload_header="x y")]), "'x y'", id="no header"
        ),
    ],
)
def test_refuses(write: Any, said: str) -> None:
    chart = shop()
    write(chart)
    assert any(said in line for line in refused(chart))


def test_a_policy_does_not_reach_an_app_of_another_namespace() -> None:
    root = App()
    cart = app(Environment("a", namespace="stock").chart(root, "stock"))
    chart = Environment("b", namespace="shop").chart(root, "shop")
    MutualTls(chart, "tls", of=cart)
    assert "runs in namespace 'stock', and a policy in 'shop' does not reach it" in refused(chart)[0]
