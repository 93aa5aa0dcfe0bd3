import pytest

from meshwright.frontends.istio.matches import ANY_REQUEST, applies, claim_path, is_catch_all, route_match
from meshwright.traffic import ClaimMatch, HeaderMatch, PathMatch, QueryMatch, StringMatch


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        pytest.param({"prefix": "/a"}, PathMatch("prefix", "/a"), id="a prefix compares characters"),
        pytest.param({"exact": "/a"}, PathMatch("exact", "/a"), id="exact is exact"),
        pytest.param({"regex": "/a.*"}, PathMatch("regex", "/a.*"), id="a regular expression is taken as it is"),
        pytest.param({}, PathMatch("prefix", "/"), id="an empty condition takes every path"),
    ],
)
def test_translates_paths(uri, path):
    assert route_match({"uri": uri}).path == path


@pytest.mark.parametrize(
    ("prefix", "path"),
    [
        pytest.param("/a/", PathMatch("separated_prefix", "/a"), id="the slash at the end goes"),
        pytest.param("/", PathMatch("prefix", "/"), id="the root stays a prefix"),
    ],
)
def test_ingress_and_gateway_api_compare_whole_segments(prefix, path):
    assert route_match({"uri": {"prefix": prefix}}, by_segments=True).path == path


def test_case_is_ignored_in_paths_only_when_asked():
    assert route_match({"uri": {"prefix": "/a"}, "ignoreUriCase": True}).path.ignore_case
    assert not route_match({"uri": {"prefix": "/a"}}).path.ignore_case


@pytest.mark.parametrize(
    ("field", "condition", "header"),
    [
        pytest.param("headers", {}, HeaderMatch("x-user"), id="an empty condition asks for presence"),
        pytest.param("headers", {"regex": "*"}, HeaderMatch("x-user"), id="so does a star alone"),
        pytest.param("headers", {"exact": "a"}, HeaderMatch("x-user", StringMatch("exact", "a")), id="a value"),
        pytest.param("withoutHeaders", {}, HeaderMatch("x-user", invert=True), id="absence"),
        pytest.param(
            "withoutHeaders",
            {"exact": "a"},
            HeaderMatch("x-user", StringMatch("exact", "a"), invert=True, missing_is_empty=True),
            id="any other value, or none",
        ),
    ],
)
def test_translates_headers(field, condition, header):
    assert route_match({field: {"X-User": condition}}).headers == (header,)


def test_the_request_line_follows_the_headers():
    match = route_match({"scheme": {"exact": "https"}, "method": {"exact": "GET"}, "headers": {"z": {}, "a": {}}})
    assert [header.name for header in match.headers] == ["a", "z", ":method", ":scheme"]


def test_translates_query_parameters():
    match = route_match({"queryParams": {"q": {"prefix": "a"}, "debug": {}}})
    assert match.query == (QueryMatch("debug"), QueryMatch("q", StringMatch("prefix", "a")))


@pytest.mark.parametrize(
    ("name", "path"),
    [
        pytest.param("@request.auth.claims.group.id", ("group", "id"), id="dots lead inside"),
        pytest.param("@request.auth.claims[group][a.b]", ("group", "a.b"), id="brackets keep dots"),
        pytest.param("@request.auth.claims", (), id="without a claim it is a header"),
        pytest.param("x-user", (), id="a header is none"),
    ],
)
def test_tells_claims_of_tokens_from_headers(name, path):
    assert claim_path(name) == path


def test_claims_are_no_headers():
    match = route_match({"withoutHeaders": {"@request.auth.claims.admin": {"exact": "yes"}}})
    assert match.headers == ()
    assert match.claims == (ClaimMatch(("admin",), StringMatch("exact", "yes"), invert=True),)


@pytest.mark.parametrize(
    ("match", "expected"),
    [
        pytest.param(None, True, id="no condition"),
        pytest.param({"uri": {"prefix": "/"}}, True, id="the root as prefix"),
        pytest.param({"uri": {"regex": ".*"}}, True, id="the expression for everything"),
        pytest.param({"uri": {"regex": "/.*"}}, False, id="another expression, though it takes as much"),
        pytest.param({"uri": {"prefix": "/"}, "headers": {"a": {}}}, False, id="a header"),
        pytest.param({"uri": {"prefix": "/"}, "queryParams": {"a": {}}}, False, id="a query parameter"),
        pytest.param({"headers": {"@request.auth.claims.a": {}}}, False, id="a claim"),
    ],
)
def test_recognises_what_takes_every_request_by_its_spelling(match, expected):
    assert is_catch_all(route_match(match)) is expected


@pytest.mark.parametrize(
    ("match", "gateways", "expected"),
    [
        pytest.param({}, (), True, id="no condition"),
        pytest.param({}, ("shop/web",), True, id="this gateway"),
        pytest.param({}, ("shop/other",), False, id="another gateway"),
        pytest.param({"sourceLabels": {"app": "x"}}, ("shop/web",), True, id="gateways decide alone"),
        pytest.param({"sourceLabels": {"app": "x"}}, (), False, id="labels of another workload"),
        pytest.param({"sourceLabels": {"istio": "gw"}}, (), True, id="its own labels"),
        pytest.param({"sourceNamespace": "edge"}, (), True, id="its own namespace"),
        pytest.param({"sourceNamespace": "shop"}, (), False, id="another namespace"),
    ],
)
def test_tells_which_proxies_a_match_is_for(match, gateways, expected):
    here = frozenset({"shop/web"})
    assert applies(match, gateways, here=here, labels={"istio": "gw"}, namespace="edge") is expected


def test_a_rule_without_match_takes_every_request():
    assert route_match(None) is ANY_REQUEST
