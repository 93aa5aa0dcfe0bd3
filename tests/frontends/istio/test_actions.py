from datetime import timedelta

import pytest

from meshwright.traffic import (
    DirectResponse,
    FaultAbort,
    FaultDelay,
    HashPolicy,
    HeaderValue,
    MirrorPolicy,
    NoAction,
    Redirect,
    RegexRewrite,
    StringMatch,
    WeightedCluster,
)
from tests.frontends.istio.gateway_case import cluster_of, forward, routes_of_rule, service

CART = "route: [{destination: {host: cart}}]"
FULL = "cart.shop.svc.cluster.local"


@pytest.mark.parametrize(
    ("ports", "destination", "cluster"),
    [
        pytest.param("[{name: http, port: 9080}]", "host: cart", f"outbound|9080||{FULL}", id="the only port"),
        pytest.param(
            "[{name: a, port: 9080}, {name: b, port: 9090}]",
            "host: cart",
            f"outbound|80||{FULL}",
            id="of several ports the listener's, even if the service lacks it",
        ),
        pytest.param(
            "[{name: http, port: 9080}]",
            "host: cart, port: {number: 1234}",
            f"outbound|1234||{FULL}",
            id="the port that is written",
        ),
        pytest.param("[{name: http, port: 9080}]", "host: cart, subset: v2", f"outbound|9080|v2|{FULL}", id="a subset"),
        pytest.param(
            "[{name: http, port: 9080}]",
            "host: other.example.net",
            "outbound|80||other.example.net",
            id="unknown hosts",
        ),
    ],
)
def test_names_the_cluster_of_a_destination(ports, destination, cluster):
    (route,) = routes_of_rule(f"[{{route: [{{destination: {{{destination}}}}}]}}]", service("cart", ports))
    assert cluster_of(route) == cluster


def test_an_external_name_gives_its_target():
    alias = service("cart", more=", type: ExternalName, externalName: cart.example.net")
    (route,) = routes_of_rule(f"[{{{CART}}}]", alias)
    assert cluster_of(route) == "outbound|80||cart.example.net"


def test_weights_are_shares_and_zero_takes_nothing():
    (route,) = routes_of_rule(
        "[{route: [{destination: {host: a}, weight: 3}, {destination: {host: b}, weight: 1},"
        " {destination: {host: c}}]}]"
    )
    names = [(cluster.name.rpartition("|")[2].partition(".")[0], cluster.weight) for cluster in forward(route).clusters]
    assert names == [("a", 3), ("b", 1)]


def test_a_single_destination_takes_all_even_with_weight_zero():
    (route,) = routes_of_rule("[{route: [{destination: {host: cart}, weight: 0}]}]")
    assert forward(route).clusters == (WeightedCluster(f"outbound|80||{FULL}"),)


def test_there_is_no_timeout_unless_one_is_written():
    without, with_one = (routes_of_rule(f"[{{{CART}{more}}}]")[0] for more in ("", ", timeout: 5s"))
    assert forward(without).timeout is None
    assert forward(with_one).timeout == timedelta(seconds=5)


def test_the_mesh_may_set_the_default_of_retries():
    settings = {"defaultHttpRetryPolicy": {"attempts": 5, "retryOn": "reset"}}
    (route,) = routes_of_rule(f"[{{{CART}}}]", mesh_config=settings)
    assert (forward(route).retries.attempts, forward(route).retries.retry_on) == (5, "reset")


@pytest.mark.parametrize(
    ("rewrite", "expected"),
    [
        pytest.param("uri: /new", ("/new", None, None), id="the path"),
        pytest.param("authority: a.com", (None, None, "a.com"), id="the authority"),
        pytest.param("uri: /new, authority: a.com", ("/new", None, "a.com"), id="both"),
        pytest.param(
            'uriRegexRewrite: {match: "^/a/(.*)", rewrite: "/\\\\1"}, uri: /new',
            (None, RegexRewrite("^/a/(.*)", "/\\1"), None),
            id="an expression comes before a path",
        ),
    ],
)
def test_rewrites(rewrite, expected):
    action = forward(routes_of_rule(f"[{{{CART}, rewrite: {{{rewrite}}}}}]")[0])
    assert (action.prefix_rewrite, action.regex_rewrite, action.host_rewrite) == expected


@pytest.mark.parametrize(
    ("redirect", "expected"),
    [
        pytest.param("uri: /new", Redirect(path="/new"), id="a path, 301"),
        pytest.param("authority: a.com, redirectCode: 308", Redirect(308, host="a.com"), id="a host and a code"),
        pytest.param("prefixRewrite: /new, uri: /lost", Redirect(prefix="/new"), id="a prefix comes before a path"),
        pytest.param("scheme: https, port: 443", Redirect(scheme="https"), id="the scheme's own port is left out"),
        pytest.param("scheme: https, port: 80", Redirect(scheme="https", port=80), id="another one is not"),
        pytest.param("uri: /a, derivePort: FROM_REQUEST_PORT", Redirect(path="/a"), id="nor the server's"),
    ],
)
def test_redirects(redirect, expected):
    assert routes_of_rule(f"[{{redirect: {{{redirect}}}}}]")[0].action == expected


def test_a_redirect_with_a_status_that_is_none_has_no_action():
    (route,) = routes_of_rule("[{redirect: {uri: /new, redirectCode: 317}}]")
    assert route.action == NoAction()


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        pytest.param("", None, id="without a body"),
        pytest.param(", body: {string: hi}", b"hi", id="a text"),
        pytest.param(", body: {bytes: aGVsbG8=}", b"hello", id="bytes"),
    ],
)
def test_direct_responses(body, expected):
    (route,) = routes_of_rule(f"[{{directResponse: {{status: 503{body}}}}}]")
    assert route.action == DirectResponse(503, expected)


