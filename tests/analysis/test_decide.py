from datetime import timedelta

import pytest

from meshwright.analysis.decide import Decider
from meshwright.analysis.explain import explain
from meshwright.errors import InputError
from meshwright.traffic import (
    CorsPolicy,
    DirectResponse,
    Fault,
    FaultAbort,
    FaultDelay,
    FilterChain,
    FilterChainMatch,
    Forward,
    HeaderMatch,
    Listener,
    MirrorPolicy,
    NoAction,
    Origin,
    Redirect,
    RegexRewrite,
    RetryPolicy,
    RouteTable,
    StringMatch,
    TcpRoute,
    Unknown,
    WeightedCluster,
)

from .tables import GATEWAY, SIDECAR, request, route, table, virtual_host

ONE = (WeightedCluster("one"),)


def told(decision):
    return decision.outcome, decision.status


def redirected(path, redirect, *, match="/", kind="prefix", authority="h.com", scheme="http"):
    rule = route(path=match, kind=kind, action=redirect)
    return explain(table(virtual_host(rule)), request(path, authority=authority, scheme=scheme)).location


# Every Location was written by Envoy 1.40.
@pytest.mark.parametrize(
    ("redirect", "authority", "scheme", "location"),
    [
        pytest.param(Redirect(host="n.com"), "h.com:80", "http", "http://n.com/a?q", id="another host, no port"),
        pytest.param(Redirect(host="n.com", port=8443), "h.com", "http", "http://n.com:8443/a?q", id="host and port"),
        pytest.param(Redirect(port=8080), "h.com:80", "http", "http://h.com:8080/a?q", id="another port"),
        pytest.param(Redirect(port=80), "h.com", "http", "http://h.com:80/a?q", id="a usual port is written"),
        pytest.param(Redirect(path="/new"), "h.com:80", "http", "http://h.com:80/new?q", id="another path keeps query"),
        pytest.param(Redirect(path="/new?y"), "h.com", "http", "http://h.com/new?y", id="a path with its own query"),
        pytest.param(Redirect(path="new"), "h.com", "http", "http://h.com/new?q", id="a path without a slash gets one"),
        pytest.param(Redirect(https=True), "h.com:80", "http", "https://h.com/a?q", id="the old usual port goes"),
        pytest.param(Redirect(https=True), "h.com:443", "http", "https://h.com:443/a?q", id="another port stays"),
        pytest.param(Redirect(scheme="http"), "h.com:443", "https", "http://h.com/a?q", id="https to http"),
        pytest.param(Redirect(scheme="http"), "h.com:80", "http", "http://h.com:80/a?q", id="the same scheme"),
        pytest.param(Redirect(prefix=""), "h.com", "http", "http://h.com/a?q", id="an empty prefix does nothing"),
    ],
)
def test_redirects_lead_where_envoy_leads(redirect, authority, scheme, location):
    assert redirected("/a?q", redirect, authority=authority, scheme=scheme) == location


@pytest.mark.parametrize(
    ("told", "location"),
    [
        pytest.param("http", "https://h.com/", id="http gives up its usual port"),
        pytest.param("GETx", "https://h.com:80/", id="what is no scheme has no usual port"),
    ],
)
def test_a_sidecar_takes_the_old_scheme_from_the_client(told, location):
    asked = request(authority="h.com:80", headers=[("x-forwarded-proto", told)])
    assert explain(table(virtual_host(route(action=Redirect(https=True)))), asked).location == location


