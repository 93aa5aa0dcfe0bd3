"""Edits that people make, and what is told of each: little meshes, one edit a case."""

import json
from textwrap import indent

import pytest
from click.testing import CliRunner

from meshwright.cli import main

SERVICES = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {selector: {app: cart}, ports: [{name: http, port: 80}]}
---
apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec: {selector: {app: web}, ports: [{name: http, port: 80}]}
---
"""


def gateway(name="shop", port=80, hosts="[shop.example.com]", more="", selector="ingressgateway"):
    protocol = "HTTPS" if "tls" in more and "httpsRedirect" not in more else "HTTP"
    return (
        "apiVersion: networking.istio.io/v1\nkind: Gateway\n"
        f"metadata: {{name: {name}, namespace: shop}}\n"
        f"spec: {{selector: {{istio: {selector}}}, servers: "
        f"[{{port: {{number: {port}, name: p{port}, protocol: {protocol}}}, hosts: {hosts}{more}}}]}}\n---\n"
    )


def routes(http, name="shop", gateways="[shop]", hosts="[shop.example.com]"):
    return (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\n"
        f"metadata: {{name: {name}, namespace: shop}}\n"
        f"spec:\n  hosts: {hosts}\n  gateways: {gateways}\n  http:\n{indent(http, '  ')}\n---\n"
    )


def subsets(*names):
    listed = ", ".join(f"{{name: {name}, labels: {{version: {label}}}}}" for name, label in names)
    return (
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\nmetadata: {name: cart, namespace: shop}\n"
        f"spec: {{host: cart, subsets: [{listed}]}}\n---\n"
    )


CART = "- match: [{uri: {prefix: /cart}}]\n  route: [{destination: {host: cart}}]"
WEB = "- route: [{destination: {host: web}}]"
BOTH = f"{CART}\n{WEB}"
V1 = "- route: [{destination: {host: cart, subset: v1}}]"


def told(tmp_path, before, after):
    """Return each change as kind, requests and what differs."""
    for name, text in (("before.yaml", before), ("after.yaml", after)):
        (tmp_path / name).write_text(SERVICES + text)
    result = CliRunner().invoke(
        main, ["diff", str(tmp_path / "before.yaml"), str(tmp_path / "after.yaml"), "--format", "json"]
    )
    assert result.exit_code in (0, 1), result.output
    report = json.loads(result.stdout)
    assert result.exit_code == bool(report["changes"])
    return [
        (change["kind"], region["words"], [f"{each['before']} → {each['after']}" for each in change["aspects"]])
        for change in report["changes"]
        for region in change["regions"]
    ]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param(
            gateway() + routes(BOTH),
            gateway() + routes(CART) + routes(WEB, "zzz"),
            id="a VirtualService is split in two",
        ),
        pytest.param(
            gateway() + routes(BOTH),
            gateway()
            + routes("- match: [{uri: {prefix: /cart}}]\n  delegate: {name: part}\n" + WEB)
            + "apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: part, namespace: shop}\n"
            + "spec: {http: [{route: [{destination: {host: cart}}]}]}\n",
            id="a rule moves to a delegate",
        ),
        pytest.param(
            gateway() + routes(V1) + subsets(("v1", "one")),
            gateway() + routes(V1.replace("v1", "stable")) + subsets(("stable", "one")),
            id="a subset is renamed",
        ),
        pytest.param(
            gateway() + routes(BOTH),
            gateway(name="other") + routes(BOTH, gateways="[other]"),
            id="a Gateway is renamed",
        ),
        pytest.param(
            gateway()
            + routes("- route: [{destination: {host: cart}, weight: 1}, {destination: {host: web}, weight: 3}]"),
            gateway()
            + routes("- route: [{destination: {host: web}, weight: 75}, {destination: {host: cart}, weight: 25}]"),
            id="weights say the same in other numbers",
        ),
        pytest.param(
            gateway() + routes(BOTH),
            gateway() + routes(f"- {CART[2:]}\n  timeout: 0s\n{WEB}"),
            id="no timeout, written",
        ),
    ],
)
def test_an_edit_that_traffic_cannot_tell_is_no_change(tmp_path, before, after):
    assert told(tmp_path, before, after) == []


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        pytest.param(
            gateway() + gateway("inner", 8080, "[in.example.com]", selector="inner") + routes(WEB),
            gateway()
            + gateway("inner", 8080, "[shop.example.com]", selector="inner")
            + routes(WEB, gateways="[inner]"),
            [
                ("refused", "http://shop.example.com/…", ["web → 404, no rule is for it"]),
                ("opened", "http://shop.example.com:8080/…", ["404, no rule is for it → web"]),
            ],
            id="a host moves to another gateway",
        ),
        pytest.param(
            gateway() + routes(WEB),
            gateway(port=8080) + routes(WEB),
            [
                ("refused", "http://shop.example.com/…", ["web → connection refused"]),
                ("opened", "http://shop.example.com:8080/…", ["connection refused → web"]),
                ("altered", "http://any host/…", ["404, no rule is for it → connection refused"]),
                ("altered", "http://any host:8080/…", ["connection refused → 404, no rule is for it"]),
            ],
            id="a gateway's port changes",
        ),
        pytest.param(
            gateway() + routes(WEB),
            gateway(more=", tls: {httpsRedirect: true}") + routes(WEB),
            [("moved", "http://shop.example.com/…", ["web → 301 to https"])],
            id="plain requests are sent to https",
        ),
        pytest.param(
            gateway() + routes(BOTH),
            gateway() + routes(CART),
            [("refused", "http://shop.example.com/…, except /cart…", ["web → 404, no rule is for it"])],
            id="the catch-all is removed",
        ),
        pytest.param(
            gateway() + routes(V1) + subsets(("v1", "one")),
            gateway() + routes(V1) + subsets(("v2", "one")),
            [("refused", "http://shop.example.com/…", ["cart v1 → 503, cart has no subset v1"])],
            id="a subset that is used goes",
        ),
        pytest.param(
            gateway() + routes(V1) + subsets(("v1", "one")),
            gateway() + routes(V1) + subsets(("v1", "two")),
            [("moved", "http://shop.example.com/…", ["cart:80 v1 (version=one) → cart:80 v1 (version=two)"])],
            id="a subset means other pods",
        ),
        pytest.param(
            gateway(port=443, more=", tls: {mode: SIMPLE, credentialName: a}") + routes(WEB),
            gateway(port=443, more=", tls: {mode: MUTUAL, credentialName: a}") + routes(WEB),
            [("refused", "https://shop.example.com/…", ["simple a → mutual a"])],
            id="clients have to show a certificate",
        ),
        pytest.param(
            gateway() + routes("- match: [{headers: {x: {exact: a}}}]\n  route: [{destination: {host: cart}}]\n" + WEB),
            gateway() + routes(WEB),
            [("moved", "http://shop.example.com/… with x: a", ["cart → web"])],
            id="a rule for a header goes",
        ),
    ],
)
def test_tells_what_an_edit_does_to_requests(tmp_path, before, after, changes):
    assert told(tmp_path, before, after) == changes


def test_says_which_object_has_to_be_older_where_age_decides(tmp_path):
    first = gateway() + routes(CART, "aaa")
    second = first + routes(CART.replace("host: cart", "host: web").replace("/cart", "/cart/old"), "bbb")
    assert told(tmp_path, first, second) == [("age", "http://shop.example.com/cart/old…", ["cart → web"])]
    again = told(tmp_path, second, second.replace("/cart/old", "/cart/older"))
    assert {kind for kind, *_ in again} == {"age"}


def test_a_dated_object_is_as_old_as_it_says(tmp_path):
    first = gateway() + routes(CART, "aaa").replace(
        "name: aaa,", "name: aaa, creationTimestamp: '2026-01-02T00:00:00Z',"
    )
    second = routes(CART.replace("host: cart", "host: web"), "bbb")
    second = second.replace("name: bbb,", "name: bbb, creationTimestamp: '2026-01-01T00:00:00Z',")
    assert told(tmp_path, first, first + second) == [("moved", "http://shop.example.com/cart…", ["cart → web"])]


POLICY = """
apiVersion: security.istio.io/v1
kind: AuthorizationPolicy
metadata: {name: deny, namespace: shop}
spec: {action: DENY, rules: [{to: [{operation: {methods: [POST]}}]}]}
---
"""


def test_what_the_model_does_not_cover_is_unknown_where_it_differs(tmp_path):
    found = told(tmp_path, gateway() + routes(WEB), gateway() + routes(WEB) + POLICY)
    assert found == [
        ("unknown", "any request arriving at shop/cart, shop/web", ["none → AuthorizationPolicy shop/deny"])
    ]
    changed = told(tmp_path, POLICY, POLICY.replace("POST", "PUT"))
    assert [change for _, _, change in changed] == [
        ["AuthorizationPolicy shop/deny → AuthorizationPolicy shop/deny, changed"]
    ]
    assert told(tmp_path, gateway() + routes(WEB) + POLICY, gateway() + routes(WEB) + POLICY) == []


def test_strict_mutual_tls_refuses_plain_text(tmp_path):
    mode = "apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: default, namespace: shop}\n"
    (change,) = told(tmp_path, "", mode + "spec: {mtls: {mode: STRICT}}\n")
    assert change == (
        "refused",
        "plain text to port 80, arriving at shop/cart, shop/web",
        ["the workload → connection refused"],
    )


def test_what_else_a_rule_says_does_not_count_while_its_destination_does_not_exist(tmp_path):
    before = gateway() + routes(V1) + subsets(("v2", "two"))
    assert told(tmp_path, before, before.replace("subset: v1}}]", "subset: v1}}]\n    rewrite: {uri: /new}")) == []


def test_a_change_on_the_way_to_a_host_that_neither_side_describes_is_told_without_a_request_that_proves_it(tmp_path):
    before = gateway() + routes("- route: [{destination: {host: elsewhere.example.com}}]")
    after = before.replace("example.com}}]", "example.com}}]\n    timeout: 4s")
    assert told(tmp_path, before, after) == [("altered", "http://shop.example.com/…", ["none → 4 s"])]
    sides = [str(tmp_path / f"{each}.yaml") for each in ("before", "after")]
    found = json.loads(CliRunner().invoke(main, ["diff", *sides, "--format", "json"]).output)
    (region,) = found["changes"][0]["regions"]
    assert region["witness"] is None
    assert region["because"] == "neither side tells the proxy of elsewhere.example.com, so no request shows it"


def test_a_gateway_that_only_one_side_names_has_what_gateways_without_a_selector_say_on_the_other(tmp_path):
    everywhere = gateway().replace("selector: {istio: ingressgateway}", "selector: {}") + routes(WEB)
    inner = gateway("inner", 8080, selector="inner")
    found = told(tmp_path, everywhere, everywhere + inner)
    assert [(kind, words) for kind, words, _ in found] == [("altered", "http://any host:8080/…")]
    assert [kind for kind, *_ in told(tmp_path, everywhere + inner, inner)] == ["refused", "altered"]
