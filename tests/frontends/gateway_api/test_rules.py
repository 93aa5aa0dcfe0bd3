"""Rules of HTTPRoutes and GRPCRoutes: their order, and what istiod makes of each field."""

import pytest

from tests.frontends.gateway_api.meshes import gateway, path, route, rules_of, to, virtual_services


def names(rules):
    return [rule["name"] for rule in rules]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param(path("/a", "Exact"), path("/a/long/prefix"), id="an exact path before any prefix"),
        pytest.param(path("/a"), path("/a/.*", "RegularExpression"), id="a prefix before any expression"),
        pytest.param(path("/a/b"), path("/a"), id="the longer prefix"),
        pytest.param(path("/a", method="GET"), path("/a"), id="with a method"),
        pytest.param(
            path("/a", headers=[{"name": "x", "value": "1"}]),
            path("/a", queryParams=[{"name": "y", "value": "1"}]),
            id="headers before query parameters",
        ),
        pytest.param(path("/a", queryParams=[{"name": "y", "value": "1"}]), path("/a"), id="with query parameters"),
    ],
)
def test_the_more_specific_rule_comes_first(first, second):
    both = [{"name": "second", "matches": [second]}, {"name": "first", "matches": [first]}]

    assert names(rules_of(gateway(), route(*both))) == ["first", "second"]


def test_among_equals_the_older_route_comes_first_then_the_smaller_name():
    def of(name, **metadata):
        return route({"name": name, "matches": [path("/a")]}, name=name, **metadata)

    young, old = (
        of("a-young", creationTimestamp="2026-02-01T00:00:00Z"),
        of("b", creationTimestamp="2026-01-01T00:00:00Z"),
    )
    twin = of("c", creationTimestamp="2026-01-01T00:00:00Z")

    assert names(rules_of(gateway(), young, twin, old)) == ["b", "c", "a-young"]


def test_each_match_becomes_a_rule_of_its_own():
    rules = rules_of(gateway(), route({"matches": [path("/a"), path("/b", "Exact")], "backendRefs": [to("cart")]}))

    assert [rule["match"] for rule in rules] == [[{"uri": {"exact": "/b"}}], [{"uri": {"prefix": "/a"}}]]


def test_http_and_grpc_routes_of_one_host_share_a_virtual_service():
    grpc = route({"matches": [{"method": {"service": "cart.Cart", "method": "Get"}}]}, name="rpc", kind="GRPCRoute")

    rules = rules_of(gateway(), route({"matches": [path("/")]}), grpc)

    assert names(rules) == ["shop.rpc.0", "shop.cart.0"]


@pytest.mark.parametrize(
    ("method", "uri"),
    [
        pytest.param({"service": "a.B", "method": "C"}, {"exact": "/a.B/C"}, id="service and method"),
        pytest.param({"service": "a.B"}, {"prefix": "/a.B/"}, id="service alone"),
        pytest.param({"method": "C"}, {"regex": "/[^/]+/C"}, id="method alone"),
        pytest.param({"service": "a.*", "type": "RegularExpression"}, {"regex": "/a.*/.+"}, id="expression"),
    ],
)
def test_a_grpc_method_is_a_path(method, uri):
    rules = rules_of(gateway(), route({"matches": [{"method": method}]}, kind="GRPCRoute"))

    assert rules[0]["match"] == [{"uri": uri}]


@pytest.mark.parametrize(
    ("references", "expected"),
    [
        pytest.param([to("cart", weight=5)], [("cart", None)], id="a single backend needs no weight"),
        pytest.param([to("cart", weight=0), to("stock")], [("stock", None)], id="one without weight gets nothing"),
        pytest.param([to("cart", weight=3), to("stock")], [("cart", 3), ("stock", 1)], id="the usual weight is 1"),
        pytest.param([to("absent")], [("absent", None)], id="one that does not exist keeps its share"),
    ],
)
def test_weights_share_the_requests(references, expected):
    (rule,) = rules_of(gateway(), route({"backendRefs": references}))

    shares = [(part["destination"]["host"].split(".")[0], part.get("weight")) for part in rule["route"]]
    assert shares == expected


@pytest.mark.parametrize(
    "references",
    [
        pytest.param([], id="no backend"),
        pytest.param([to("cart", weight=0), to("stock", weight=0)], id="no backend with a weight"),
    ],
)
def test_without_any_weight_the_answer_is_500(references):
    (rule,) = rules_of(gateway(), route({"backendRefs": references}))

    assert rule["directResponse"] == {"status": 500}
    assert "route" not in rule


@pytest.mark.parametrize(
    "rule",
    [
        pytest.param({"filters": [{"type": "ExtensionRef", "extensionRef": {"name": "x"}}]}, id="an extension"),
        pytest.param({"backendRefs": [{"name": "cart"}]}, id="a Service without a port"),
        pytest.param({"backendRefs": [to("cart.shop.svc")]}, id="a host name in place of a Service"),
        pytest.param(
            {
                "filters": [
                    {"type": "RequestHeaderModifier", "requestHeaderModifier": {"set": [{"name": "a", "value": "\n"}]}}
                ]
            },
            id="a header value with a line break",
        ),
    ],
)
def test_one_unusable_rule_drops_the_whole_route(rule):
    assert virtual_services(gateway(), route({"backendRefs": [to("cart")]}, rule)) == []