def test_mirrors_to_several_and_never_with_zero_percent():
    (route,) = routes_of_rule(
        f"[{{{CART}, mirror: {{host: a}}, mirrorPercentage: {{value: 0}},"
        " mirrors: [{destination: {host: b}}, {destination: {host: c}, percentage: {value: 2.5}}]}]"
    )
    assert forward(route).mirrors == (
        MirrorPolicy("outbound|80||b.shop.svc.cluster.local", 100.0),
        MirrorPolicy("outbound|80||c.shop.svc.cluster.local", 2.5),
    )


def test_sets_come_before_adds_and_the_authority_is_no_header():
    (route,) = routes_of_rule(
        f"[{{{CART}, headers: {{request: {{add: {{b: '2'}}, set: {{c: '3', Host: new.example.com}}, remove: [d]}}}}}}]"
    )
    assert route.header_changes.request_add == (HeaderValue("c", "3"), HeaderValue("b", "2", append=True))
    assert route.header_changes.request_remove == ("d",)
    assert forward(route).host_rewrite == "new.example.com"


def test_headers_of_a_single_destination_follow_the_rules():
    (route,) = routes_of_rule(
        "[{headers: {request: {set: {a: '1'}}},"
        " route: [{destination: {host: cart}, headers: {request: {set: {b: '2'}}}}]}]"
    )
    assert [header.name for header in route.header_changes.request_add] == ["a", "b"]


def test_headers_of_a_split_stay_with_their_destination():
    (route,) = routes_of_rule(
        "[{route: [{destination: {host: a}, weight: 1, headers: {request: {set: {x: '1', ':authority': a.com}}}},"
        " {destination: {host: b}, weight: 1}]}]"
    )
    one, other = forward(route).clusters
    assert (one.host_rewrite, [header.name for header in one.header_changes.request_add]) == ("a.com", ["x"])
    assert (other.host_rewrite, other.header_changes.request_add) == (None, ())


@pytest.mark.parametrize(
    ("fault", "delay", "abort"),
    [
        pytest.param(
            "delay: {fixedDelay: 2s, percentage: {value: 0.12345}}",
            FaultDelay(timedelta(seconds=2), 0.1234),
            None,
            id="percentages have four places",
        ),
        pytest.param("delay: {fixedDelay: 2s}", FaultDelay(timedelta(seconds=2), 0.0), None, id="none means never"),
        pytest.param("abort: {httpStatus: 400}", None, FaultAbort(0.0, 400), id="for aborts too"),
        pytest.param(
            "abort: {grpcStatus: UNAVAILABLE, percentage: {value: 100}}",
            None,
            FaultAbort(100.0, grpc_status=14),
            id="a gRPC status by name",
        ),
    ],
)
def test_faults(fault, delay, abort):
    found = routes_of_rule(f"[{{{CART}, fault: {{{fault}}}}}]")[0].fault
    assert (found.delay, found.abort) == (delay, abort)


def test_cross_origin_rules():
    (route,) = routes_of_rule(
        f"[{{{CART}, corsPolicy: {{allowOrigins: [{{exact: 'https://a'}}, {{}}], maxAge: 1h, allowMethods: [GET]}}}}]"
    )
    assert route.cors.allow_origins == (StringMatch("exact", "https://a"),)
    assert (route.cors.max_age, route.cors.allow_methods) == (timedelta(hours=1), ("GET",))
    assert route.cors.forward_not_matching_preflights is True


HASHED = """
apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata: {name: cart, namespace: shop}
spec: {host: cart, trafficPolicy: {loadBalancer: {consistentHash: {httpHeaderName: x-user}}}}
"""


def test_consistent_hashing_comes_from_the_destination_rule():
    (route,) = routes_of_rule(f"[{{{CART}}}]", service("cart"), HASHED)
    assert forward(route).hash_policies == (HashPolicy("header", "x-user"),)
    assert forward(route).retries.avoid_previous_hosts is False


def test_the_cookie_of_consistent_hashing_lives_to_the_nanosecond():
    rule = HASHED.replace("httpHeaderName: x-user", "httpCookie: {name: user, ttl: 0.0000001s}")
    (route,) = routes_of_rule(f"[{{{CART}}}]", service("cart"), rule)
    assert forward(route).hash_policies == (HashPolicy("cookie", "user", ttl_ns=100),)


def test_a_host_that_no_service_declares_has_no_consistent_hashing():
    (route,) = routes_of_rule(f"[{{{CART}}}]", HASHED)
    assert forward(route).hash_policies == ()


def test_rules_behind_a_catch_all_are_left_out():
    routes = routes_of_rule(f"[{{match: [{{uri: {{prefix: /}}}}], {CART}}}, {{name: lost, {CART}}}]")
    assert len(routes) == 1


def test_routes_lead_back_to_their_rule():
    first, second = routes_of_rule(f"[{{match: [{{uri: {{prefix: /a}}}}], {CART}}}, {{{CART}}}]")
    assert [first.origin.field, second.origin.field] == ["spec.http[0]", "spec.http[1]"]
    assert first.origin.resource == "VirtualService shop/cart"


def test_names_of_match_and_rule_are_joined():
    (route,) = routes_of_rule(f"[{{name: api, match: [{{name: v1, uri: {{prefix: /a}}}}], {CART}}}]")
    assert route.name == "api.v1"
