"""What the configuration makes a real Envoy do."""

import json
import socket
import time
from dataclasses import replace
from datetime import timedelta

import pytest

from meshwright.envoy.ask import RealEnvoy
from meshwright.traffic import (
    Cluster,
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
    PathMatch,
    Proxy,
    QueryMatch,
    Redirect,
    RegexRewrite,
    Request,
    RetryPolicy,
    RouteConfiguration,
    RouteMatch,
    RouteTable,
    StringMatch,
    WeightedCluster,
)
from tests.envoy.tables import ANY, GATEWAY, forward, gateway, host, rule, tcp

pytestmark = pytest.mark.envoy
PATH_A = RouteMatch(PathMatch("prefix", "/a"))
ONLY_JASON = RouteMatch(ANY.path, (HeaderMatch("end-user", StringMatch("exact", "jason")),))
BY_REGEX = RouteMatch(PathMatch("regex", "/items/[0-9]+"))
WITH_TOKEN = RouteMatch(ANY.path, query=(QueryMatch("token", StringMatch("prefix", "t-")),))
ORIGIN = (StringMatch("exact", "https://shop.example"),)
HALF_AN_HOUR = timedelta(minutes=30)
SPLIT = Forward((WeightedCluster("stable", 80), WeightedCluster("canary", 20)))
HALF_ABORTED = Fault(abort=FaultAbort(50, http_status=418))
DELAYED = Fault(delay=FaultDelay(timedelta(milliseconds=300), 100))
CORS = CorsPolicy(ORIGIN, ("GET", "PUT"), ("x-a",), (), HALF_AN_HOUR, True, True)
CHANGES = HeaderChanges(
    request_add=(HeaderValue("x-set", "new"), HeaderValue("x-added", "second", append=True)),
    request_remove=("x-secret",),
    response_add=(HeaderValue("x-answer", "%RESPONSE_CODE%"),),
)

HOSTS = (
    host("split.test", rule(SPLIT)),
    host("abort.test", rule(forward("c"), fault=HALF_ABORTED)),
    host("delay.test", rule(forward("c"), fault=DELAYED)),
    host("timeout.test", rule(forward("c", timeout=timedelta(seconds=1)))),
    host("retry.test", rule(forward("failing", retries=RetryPolicy(3, "5xx", backoff=timedelta(milliseconds=1))))),
    host("redirect.test", rule(Redirect(308, host="new.test", prefix="/b"), PATH_A)),
    host("direct.test", rule(DirectResponse(203, b"hello"))),
    host("mirror.test", rule(forward("c", mirrors=(MirrorPolicy("shadow"), MirrorPolicy("never", 0.0))))),
    host("cors.test", rule(forward("c"), cors=CORS)),
    host("header.test", rule(forward("jason"), ONLY_JASON), rule(forward("c"))),
    host("regex.test", rule(forward("item"), BY_REGEX), rule(forward("c"))),
    host("query.test", rule(forward("token"), WITH_TOKEN), rule(forward("c"))),
    host("prefix.test", rule(forward("c", prefix_rewrite="/b", host_rewrite="other.test"), PATH_A)),
    host("rewrite.test", rule(forward("c", regex_rewrite=RegexRewrite("^/(.)/(.)", "/\\2/\\1")))),
    host("changes.test", rule(forward("c"), header_changes=CHANGES)),
    host("tls.test", rule(forward("c")), require_tls="all"),
)


@pytest.fixture(scope="module")
def envoy():
    with RealEnvoy(gateway(*HOSTS)) as running:
        yield running


def ask(envoy, authority, path="/", method="GET", **headers):
    named = tuple((name.replace("_", "-"), value) for name, value in headers.items())
    return envoy.request(Request(method, authority, path, named))


def test_weights_hold_statistically(envoy):
    clusters = [ask(envoy, "split.test").cluster for _ in range(600)]
    assert set(clusters) == {"stable", "canary"}
    assert 430 <= clusters.count("stable") <= 530, "480 expected, and five standard deviations are 49"


def test_faults_abort_their_share(envoy):
    statuses = [ask(envoy, "abort.test").status for _ in range(300)]
    assert set(statuses) == {200, 418}
    assert 105 <= statuses.count(418) <= 195, "150 expected, and five standard deviations are 43"


def test_an_aborted_request_still_names_its_route_and_cluster(envoy):
    answers = [ask(envoy, "abort.test") for _ in range(40)]
    aborted = next(answer for answer in answers if answer.status == 418)
    assert aborted.route == HOSTS[1].routes[0]
    assert (aborted.cluster, aborted.upstream) == ("c", None)


