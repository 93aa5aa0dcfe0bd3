"""Routes to Envoy's JSON and back."""

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from meshwright.envoy.bootstrap import Plan, bootstrap
from meshwright.envoy.matches import route_match
from meshwright.envoy.process import validate
from meshwright.envoy.protobuf_json import exact_duration, read_exact_duration
from meshwright.envoy.read_routes import from_route_configuration
from meshwright.envoy.routes import route, route_configuration
from meshwright.errors import InputError
from meshwright.traffic import (
    DirectResponse,
    Fault,
    FaultAbort,
    FaultDelay,
    Forward,
    HeaderMatch,
    MirrorPolicy,
    NoAction,
    PathMatch,
    Redirect,
    Route,
    RouteConfiguration,
    RouteMatch,
    StringMatch,
    VirtualHost,
    WeightedCluster,
)
from tests.envoy.corpus import PILOT, recorded_route_configurations, that_touches_traffic
from tests.envoy.strategies import route_configurations
from tests.envoy.tables import ANY, forward, gateway, rule

RECORDED = recorded_route_configurations()


@pytest.mark.skipif(not PILOT.is_dir(), reason="the conformance corpus is not beside this repository")
def test_what_istiod_sends_is_written_again_as_it_was():
    different = [
        name
        for name, message in RECORDED.items()
        if route_configuration(from_route_configuration(message)) != that_touches_traffic(message)
    ]
    assert len(RECORDED) > 150
    assert different == []


@given(route_configurations)
def test_what_was_written_reads_as_the_same_routes(configuration):
    message = route_configuration(configuration)
    assert route_configuration(from_route_configuration(message)) == message


@pytest.mark.envoy
@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(route_configurations)
def test_envoy_accepts_whatever_the_route_table_can_say(configuration):
    table = replace(gateway(), route_configurations=(configuration,))
    plan = Plan(tables=(table,), ports={(0, "0.0.0.0_80"): 1}, echo_port=2)
    assert validate(bootstrap(plan, Path("/nowhere/admin.sock"))) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        pytest.param(
            rule(forward("c", timeout=timedelta(milliseconds=1500))),
            {"cluster": "c", "timeout": "1.500s", "maxGrpcTimeout": "1.500s"},
            id="a timeout also limits what gRPC clients may ask for",
        ),
        pytest.param(
            rule(forward("c")),
            {"cluster": "c", "timeout": "0s", "maxGrpcTimeout": "0s"},
            id="no timeout is written as zero, because Envoy's own default is 15 seconds",
        ),
        pytest.param(
            rule(Forward((WeightedCluster("c", 100),), split=True)),
            {
                "weightedClusters": {"clusters": [{"name": "c", "weight": 100}]},
                "timeout": "0s",
                "maxGrpcTimeout": "0s",
            },
            id="a split of which one destination is left stays a split",
        ),
    ],
)
def test_forwarding_is_written_as_istiod_does(written, expected):
    assert route(written)["route"] == expected


@pytest.mark.parametrize(
    ("percent", "denominator", "expected"),
    [
        pytest.param(
            12.5, 1_000_000, {"numerator": 125_000, "denominator": "MILLION"}, id="a Percent is in millionths"
        ),
        pytest.param(0.00009, 1_000_000, {"denominator": "MILLION"}, id="less than a millionth is cut off"),
        pytest.param(50, 100, {"numerator": 50}, id="a whole number is in hundredths, and hundredths are not named"),
    ],
)
def test_percentages_are_counted_as_istiod_counts_them(percent, denominator, expected):
    mirror = MirrorPolicy("m", percent, denominator)
    written = route(rule(forward("c", mirrors=(mirror,))))["route"]["requestMirrorPolicies"][0]
    assert written["runtimeFraction"] == {"defaultValue": expected}


def test_faults_stand_in_the_settings_of_their_filter():
    fault = Fault(FaultDelay(timedelta(seconds=2), 10), FaultAbort(0, http_status=500, denominator=100))
    assert route(rule(forward("c"), fault=fault))["typedPerFilterConfig"]["envoy.filters.http.fault"] == {
        "@type": "type.googleapis.com/envoy.extensions.filters.http.fault.v3.HTTPFault",
        "delay": {"fixedDelay": "2s", "percentage": {"numerator": 100_000, "denominator": "MILLION"}},
        "abort": {"httpStatus": 500},
    }


def test_a_match_nobody_wrote_says_nothing_of_case():
    assert route(Route(RouteMatch(PathMatch("prefix", "/"), implied=True), forward("c")))["match"] == {"prefix": "/"}


def test_a_match_somebody_wrote_says_that_case_counts():
    assert route(rule(forward("c")))["match"] == {"prefix": "/", "caseSensitive": True}


def test_absence_of_a_header_is_presence_turned_round():
    match = RouteMatch(ANY.path, (HeaderMatch("x-a", present=False),))
    headers = route(rule(forward("c"), match))["match"]["headers"]
    assert headers == [{"name": "x-a", "presentMatch": True, "invertMatch": True}]


def test_an_empty_prefix_is_still_a_condition():
    match = RouteMatch(ANY.path, (HeaderMatch("x-a", StringMatch("prefix", "")),))
    assert route(rule(forward("c"), match))["match"]["headers"] == [{"name": "x-a", "stringMatch": {"prefix": ""}}]


def test_a_redirect_that_keeps_the_path_says_so():
    assert route(rule(Redirect(302, scheme="https")))["redirect"] == {
        "schemeRedirect": "https",
        "pathRedirect": "",
        "responseCode": "FOUND",
    }


def test_a_body_that_is_no_text_is_written_in_base64():
    assert route(rule(DirectResponse(200, b"\xff")))["directResponse"]["body"] == {"inlineBytes": "/w=="}


def test_forwarding_to_nothing_answers_500():
    assert route(rule(Forward(())))["directResponse"] == {"status": 500}


def test_a_route_without_action_is_read_as_it_is_written():
    nothing = rule(NoAction())
    message = route_configuration(RouteConfiguration("r", (VirtualHost("h", ("*",), (nothing,)),)))
    assert message["virtualHosts"][0]["routes"] == [{"match": route_match(ANY)}]
    assert from_route_configuration(message).virtual_hosts[0].routes[0].action == NoAction()


@pytest.mark.parametrize(
    "ttl",
    [
        pytest.param(0, id="0s"),
        pytest.param(100, id="nanoseconds"),
        pytest.param(1_500_000_000, id="milliseconds"),
        pytest.param(-2_000_000_001, id="less than nothing"),
    ],
)
def test_a_cookie_lives_as_long_when_it_is_read_again(ttl):
    text = exact_duration(ttl)
    assert read_exact_duration(text) == ttl
    assert len(text.partition(".")[2]) in (0, 4, 7, 10)


@pytest.mark.parametrize(
    "message",
    [
        pytest.param({"match": {"prefix": "/", "runtimeFraction": {}}, "route": {"cluster": "c"}}, id="a condition"),
        pytest.param({"match": {"prefix": "/"}, "nonForwardingAction": {}}, id="an action"),
        pytest.param({"match": {"prefix": "/"}, "route": {"clusterHeader": "x"}}, id="a destination"),
        pytest.param(
            {"match": {"prefix": "/"}, "route": {"cluster": "c"}, "typedPerFilterConfig": {"lua": {}}}, id="a filter"
        ),
    ],
)
def test_what_the_route_table_has_no_word_for_is_refused(message):
    with pytest.raises(InputError):
        from_route_configuration({"virtualHosts": [{"name": "h", "domains": ["*"], "routes": [message]}]})
