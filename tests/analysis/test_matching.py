import pytest

from meshwright.analysis.matching import matches
from meshwright.analysis.regex import replace_all
from meshwright.analysis.subject import Subject
from meshwright.traffic import ClaimMatch, HeaderMatch, PathMatch, QueryMatch, RouteMatch, StringMatch

ANY = PathMatch("prefix", "/")
ONE = StringMatch("exact", "1")


def takes(match, *headers, path="/", method="GET", authority="a.com", edge=False, connection="http"):
    return matches(match)(Subject(method, authority, path, headers, connection, edge))


def header(*arguments, **more):
    return RouteMatch(ANY, (HeaderMatch(*arguments, **more),))


# Every answer was given by Envoy 1.40.
@pytest.mark.parametrize(
    ("match", "headers", "taken"),
    [
        pytest.param(header("x-a"), [("X-A", "")], True, id="an empty header is there"),
        pytest.param(header("x-a", None, False), [], True, id="absence"),
        pytest.param(header("x-a", None, True, invert=True), [], True, id="presence turned round is absence"),
        pytest.param(header("x-a", None, False, invert=True), [], False, id="absence turned round is presence"),
        pytest.param(header("x-a", ONE, invert=True), [], False, id="a missing header fails a value turned round"),
        pytest.param(header("x-a", ONE, invert=True, missing_is_empty=True), [], True, id="unless it counts as empty"),
        pytest.param(header("x-a", StringMatch("exact", "a b")), [("x-a", " a b\t")], True, id="blanks around go"),
        pytest.param(header("x-a", StringMatch("suffix", "Z", True)), [("x-a", "az")], True, id="any case"),
        pytest.param(header("x-a", ONE), [("x-a", "2"), ("x-a", "1")], True, id="one of several values is enough"),
        pytest.param(header("x-a", ONE, invert=True), [("x-a", "2"), ("x-a", "1")], False, id="turned round, none may"),
        pytest.param(header("x-a", StringMatch("contains", ",")), [("x-a", "1"), ("x-a", "2")], False, id="no joining"),
        pytest.param(
            header("accept", StringMatch("exact", "1,2")), [("accept", "1"), ("accept", "2")], True, id="known: joined"
        ),
        pytest.param(
            header("accept", StringMatch("exact", "2")), [("accept", ""), ("accept", "2")], True, id="empty not joined"
        ),
        pytest.param(header("connection"), [("connection", "close")], False, id="hop-by-hop headers are gone"),
        pytest.param(header("x-request-id"), [], True, id="Envoy gives every request an id"),
        pytest.param(header("host", StringMatch("exact", "a.com")), [], True, id="host is the authority"),
        pytest.param(header(":method", StringMatch("exact", "GET")), [], True, id="the method is a header"),
        pytest.param(
            header(":scheme", StringMatch("exact", "https")), [("x-forwarded-proto", "HTTPS")], True, id="told"
        ),
    ],
)
def test_headers_as_envoy_compares_them(match, headers, taken):
    assert takes(match, *headers) == taken


@pytest.mark.parametrize("name", ["x-forwarded-proto", ":scheme"])
def test_a_gateway_does_not_believe_what_scheme_it_is_told(name):
    told = ("x-forwarded-proto", "https")
    assert not takes(header(name, StringMatch("exact", "https")), told, edge=True)


@pytest.mark.parametrize(
    ("match", "path", "taken"),
    [
        pytest.param(PathMatch("prefix", "/foo"), "/foobar", True, id="a prefix is of characters"),
        pytest.param(PathMatch("separated_prefix", "/foo"), "/foobar", False, id="a separated one of segments"),
        pytest.param(PathMatch("separated_prefix", "/foo"), "/foo/bar?x", True, id="below it"),
        pytest.param(PathMatch("exact", "/foo"), "/foo?x=1", True, id="the query is left out"),
        pytest.param(PathMatch("exact", "/Foo", True), "/fOO", True, id="any case"),
        pytest.param(PathMatch("regex", "/f"), "/foo", False, id="a regular expression is for all of it"),
        pytest.param(PathMatch("regex", "/F.*", True), "/foo", False, id="whose case counts always"),
        pytest.param(PathMatch("connect", ""), "/foo", False, id="a GET is no CONNECT"),
    ],
)
def test_paths_as_envoy_compares_them(match, path, taken):
    assert takes(RouteMatch(match), path=path) == taken


@pytest.mark.parametrize(
    ("match", "path", "taken"),
    [
        pytest.param(QueryMatch("a"), "/?a", True, id="there"),
        pytest.param(QueryMatch("a"), "/?A=1", False, id="names have a case"),
        pytest.param(QueryMatch("a", StringMatch("exact", "")), "/?a", True, id="without a value it is empty"),
        pytest.param(QueryMatch("a", StringMatch("exact", "1 2")), "/?a=1%202", False, id="nothing is decoded"),
        pytest.param(QueryMatch("a", ONE), "/?a=2&a=1", False, id="the first counts"),
    ],
)
def test_query_parameters_as_envoy_compares_them(match, path, taken):
    assert takes(RouteMatch(ANY, (), (match,)), path=path) == taken


@pytest.mark.parametrize(
    ("value", "there"),
    [
        pytest.param("trailers", True, id="trailers"),
        pytest.param("", True, id="nothing"),
        pytest.param("gzip, trailers", True, id="trailers among others"),
        pytest.param("gzip", False, id="anything else"),
    ],
)
def test_te_is_kept_for_trailers_alone(value, there):
    assert takes(header("te"), ("te", value)) == there


def test_a_gateway_gives_its_own_request_id():
    told = ("x-request-id", "mine")
    mine = header("x-request-id", StringMatch("exact", "mine"))
    assert (takes(mine, told), takes(mine, told, edge=True)) == (True, False)


@pytest.mark.parametrize("invert", [False, True])
def test_a_request_without_a_token_has_no_claims(invert):
    assert takes(RouteMatch(ANY, claims=(ClaimMatch(("groups",), ONE, invert),))) == invert


def test_regular_expressions_are_of_bytes():
    assert not takes(header("x-a", StringMatch("regex", "é*")), ("x-a", ""))
    assert takes(header("x-a", StringMatch("regex", "..")), ("x-a", "é"))


@pytest.mark.parametrize(
    ("pattern", "substitution", "text", "result"),
    [
        pytest.param("/([a-z])", "/-\\1", "/a/bc", "/-a/-bc", id="every match"),
        pytest.param("^/c/(.*)$", "/\\1/\\0", "/c/ab", "/ab//c/ab", id="groups and the whole"),
        pytest.param("\\b", "_", "/ab/cd", "/_ab_/_cd_", id="matches of nothing"),
        pytest.param("a*", "x", "/baab", "x/xbxbx", id="nothing right after a match is none"),
        pytest.param("a", "\\2", "/a", "/a", id="a group that is not there changes nothing"),
        pytest.param("(a)|b", "[\\1]", "ab", "[a][]", id="a group that took no part is empty"),
    ],
)
def test_substitutes_as_re2_does(pattern, substitution, text, result):
    assert replace_all(pattern, substitution, text) == result