@pytest.mark.parametrize(
    ("match", "kind", "path", "how", "seen"),
    [
        pytest.param("/a", "prefix", "/ab?q", {"prefix_rewrite": "/n"}, "/nb?q", id="a prefix takes characters"),
        pytest.param("/a/", "prefix", "/a/b", {"prefix_rewrite": "/"}, "/b", id="slash for slash"),
        pytest.param("/a", "prefix", "/a/b", {"prefix_rewrite": "/"}, "//b", id="one slash too many"),
        pytest.param("/a", "exact", "/a?q", {"prefix_rewrite": "/n"}, "/n?q", id="exact: all of it"),
        pytest.param("/a.*", "regex", "/abc?q", {"prefix_rewrite": "/n"}, "/n?q", id="regular expression: all of it"),
        pytest.param("/a", "separated_prefix", "/a/b", {"prefix_rewrite": "/n"}, "/n/b", id="segments"),
        pytest.param(
            "/", "prefix", "/a/b?/a", {"regex_rewrite": RegexRewrite("/a", "/z")}, "/z/b?/a", id="the path alone"
        ),
        pytest.param("/", "prefix", "/a/../b", {}, "/b", id="without a rewrite the path is still normalised"),
    ],
)
def test_the_destination_sees_the_path_that_envoy_sends(match, kind, path, how, seen):
    rule = route(path=match, kind=kind, action=Forward(ONE, **how))
    assert explain(table(virtual_host(rule)), request(path)).path == seen


@pytest.mark.parametrize(
    ("action", "authority"),
    [
        pytest.param(Forward(ONE), "a.com", id="as sent"),
        pytest.param(Forward(ONE, host_rewrite="r.com"), "r.com", id="the route's"),
        pytest.param(Forward((WeightedCluster("one", 1, "c.com"),)), "c.com", id="the destination's"),
        pytest.param(
            Forward((WeightedCluster("one", 1, "c.com"),), host_rewrite="r.com"), "r.com", id="the route's wins"
        ),
    ],
)
def test_the_destination_sees_the_authority_that_envoy_sends(action, authority):
    assert explain(table(virtual_host(route(action=action))), request()).authority == authority


PREFLIGHT = {"method": "OPTIONS", "headers": (("origin", "http://o"), ("access-control-request-method", "GET"))}
CORS = CorsPolicy((StringMatch("exact", "http://o"),))
NOBODY = CorsPolicy((StringMatch("exact", "http://nobody"),))
STRICT = CorsPolicy(NOBODY.allow_origins, forward_not_matching_preflights=False)
ABORT = Fault(abort=FaultAbort(100, 418))


# Every answer was given by Envoy 1.40.
@pytest.mark.parametrize(
    ("rule", "asked", "answer"),
    [
        pytest.param(route(), {}, ("route", None), id="a destination"),
        pytest.param(route("gone"), {}, ("route", 503), id="a destination that does not exist"),
        pytest.param(
            route(action=Forward((WeightedCluster("gone"),), cluster_not_found_status=500)),
            {},
            ("route", 500),
            id="its own status",
        ),
        pytest.param(route(action=Forward(())), {}, ("route", 500), id="no destination at all"),
        pytest.param(route(action=NoAction()), {}, ("route", 500), id="nothing to do"),
        pytest.param(route(action=DirectResponse(204)), {}, ("direct_response", 204), id="a direct response"),
        pytest.param(route(path="/x"), {}, ("no_route", 404), id="no rule fits"),
        pytest.param(route(), {"path": "/%00"}, ("no_route", 400), id="a path that Envoy refuses"),
        pytest.param(route(), {"authority": "a/b"}, ("no_route", 400), id="an authority that Envoy refuses"),
        pytest.param(route(fault=ABORT), {}, ("route", 418), id="an abort for all"),
        pytest.param(
            route(fault=Fault(abort=FaultAbort(100, grpc_status=14))), {}, ("route", 200), id="gRPC tells in a header"
        ),
        pytest.param(route(fault=Fault(abort=FaultAbort(99.9, 418))), {}, ("route", None), id="an abort for most"),
        pytest.param(
            route(action=Redirect(host="z"), fault=ABORT), {}, ("direct_response", 418), id="faults beat redirects"
        ),
        pytest.param(route(cors=CORS), PREFLIGHT, ("direct_response", 200), id="a preflight"),
        pytest.param(route(cors=CORS, fault=ABORT), PREFLIGHT, ("route", 418), id="faults beat preflights"),
        pytest.param(route(cors=NOBODY), PREFLIGHT, ("route", None), id="of an origin that is not allowed"),
        pytest.param(route(cors=STRICT), PREFLIGHT, ("direct_response", 200), id="that is answered all the same"),
        pytest.param(route(cors=CORS), {"method": "OPTIONS"}, ("route", None), id="without an origin"),
        pytest.param(
            route(action=DirectResponse(203), cors=CORS), PREFLIGHT, ("direct_response", 203), id="on a direct response"
        ),
    ],
)
def test_a_request_ends_as_in_envoy(rule, asked, answer):
    assert told(explain(table(virtual_host(rule)), request(**asked))) == answer