def test_faults_delay(envoy):
    started = time.monotonic()
    assert ask(envoy, "delay.test").status == 200
    assert time.monotonic() - started >= 0.29  # Envoy counts from when its loop woke up


def test_a_slow_upstream_meets_the_timeout(envoy):
    assert ask(envoy, "timeout.test", x_echo_delay="3").status == 504
    assert ask(envoy, "timeout.test").status == 200


def test_failed_requests_are_tried_again_as_often_as_allowed(envoy):
    before = envoy.echo.requests["failing"]
    assert ask(envoy, "retry.test", x_echo_status="503").status == 503
    assert envoy.echo.requests["failing"] - before == 4


def test_a_redirect_answers_with_its_location(envoy):
    answer = ask(envoy, "redirect.test", "/a/x?q=1")
    assert (answer.status, answer.location) == (308, "http://new.test/b/x?q=1")
    assert answer.route == HOSTS[5].routes[0]


def test_a_direct_response_answers_itself(envoy):
    answer = ask(envoy, "direct.test")
    assert (answer.status, answer.body, answer.upstream) == (203, b"hello", None)


def test_mirrors_get_a_copy(envoy):
    assert ask(envoy, "mirror.test").cluster == "c"
    deadline = time.monotonic() + 5
    while not envoy.echo.requests["shadow"] and time.monotonic() < deadline:
        time.sleep(0.01)
    assert (envoy.echo.requests["shadow"], envoy.echo.requests["never"]) == (1, 0)


def test_a_preflight_is_answered_by_the_policy(envoy):
    asked = {"origin": "https://shop.example", "access_control_request_method": "PUT"}
    answer = ask(envoy, "cors.test", method="OPTIONS", **asked)
    headers = dict(answer.headers)
    assert (answer.status, answer.upstream) == (200, None)
    assert headers["access-control-allow-origin"] == "https://shop.example"
    assert headers["access-control-allow-methods"] == "GET,PUT"
    assert headers["access-control-max-age"] == "1800"


def test_a_preflight_from_elsewhere_is_forwarded(envoy):
    asked = {"origin": "https://evil.example", "access_control_request_method": "PUT"}
    answer = ask(envoy, "cors.test", method="OPTIONS", **asked)
    assert answer.upstream["method"] == "OPTIONS"
    assert "access-control-allow-origin" not in dict(answer.headers)


@pytest.mark.parametrize(
    ("authority", "path", "headers", "cluster"),
    [
        pytest.param("header.test", "/", {"end_user": "jason"}, "jason", id="the header's value matches"),
        pytest.param("header.test", "/", {"end_user": "Jason"}, "c", id="values of headers keep their case"),
        pytest.param("header.test", "/", {}, "c", id="the header is missing"),
        pytest.param("regex.test", "/items/42", {}, "item", id="the pattern covers the path"),
        pytest.param("regex.test", "/items/42/x", {}, "c", id="the pattern covers a part of the path"),
        pytest.param("regex.test", "/items/42?x=1", {}, "item", id="the pattern does not see the query"),
        pytest.param("query.test", "/?token=t-1", {}, "token", id="the parameter begins as asked"),
        pytest.param("query.test", "/?token=x", {}, "c", id="the parameter begins otherwise"),
        pytest.param("regex.test:80", "/items/1", {}, "item", id="the port of the authority does not count"),
        pytest.param("regex.test", "/x/../items/1", {}, "item", id="dots in the path are resolved before matching"),
        pytest.param("regex.test", "/items//1", {}, "c", id="slashes are not merged"),
    ],
)
def test_conditions_choose_the_route(envoy, authority, path, headers, cluster):
    assert ask(envoy, authority, path, **headers).cluster == cluster


def test_a_prefix_and_the_host_are_rewritten(envoy):
    upstream = ask(envoy, "prefix.test", "/a/x").upstream
    assert (upstream["path"], upstream["headers"]["host"]) == ("/b/x", "other.test")


def test_a_path_is_rewritten_by_pattern(envoy):
    assert ask(envoy, "rewrite.test", "/a/b/c").upstream["path"] == "/b/a/c"


def test_a_fragment_is_cut_off_as_istios_proxies_do(envoy):
    answer = ask(envoy, "rewrite.test", "/a/b#c")
    assert (answer.status, answer.upstream["path"]) == (200, "/b/a")