def only(filters, **fields):
    (rule,) = rules_of(gateway(), route({"filters": filters, "backendRefs": [to("cart")], **fields}))
    return rule


def test_headers_are_set_added_and_removed_and_the_first_of_a_name_counts():
    given = {
        "set": [{"name": "X-A", "value": "1"}, {"name": "x-a", "value": "2"}],
        "add": [{"name": "b", "value": "3"}],
        "remove": ["c"],
    }

    rule = only([{"type": "ResponseHeaderModifier", "responseHeaderModifier": given}])

    assert rule["headers"] == {"response": {"set": {"x-a": "1"}, "add": {"b": "3"}, "remove": ["c"]}}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({}, {"redirectCode": 302, "derivePort": "FROM_REQUEST_PORT"}, id="the usual status is 302"),
        pytest.param(
            {"scheme": "https", "statusCode": 301},
            {"redirectCode": 301, "scheme": "https", "derivePort": "FROM_PROTOCOL_DEFAULT"},
            id="a scheme brings its port",
        ),
        pytest.param(
            {"port": 8443, "path": {"type": "ReplacePrefixMatch", "replacePrefixMatch": "/new"}},
            {"redirectCode": 302, "port": 8443, "prefixRewrite": "/new"},
            id="a prefix is replaced",
        ),
    ],
)
def test_redirects(given, expected):
    assert only([{"type": "RequestRedirect", "requestRedirect": given}], backendRefs=[])["redirect"] == expected


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param({"type": "ReplacePrefixMatch", "replacePrefixMatch": "/new/"}, {"uri": "/new"}, id="prefix"),
        pytest.param({"type": "ReplacePrefixMatch", "replacePrefixMatch": ""}, {"uri": "/"}, id="prefix removed"),
        pytest.param(
            {"type": "ReplaceFullPath", "replaceFullPath": "/all"},
            {"uriRegexRewrite": {"match": "/.*", "rewrite": "/all"}},
            id="whole path",
        ),
    ],
)
def test_rewrites(given, expected):
    assert only([{"type": "URLRewrite", "urlRewrite": {"path": given}}])["rewrite"] == expected


def test_mirrors_add_up_and_one_that_leads_nowhere_is_left_out():
    def mirror(name, **share):
        return {"type": "RequestMirror", "requestMirror": {"backendRef": to(name), **share}}

    rule = only(
        [mirror("cart", percent=10), mirror("absent"), mirror("stock", fraction={"numerator": 1, "denominator": 8})]
    )

    assert [part["percentage"]["value"] for part in rule["mirrors"]] == [10, 12.5]


@pytest.mark.parametrize(
    ("origin", "expected"),
    [
        pytest.param("https://a.example", {"exact": "https://a.example"}, id="a plain origin"),
        pytest.param("https://a.*", {"prefix": "https://a."}, id="a wildcard at the end"),
        pytest.param("https://*.a.example", {"regex": r"^https://.*\.a\.example$"}, id="a wildcard inside"),
    ],
)
def test_origins_allowed_to_read_answers(origin, expected):
    rule = only([{"type": "CORS", "cors": {"allowOrigins": [origin]}}])

    assert rule["corsPolicy"] == {"allowOrigins": [expected], "maxAge": "5s", "unmatchedPreflights": "IGNORE"}


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        pytest.param({"timeouts": {"request": "1m30s"}}, {"timeout": "90s"}, id="for the whole request"),
        pytest.param(
            {"timeouts": {"request": "2s", "backendRequest": "500ms"}},
            {"timeout": "0.500s"},
            id="the time for one attempt wins where there are no retries",
        ),
        pytest.param(
            {"timeouts": {"request": "2s", "backendRequest": "1s"}, "retry": {"attempts": 3, "codes": [503]}},
            {
                "timeout": "2s",
                "retries": {
                    "attempts": 3,
                    "retryOn": "connect-failure,refused-stream,unavailable,cancelled,503",
                    "perTryTimeout": "1s",
                },
            },
            id="and bounds each of several attempts",
        ),
        pytest.param({"retry": {"attempts": 0}}, {"retries": {"attempts": 0}}, id="no attempts, no retries"),
        pytest.param({"timeouts": {"request": "0s"}}, {}, id="zero is no timeout"),
    ],
)
def test_timeouts_and_retries(fields, expected):
    rule = only([], **fields)

    assert {key: rule[key] for key in ("timeout", "retries") if key in rule} == expected


def test_a_rule_without_a_match_matches_every_path_but_comes_before_expressions():
    both = [{"name": "all"}, {"name": "expression", "matches": [path("/a.*", "RegularExpression")]}]

    assert names(rules_of(gateway(), route(*both))) == ["all", "expression"]
    assert names(rules_of(gateway(), route(*both), api_defaults=False)) == ["expression", "all"]