def test_the_first_rule_that_fits_answers():
    rules = (route("two", "/a/b"), route("one", "/a"), route("never", "/a"))
    decider = Decider(table(virtual_host(*rules)))
    assert [decider.decide(request(path)).route.name for path in ("/a/b", "/a")] == ["two", "one"]


@pytest.mark.parametrize(
    ("proxy", "scheme", "headers", "outcome"),
    [
        pytest.param(GATEWAY, "http", (), "redirect", id="plain text is sent away"),
        pytest.param(GATEWAY, "http", (("x-forwarded-proto", "https"),), "redirect", id="whatever it says"),
        pytest.param(GATEWAY, "https", (), "route", id="TLS may pass"),
        pytest.param(SIDECAR, "http", (("x-forwarded-proto", "https"),), "route", id="a sidecar believes it"),
    ],
)
def test_a_virtual_host_may_ask_for_tls(proxy, scheme, headers, outcome):
    asked = request("/a/../b?q", authority="h.com:80", scheme=scheme, headers=headers)
    decision = explain(table(virtual_host(route(), require_tls="all"), proxy=proxy), asked)
    assert decision.outcome == outcome
    assert decision.location == ("https://h.com:80/b?q" if outcome == "redirect" else None)


HTTPS = FilterChain("", FilterChainMatch(), http="http.80", tls="simple")
BYTES = FilterChain("", FilterChainMatch(), tcp=TcpRoute(ONE))


@pytest.mark.parametrize(
    ("chain", "asked", "reason"),
    [
        pytest.param(HTTPS, {}, "plaintext_to_tls", id="plain text where TLS is spoken"),
        pytest.param(
            FilterChain("", FilterChainMatch(), http="http.80"), {"sni": "a"}, "tls_to_plaintext", id="TLS where not"
        ),
        pytest.param(BYTES, {"sni": "a"}, "tcp", id="bytes are not read"),
        pytest.param(
            FilterChain("", FilterChainMatch(server_names=("b",)), http="x"), {}, "no_chain", id="no way fits"
        ),
        pytest.param(HTTPS, {"port": 81}, "no_listener", id="nobody listens"),
    ],
)
def test_a_connection_may_end_before_any_request(chain, asked, reason):
    listener = Listener("0.0.0.0_80", "0.0.0.0", 80, (chain,))
    assert explain(RouteTable(GATEWAY, (listener,)), request(**asked)).reason == reason


