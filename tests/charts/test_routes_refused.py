"""What routes are refused, each with its own line, and what only looks alike and passes."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from meshwright.charts import (
    Abort,
    Backend,
    Cors,
    Delay,
    DirectResponse,
    Fault,
    HeaderChanges,
    HttpApp,
    Match,
    Mirror,
    Redirect,
    Retries,
    Rewrite,
    Route,
)
from tests.charts.route_refusals import SECOND, a_route, anything, of, told

ROUTES: list[Any] = [
    # actions
    pytest.param(anything(), "it does nothing", id="a route that does nothing"),
    pytest.param(
        a_route(redirect=Redirect(uri="/b")), "it has to and redirect. Keep one", id="both a target and a redirect"
    ),
    pytest.param(
        anything(redirect=Redirect(uri="/b"), direct_response=DirectResponse(200)),
        "it has redirect and direct_response",
        id="both a redirect and a response",
    ),
    pytest.param(
        anything(redirect=Redirect(uri="/b"), timeout=SECOND),
        "it has timeout, but sends nothing on",
        id="a slow redirect",
    ),
    pytest.param(anything(redirect=Redirect()), "the redirect leads to the same place", id="a redirect to nowhere"),
    pytest.param(
        anything(redirect=Redirect(uri="/a", prefix_rewrite="/b")),
        "has both uri and prefix_rewrite",
        id="two new paths",
    ),
    pytest.param(
        anything(redirect=Redirect(prefix_rewrite="/b"), match=Match.exact("/a")), "without prefix", id="no prefix"
    ),
    pytest.param(
        anything(redirect=Redirect(uri="/b", code=200)), "the redirect's code is 200", id="a code of no redirect"
    ),
    pytest.param(anything(redirect=Redirect(scheme="ftp")), "the redirect's scheme is 'ftp'", id="a scheme of no web"),
    pytest.param(anything(redirect=Redirect(port=0)), "the redirect's port is 0", id="a redirect to port 0"),
    pytest.param(
        anything(direct_response=DirectResponse(42)), "status of the response is 42", id="a status of no HTTP"
    ),
    # targets
    pytest.param(anything(to="cart"), "a target is 'cart', a name", id="a target by name"),
    pytest.param(lambda cart: Route(to=cart.version), "a target is a method", id="a method that was not called"),
    pytest.param(anything(to=Backend("cart", 8080)), "host 'cart' is short", id="a short host"),
    pytest.param(anything(to=Backend("cart.shop", 8080)), "host 'cart.shop' is no Service", id="a host without svc"),
    pytest.param(anything(to=Backend("cart.shop.svc", 8080)), "stops before the cluster domain", id="half a host"),
    pytest.param(
        anything(to=Backend("cart.shop.svc.cluster.local", 80)), "has no port 80. It has 8080", id="a port it lacks"
    ),
    pytest.param(
        anything(to=Backend("cart.shop.svc.cluster.local", 8080, "v9")), "has no subset 'v9'", id="a subset it lacks"
    ),
    pytest.param(
        anything(to=Backend("crat.shop.svc.cluster.local", 8080)),
        "no Service 'crat' is in namespace 'shop'",
        id="a typo",
    ),
    pytest.param(anything(to=Backend("a_b.example.com", 80)), "'a_b.example.com' is no host name", id="no host name"),
    pytest.param(anything(to=Backend("a.example.com", 0)), "the port of a.example.com is 0", id="port 0"),
    pytest.param(anything(to={}), "it names no target", id="no target"),
    # shares
    pytest.param(
        lambda cart: Route(to={cart.version("v1"): 100, cart.version("v2"): 1}), "sum to 101", id="101 percent"
    ),
    pytest.param(lambda cart: Route(to={cart.version("v1"): 60, cart.version("v2"): 30}), "sum to 90", id="90 percent"),
    pytest.param(lambda cart: Route(to={cart.version("v1"): 50}), "sum to 50", id="half to one, the rest to none"),
    pytest.param(lambda cart: Route(to={cart: "100"}), "a weight is '100'", id="a weight as text"),
    pytest.param(
        lambda cart: Route(to={cart.version("v1"): 99.5, cart.version("v2"): 0.5}),
        "a weight is 99.5",
        id="half a percent",
    ),
    pytest.param(
        lambda cart: Route(to={cart: 50, cart.backend: 50}), "twice. Give each target once", id="a target twice"
    ),
    # times
    pytest.param(
        a_route(timeout="5 sec"), "timeout is '5 sec', with the unknown time unit 'sec'", id="an unknown unit"
    ),
    pytest.param(a_route(timeout="5s"), "timeout is '5s', a text. Give timedelta(seconds=5)", id="a time as text"),
    pytest.param(a_route(timeout=5), "a number without a unit. Give timedelta(seconds=5)", id="a time without unit"),
    pytest.param(a_route(timeout="soon"), "with the unknown time unit 'soon'", id="no time at all"),
    pytest.param(a_route(timeout=timedelta(0)), "timeout is 0:00:00", id="no time"),
    pytest.param(a_route(timeout=timedelta(microseconds=1500)), "finer than Istio reads", id="half a millisecond"),
    pytest.param(
        a_route(timeout=SECOND, retries=Retries(2, per_try_timeout=2 * SECOND)),
        "is longer than the timeout",
        id="a long try",
    ),
    pytest.param(a_route(retries=Retries(-1)), "retries.attempts is -1", id="fewer than no retries"),
    pytest.param(a_route(retries=Retries(0, on=["5xx"])), "switched off by attempts=0", id="retries that are off"),
    pytest.param(a_route(retries=Retries(1, on=["500s"])), "retries.on has '500s'", id="an unknown condition"),
    # faults and copies
    pytest.param(a_route(fault=Fault()), "neither delay nor abort", id="a fault without fault"),
    pytest.param(a_route(fault=Fault(abort=Abort(99))), "fault.abort.status is 99", id="an abort of no status"),
    pytest.param(a_route(fault=Fault(abort=Abort(500, grpc_status="OK"))), "has to have one status", id="two statuses"),
    pytest.param(
        a_route(fault=Fault(abort=Abort(grpc_status="GONE"))), "grpc_status is 'GONE'", id="no status of gRPC"
    ),
    pytest.param(
        a_route(fault=Fault(abort=Abort(500, percent=130))), "abort.percent is 130", id="more faults than requests"
    ),
    pytest.param(a_route(fault=Fault(delay=Delay(SECOND, percent=-1))), "delay.percent is -1", id="fewer than none"),
    pytest.param(a_route(fault=Fault(delay=Delay("7s"))), "fault.delay.fixed is '7s', a text", id="a delay as text"),
    pytest.param(a_route(mirror=Mirror("cart")), "a target is 'cart', a name", id="a mirror by name"),
    pytest.param(
        lambda cart: Route(to=cart, mirror=Mirror(cart, percent="5")), "mirror.percent is '5'", id="copies as text"
    ),
    pytest.param(
        lambda cart: Route(to=cart, mirror=Mirror(cart, 0.00001)), "finer than a proxy counts", id="a tiny share"
    ),
    # changes
    pytest.param(a_route(rewrite=Rewrite()), "the rewrite changes nothing", id="a rewrite of nothing"),
    pytest.param(a_route(rewrite=Rewrite(uri="b")), "rewrite.uri is 'b'. Start it with /", id="a path without slash"),
    pytest.param(
        a_route(rewrite=Rewrite(regex="(", replacement="/")), "which proxies cannot read", id="a broken regex"
    ),
    pytest.param(a_route(rewrite=Rewrite(regex="a")), "only one of regex and replacement", id="a regex for nothing"),
    pytest.param(
        a_route(rewrite=Rewrite(uri="/"), match=[Match.below("/a"), Match.below("/b")]),
        "a route for each",
        id="two roots",
    ),
    pytest.param(
        a_route(request_headers=HeaderChanges()), "request_headers changes nothing", id="no change of headers"
    ),
    pytest.param(
        a_route(request_headers=HeaderChanges(set={"a b": "1"})), "has 'a b', which is no header", id="a space"
    ),
    pytest.param(
        a_route(response_headers=HeaderChanges(set={"Host": "a"})), "changes 'Host', which no", id="a host back"
    ),
    pytest.param(a_route(request_headers=HeaderChanges(set={"x": 1})), "makes x 1. Give a text: '1'", id="a number"),
    pytest.param(a_route(request_headers=HeaderChanges(add={"x": "a\n"})), "with a control character", id="two lines"),
    pytest.param(a_route(cors=Cors()), "cors allows no origin", id="no origin"),
    pytest.param(
        a_route(cors=Cors(allow_origins=["example.com"])), "which no browser sends", id="an origin without scheme"
    ),
    pytest.param(
        a_route(cors=Cors(allow_origins=["*"], allow_methods=["get"])), "allow_methods has 'get'", id="a method"
    ),
    pytest.param(a_route(cors=Cors(allow_origins=["*"], max_age=SECOND / 2)), "Give whole seconds", id="half a second"),
    # matches
    pytest.param(
        a_route(match=Match.prefix("api")), "match.path is 'api'", id="a path that does not start with a slash"
    ),
    pytest.param(a_route(match=Match.exact("/a?b=1")), "a path has no query. Use Match.query", id="a query in a path"),
    pytest.param(
        a_route(match=Match.regex("/a(?=b)")), "match.path is '/a(?=b)', which proxies cannot read", id="no RE2"
    ),
    pytest.param(a_route(match=Match.any().method("GET").method("PUT")), "two conditions on method", id="two methods"),
    pytest.param(a_route(match=Match.any().header("a b")), "match.header 'a b' is no header name", id="no header name"),
    pytest.param(a_route(match=Match.any().header("method", exact="GET")), "Use Match.method", id="a method as header"),
    pytest.param(a_route(match=Match.any().header("x", exact="")), "compared with an empty text", id="an empty value"),
    pytest.param(
        a_route(match=Match.any().header("x", exact=1)), "compared with 1. Give a text", id="a number as value"
    ),
    pytest.param(a_route(match=Match.any().scheme("ftp")), "match.scheme is 'ftp'", id="an unknown scheme"),
    pytest.param(a_route(match=Match.any().port(70000)), "match.port is 70000", id="a port beyond all ports"),
    pytest.param(a_route(match=Match.any().source(namespace="A")), "which is no DNS label", id="no namespace"),
]


@pytest.mark.parametrize(("route", "wrong"), ROUTES)
def test_refuses(tmp_path: Path, route: Callable[[HttpApp], Route], wrong: str) -> None:
    said = told(tmp_path, of(route))
    assert len(said) == 1, said
    assert wrong in said[0]
    written_in = ("test_routes_refused.py", "route_refusals.py")  # a_route writes it there
    assert said[0].startswith(tuple(f"demo/shop/routes (tests/charts/{file}:" for file in written_in))


PASSING: list[Any] = [
    pytest.param(anything(to=Backend("cart.shop.svc.cluster.local", 8080, "v1")), id="a Service by its full name"),
    pytest.param(anything(to=Backend("crat.shop.svc.cluster.local", 1, elsewhere=True)), id="a Service of others"),
    pytest.param(anything(to=Backend("crat.store.svc.cluster.local", 1)), id="a Service of a namespace of others"),
    pytest.param(anything(to=Backend("api.example.com", 443)), id="a host outside"),
    pytest.param(lambda cart: Route(to={cart.version("v1"): 100, cart.version("v2"): 0}), id="all to one for now"),
    pytest.param(a_route(timeout=timedelta(milliseconds=1)), id="one millisecond"),
    pytest.param(a_route(timeout=SECOND, retries=Retries(5, per_try_timeout=SECOND)), id="tries as long as the whole"),
    pytest.param(a_route(retries=Retries(0)), id="no retries"),
    pytest.param(a_route(retries=Retries(2, on=["5xx", 404])), id="retries by status"),
    pytest.param(a_route(fault=Fault(abort=Abort(599, percent=0))), id="a fault that is off"),
    pytest.param(a_route(fault=Fault(delay=Delay(SECOND, percent=0.0001))), id="a delay of one in a million"),
    pytest.param(a_route(cors=Cors(allow_origins=["http://a:8080"], max_age=SECOND)), id="an origin with a port"),
    pytest.param(
        anything(redirect=Redirect(prefix_rewrite="/b"), match=Match.prefix("/a")), id="a prefix for a prefix"
    ),
    pytest.param(
        anything(redirect=Redirect(scheme="https", port="FROM_PROTOCOL_DEFAULT")), id="the port of the scheme"
    ),
    pytest.param(
        a_route(rewrite=Rewrite(uri="/"), match=[Match.prefix("/a"), Match.exact("/b")]), id="one new path for two"
    ),
    pytest.param(a_route(request_headers=HeaderChanges(set={"host": "a"})), id="another host for the backend"),
    pytest.param(a_route(match=Match.any().header("@request.auth.claims.group", exact="a")), id="a claim of a token"),
    pytest.param(a_route(match=Match.any().query("beta", exact="")), id="a parameter without value"),
    pytest.param(a_route(match=Match.regex("/a(b|c)")), id="a regex that RE2 knows"),
]


@pytest.mark.parametrize("route", PASSING)
def test_takes(tmp_path: Path, route: Callable[[HttpApp], Route]) -> None:
    assert told(tmp_path, of(route)) == []


JASON = Match.any().header("end-user", exact="jason")
DEAD: list[Any] = [
    pytest.param([None, Match.exact("/a")], True, id="after a route for everything"),
    pytest.param([Match.prefix("/"), JASON], True, id="after the prefix of all paths"),
    pytest.param([Match.prefix("/a"), Match.prefix("/a")], True, id="after the same match"),
    pytest.param([Match.prefix("/a"), Match.prefix("/ab")], True, id="after a shorter prefix"),
    pytest.param([Match.prefix("/a"), Match.exact("/abc").method("GET")], True, id="after what it narrows"),
    pytest.param([Match.below("/a"), Match.exact("/a/b")], True, id="below a path"),
    pytest.param([Match.prefix("/A", ignore_case=True), Match.exact("/ab")], True, id="after a prefix in any case"),
    pytest.param([Match.any().header("end-user"), JASON], True, id="after the presence of its header"),
    pytest.param([Match.any().header("end-user", prefix="j"), JASON], True, id="after the start of its header"),
    pytest.param([Match.prefix("/ab"), Match.prefix("/a")], False, id="after a longer prefix"),
    pytest.param([Match.below("/a"), Match.exact("/ab")], False, id="beside a path"),
    pytest.param([Match.below("/a"), Match.prefix("/a")], False, id="by characters after segments"),
    pytest.param([JASON, Match.exact("/a")], False, id="after another condition"),
    pytest.param([Match.prefix("/a"), Match.exact("/AB", ignore_case=True)], False, id="any case after one"),
    pytest.param([Match.exact("/a"), Match.regex("/a")], False, id="after what only looks alike"),
    pytest.param([JASON, Match.any().header("end-user")], False, id="presence after one value"),
]


@pytest.mark.parametrize(("matches", "dead"), DEAD)
def test_a_route_that_no_request_reaches_is_refused(tmp_path: Path, matches: list[Match | None], dead: bool) -> None:
    routes = [a_route(match=match) if match else a_route() for match in matches]
    said = told(tmp_path, of(*routes))
    assert [("route 1: it gets no request, route 0" in line) for line in said] == [True] * dead


def test_one_dead_match_of_several_is_named(tmp_path: Path) -> None:
    said = told(tmp_path, of(a_route(match=Match.prefix("/a")), a_route(match=[Match.exact("/b"), Match.exact("/ab")])))
    assert len(said) == 1
    assert "route 1: its match (uri exact /ab) gets no request" in said[0]


def test_two_matches_of_one_route_may_overlap(tmp_path: Path) -> None:
    assert told(tmp_path, of(a_route(match=[Match.prefix("/"), Match.prefix("/guestbook")]))) == []