def test_headers_are_set_added_and_removed(envoy):
    answer = ask(envoy, "changes.test", x_set="old", x_added="first", x_secret="s")
    seen = answer.upstream["headers"]
    assert (seen["x-set"], seen["x-added"]) == ("new", "first, second")
    assert "x-secret" not in seen
    assert dict(answer.headers)["x-answer"] == "200"


def test_plain_http_is_sent_to_https_where_tls_is_required(envoy):
    answer = ask(envoy, "tls.test", "/x")
    assert (answer.status, answer.location, answer.route) == (301, "https://tls.test/x", None)


def test_a_sidecar_believes_that_a_plain_connection_was_https_before_and_a_gateway_does_not():
    table = gateway(host("tls.test", rule(forward("c")), require_tls="all"))
    with RealEnvoy(table, replace(table, proxy=Proxy("sidecar", "shop"))) as running:
        request = Request("GET", "tls.test", scheme="https")
        assert [running.request(request, table=position).status for position in (0, 1)] == [301, 200]


def test_the_server_is_called_as_in_istio(envoy):
    assert dict(ask(envoy, "direct.test").headers)["server"] == "istio-envoy"


def test_a_host_nobody_serves_is_404_and_no_route(envoy):
    answer = ask(envoy, "nobody.test")
    assert (answer.status, answer.route, answer.cluster) == (404, None, "")


def test_a_port_nobody_listens_on_is_no_answer(envoy):
    assert envoy.request(Request("GET", "split.test", port=81)).status is None


def test_a_cluster_that_does_not_exist_fails_with_the_status_of_its_route():
    known = {"c": Cluster("c")}
    routes = (rule(forward("gone", cluster_not_found_status=500), PATH_A), rule(forward("gone")))
    with RealEnvoy(gateway(host("*", *routes), clusters=known)) as running:
        assert [ask(running, "x", path).status for path in ("/a", "/")] == [500, 503]


def test_slashes_are_merged_and_unescaped_where_the_mesh_says_so():
    table = gateway(host("*", rule(forward("item"), BY_REGEX), rule(forward("c"))))
    merged = RouteTable(
        GATEWAY, table.listeners, table.route_configurations, path_normalisation="DECODE_AND_MERGE_SLASHES"
    )
    with RealEnvoy(table, merged) as running:
        request = Request("GET", "x", "//items%2F1")
        assert [running.request(request, table=position).cluster for position in (0, 1)] == ["c", "item"]


def test_tls_is_ended_by_server_name_and_passed_through_by_server_name():
    https = FilterChain("", FilterChainMatch(server_names=("shop.test",)), http="https.443", tls="simple")
    passed = tcp("raw", server_names=("*.raw.test",))
    table = RouteTable(
        GATEWAY,
        (Listener("0.0.0.0_443", "0.0.0.0", 443, (https, passed), inspects_tls=True),),
        (RouteConfiguration("https.443", (host("shop.test", rule(forward("c"))),)),),
    )
    with RealEnvoy(table) as running:

        def cluster(name):
            return running.request(Request("GET", "shop.test", "/", port=443, scheme="https", sni=name)).cluster

        assert [cluster("shop.test"), cluster("a.raw.test"), cluster("other.test")] == ["c", "raw", ""]


def test_bytes_are_echoed_by_the_cluster_that_tcp_leads_to():
    table = RouteTable(GATEWAY, (Listener("0.0.0.0_9000", "0.0.0.0", 9000, (tcp("bytes"),)),))
    with RealEnvoy(table) as running:
        answer = running.request(Request("GET", "x", "/", port=9000))
        assert (answer.cluster, answer.route) == ("bytes", None)
        with socket.create_connection(("127.0.0.1", running.echo.own_ports["bytes"])) as connection:
            connection.sendall(b"1\n")
            received = connection.makefile("rb")
            assert json.loads(received.readline()) == {"cluster": "bytes"}
            assert received.readline() == b"1\n"


def test_chains_see_where_a_connection_was_headed():
    chains = (tcp("near", prefix_ranges=("10.0.0.0/8",)), tcp("far", prefix_ranges=("192.168.0.0/16",)))
    table = RouteTable(GATEWAY, (Listener("0.0.0.0_9000", "0.0.0.0", 9000, chains, tcp("other")),))
    with RealEnvoy(table) as running:

        def cluster(address):
            return running.request(Request("GET", "x", "/", port=9000, address=address)).cluster

        assert [cluster("10.1.2.3"), cluster("192.168.0.9"), cluster("172.16.0.1")] == ["near", "far", "other"]