@pytest.mark.parametrize(
    ("unknown", "outcome"),
    [
        pytest.param(Unknown("EnvoyFilter", "it may change all"), "unknown", id="confined to nothing"),
        pytest.param(Unknown("EnvoyFilter", "", listeners=("0.0.0.0_80",)), "unknown", id="confined to this listener"),
        pytest.param(Unknown("EnvoyFilter", "", listeners=("0.0.0.0_81",)), "route", id="confined to another"),
        pytest.param(Unknown("EnvoyFilter", "", virtual_hosts=("host",)), "unknown", id="confined to this host"),
        pytest.param(Unknown("EnvoyFilter", "", virtual_hosts=("other",)), "route", id="confined to another host"),
        pytest.param(Unknown("EnvoyFilter", "", headers=("x-a",)), "unknown", id="confined to a header that is there"),
        pytest.param(Unknown("EnvoyFilter", "", headers=("x-b",)), "route", id="confined to another header"),
        pytest.param(Unknown("EnvoyFilter", "", query=("q r",)), "unknown", id="confined to a parameter in the query"),
        pytest.param(Unknown("EnvoyFilter", "", query=("q+r",)), "route", id="confined to another parameter"),
        pytest.param(
            Unknown("EnvoyFilter", "", headers=("x-b",), query=("q r",)), "unknown", id="confined to either of two"
        ),
    ],
)
def test_what_is_not_modelled_is_unknown_where_it_may_matter(unknown, outcome):
    asked = request("/?q%20r=1", headers=[("X-A", "1")])
    decision = explain(table(virtual_host(route()), unknowns=(unknown,)), asked)
    assert decision.outcome == outcome
    assert ("EnvoyFilter" in decision.because) == (outcome == "unknown")


def test_a_broken_regular_expression_is_told_with_its_place():
    broken = route(path="/(", kind="regex", origin=Origin("VirtualService a/b", "spec.http[0]"))
    with pytest.raises(InputError, match=r"VirtualService a/b spec\.http\[0\] is not RE2: .*missing"):
        explain(table(virtual_host(broken)), request())


def test_steps_tell_of_rules_that_nearly_took_it():
    jason = HeaderMatch("end-user", StringMatch("exact", "jason"))
    first = route("v2", headers=(jason,), origin=Origin("VirtualService a/b", "spec.http[0]"))
    action = Forward(
        (WeightedCluster("one", 90), WeightedCluster("gone", 10)),
        timeout=timedelta(seconds=3),
        retries=RetryPolicy(2, "5xx", timedelta(seconds=1)),
        prefix_rewrite="/n",
        host_rewrite="r.com",
        mirrors=(MirrorPolicy("two", 50),),
    )
    second = route(action=action, fault=Fault(FaultDelay(timedelta(seconds=2), 10)))
    decision = explain(table(virtual_host(first, second)), request("/a\\b", headers=(("End-User", "bob"),)))
    assert decision.steps == (
        "listener 0.0.0.0_80 of sidecar/shop/ takes port 80",
        r'path "/a\b" is read as "/a/b"',
        'authority "a.com" is for virtual host host, by domain "*"',
        'not VirtualService a/b spec.http[0]: header end-user is "jason", but it is "bob"',
        'route "one" takes it: path starts with "/"',
        'path is rewritten to "/na/b"',
        'authority is rewritten to "r.com"',
        "fault: 10 % wait 2 s",
        "the timeout does not count that wait",
        "50 % are copied to two",
        "timeout 3 s, up to 2 retries, 1 s a try on 5xx",
        "gone does not exist: no Service, ServiceEntry or subset in the manifests makes it",
    )
    assert decision.because == 'route "one" sends it to one (90 %), gone (10 %)'


def test_of_many_rules_the_nearest_are_told():
    many = [route(f"r{each}", f"/x{each}", headers=(HeaderMatch("x-a"),)) for each in range(20)]
    near = route("near", "/y")
    steps = explain(table(virtual_host(*many, near, route("last"))), request()).steps
    told_of = [step for step in steps if step.startswith("not ")]
    assert len(told_of) == 5
    assert told_of[-1] == 'not route "near": path starts with "/y", but it is "/"'
    assert "nor 16 rules that fit less" in steps


@pytest.mark.parametrize(
    "asked",
    [
        pytest.param(request(), id="no rule"),
        pytest.param(request("/%00"), id="a bad path"),
        pytest.param(request(authority="zz"), id="no virtual host"),
        pytest.param(request(port=81), id="no listener"),
        pytest.param(request(sni="a"), id="TLS to plain text"),
    ],
)
def test_every_decision_has_a_reason_and_steps(asked):
    decision = explain(table(virtual_host(route(path="/x"), domains=("a.com",))), asked)
    assert decision.because
    assert decision.steps
