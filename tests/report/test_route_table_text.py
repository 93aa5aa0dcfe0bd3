"""Route tables for people to read."""

from datetime import timedelta

import pytest

from meshwright.report.route_table_text import action_text, cluster_text, conditions_text, route_tables_text
from meshwright.traffic import (
    ClaimMatch,
    CorsPolicy,
    DirectResponse,
    Fault,
    FaultAbort,
    FaultDelay,
    FilterChain,
    FilterChainMatch,
    Forward,
    HeaderChanges,
    HeaderMatch,
    HeaderValue,
    Listener,
    MirrorPolicy,
    NoAction,
    PathMatch,
    Proxy,
    QueryMatch,
    Redirect,
    RetryPolicy,
    Route,
    RouteConfiguration,
    RouteMatch,
    RouteTable,
    StringMatch,
    TcpRoute,
    Unknown,
    VirtualHost,
    WeightedCluster,
)

ROOT = PathMatch("prefix", "/")


@pytest.mark.parametrize(
    ("match", "text"),
    [
        pytest.param(RouteMatch(ROOT), "/*", id="a prefix ends in a star"),
        pytest.param(RouteMatch(PathMatch("exact", "/a", True)), "/a (any case)", id="an exact path, case ignored"),
        pytest.param(RouteMatch(PathMatch("separated_prefix", "/a")), "/a and below", id="whole segments"),
        pytest.param(RouteMatch(PathMatch("regex", "/a.*")), "~/a.*", id="a pattern begins with a tilde"),
        pytest.param(RouteMatch(PathMatch("connect", "")), "CONNECT", id="tunnels"),
        pytest.param(
            RouteMatch(ROOT, (HeaderMatch(":method", StringMatch("exact", "GET")),)),
            "GET /*",
            id="one method stands before the path",
        ),
        pytest.param(
            RouteMatch(ROOT, (HeaderMatch(":method", StringMatch("regex", "GET|PUT")),)),
            "/*, method ~ GET|PUT",
            id="several methods stand among the conditions",
        ),
        pytest.param(
            RouteMatch(ROOT, (HeaderMatch(":method", StringMatch("exact", "GET"), invert=True),)),
            "/*, not method = GET",
            id="every method but one",
        ),
        pytest.param(
            RouteMatch(ROOT, (HeaderMatch("x", present=False), HeaderMatch("y", StringMatch("prefix", "a")))),
            "/*, not header x, header y = a*",
            id="headers absent and present",
        ),
        pytest.param(
            RouteMatch(ROOT, (), (QueryMatch("q"), QueryMatch("r", StringMatch("suffix", "z", True)))),
            "/*, query q, query r = *z (any case)",
            id="query parameters",
        ),
        pytest.param(
            RouteMatch(PathMatch("regex", "/A", True), (), (QueryMatch("q", StringMatch("regex", "B", True)),)),
            "~/A, query q ~ B",
            id="regular expressions, whose case counts always",
        ),
        pytest.param(
            RouteMatch(ROOT, claims=(ClaimMatch(("group", "id"), StringMatch("contains", "a"), True),)),
            "/*, no claim group.id = *a*",
            id="claims of a token",
        ),
    ],
)
def test_conditions_read_as_they_are_asked(match, text):
    assert conditions_text(match) == text


@pytest.mark.parametrize(
    ("action", "text"),
    [
        pytest.param(DirectResponse(503), "answer 503", id="an answer of its own"),
        pytest.param(Redirect(302, host="a", port=81), "redirect 302 to host a, port 81", id="a redirect in its parts"),
        pytest.param(Redirect(https=True, path="/b"), "redirect 301 to scheme https, path /b", id="a redirect to TLS"),
        pytest.param(Forward(()), "nowhere", id="no destination"),
        pytest.param(NoAction(), "nowhere", id="no action"),
        pytest.param(Forward((WeightedCluster("outbound|80||a.b"),)), "a.b:80", id="one destination"),
        pytest.param(
            Forward((WeightedCluster("outbound|80|v1|a", 1), WeightedCluster("outbound|80|v2|a", 2))),
            "33.33 % a:80 v1, 66.67 % a:80 v2",
            id="weights are shown as shares",
        ),
    ],
)
def test_actions_read_as_what_happens(action, text):
    assert action_text(action) == text


@pytest.mark.parametrize("name", ["PassthroughCluster", "outbound|80", "outbound_.80_.v1_.a"])
def test_names_that_are_no_destination_stay_as_they_are(name):
    assert cluster_text(name) == name


def test_a_table_shows_what_listens_and_each_rule_with_all_that_it_does():
    forward = Forward(
        (WeightedCluster("outbound|80||a"),),
        timeout=timedelta(milliseconds=1500),
        retries=RetryPolicy(3, "5xx", timedelta(seconds=1), (429,)),
        prefix_rewrite="/b",
        host_rewrite="new",
        mirrors=(MirrorPolicy("outbound|80||m", 12.5),),
    )
    route = Route(
        RouteMatch(ROOT),
        forward,
        header_changes=HeaderChanges((HeaderValue("x", "1"), HeaderValue("y", "2", True)), ("z",)),
        fault=Fault(FaultDelay(timedelta(seconds=2), 10), FaultAbort(0.5, grpc_status=14)),
        cors=CorsPolicy((StringMatch("exact", "https://o"),)),
    )
    bytes_to = TcpRoute((WeightedCluster("outbound|90||t"),))
    chains = (
        FilterChain("", FilterChainMatch(server_names=("s",)), http="r", tls="mutual"),
        FilterChain("", FilterChainMatch(server_names=("p",)), tcp=bytes_to),
        FilterChain("", FilterChainMatch(), tcp=bytes_to),
    )
    table = RouteTable(
        Proxy("router", "ns", (("app", "x"),)),
        (Listener("0.0.0.0_443", "0.0.0.0", 443, chains),),
        (RouteConfiguration("r", (VirtualHost("h", ("h", "*.h"), (route,), require_tls="all"),)),),
        unknowns=(Unknown("EnvoyFilter", "EnvoyFilter ns/e changes it"),),
    )
    assert route_tables_text([table]) == (
        "router/ns/app=x\n"
        "  not modelled: EnvoyFilter: EnvoyFilter ns/e changes it\n"
        "  0.0.0.0_443\n"
        "    TLS (mutual) s -> HTTP routes r\n"
        "    TLS passed through p -> TCP t:90\n"
        "    any connection -> TCP t:90\n"
        "\n"
        "  r\n"
        "    h *.h\n"
        "      plain HTTP is redirected to HTTPS\n"
        "      /*  -> a:80\n"
        "        timeout 1.5 s, retries 3 on 5xx,429, 1 s each, path rewritten to /b, host rewritten to new, "
        "mirrors 12.5 % to m:80, request headers x: 1; +y: 2; -z, delays 10 % by 2 s, "
        "aborts 0.5 % with gRPC status 14, CORS for https://o\n"
    )
