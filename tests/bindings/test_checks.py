"""What a generated kind checks when it is made, and how it says what is wrong."""

from types import ModuleType
from typing import Any

import pytest

from meshwright.errors import ConfigurationError, Errors
from meshwright.imports.gateway_api import HTTPRoute as GatewayHTTPRoute
from meshwright.imports.istio.networking import (
    Destination,
    HTTPMatchRequest,
    HTTPRetry,
    HTTPRoute,
    HTTPRouteDestination,
    StringMatch,
    VirtualService,
)
from meshwright.imports.istio.security import PeerAuthentication
from meshwright.tree import App, Chart, Construct
from meshwright.tree.lazy import Lazy


def spec(construct: Any) -> Any:
    return construct.to_json().get("spec")


def refusal(kind: Any, chart: Chart, **fields: Any) -> str:
    kind(chart, "bad", **fields)
    with pytest.raises(Errors) as caught:
        chart.node.root.synth()
    return str(caught.value)


def test_fields_go_on_the_wire_in_the_spelling_of_the_api(chart: Chart) -> None:
    route = HTTPRoute(retries=HTTPRetry(attempts=2, per_try_timeout="1s", retry_on="5xx"))
    made = VirtualService(chart, "vs", hosts=["a"], http=[route])
    assert spec(made) == {
        "hosts": ["a"],
        "http": [{"retries": {"attempts": 2, "perTryTimeout": "1s", "retryOn": "5xx"}}],
    }


def test_a_mapping_may_stand_for_a_message_in_either_spelling(chart: Chart) -> None:
    one = VirtualService(chart, "one", http=[{"retries": {"attempts": 1, "per_try_timeout": "1s"}}])
    other = VirtualService(chart, "other", http=[{"retries": {"attempts": 1, "perTryTimeout": "1s"}}])
    assert spec(one) == spec(other)


def test_tuples_are_lists_and_none_is_left_out(chart: Chart) -> None:
    made = VirtualService(chart, "vs", hosts=("a",), gateways=None, http=(HTTPRoute(timeout=None, name="n"),))
    assert spec(made) == {"hosts": ["a"], "http": [{"name": "n"}]}


def test_what_is_changed_after_the_object_was_made_does_not_count(chart: Chart) -> None:
    hosts = ["a"]
    route = HTTPRoute(name="n")
    made = VirtualService(chart, "vs", hosts=hosts, http=[route])
    hosts.append("b")
    route["name"] = "m"
    assert spec(made) == {"hosts": ["a"], "http": [{"name": "n"}]}


def test_one_message_may_stand_in_several_objects(chart: Chart) -> None:
    to = HTTPRouteDestination(destination=Destination(host="a"))
    made = [VirtualService(chart, name, http=[HTTPRoute(route=[to])]) for name in ("one", "other")]
    assert spec(made[0]) == spec(made[1]) == {"http": [{"route": [{"destination": {"host": "a"}}]}]}


def test_a_lazy_value_is_read_and_checked_at_synth(chart: Chart) -> None:
    weights: list[Any] = [80]
    to = HTTPRouteDestination(destination=Destination(host="a"), weight=Lazy.any(lambda: weights[0]))
    made = VirtualService(chart, "vs", http=[HTTPRoute(route=[to])])
    weights[0] = 90
    assert spec(made)["http"][0]["route"][0]["weight"] == 90
    weights[0] = "many"
    with pytest.raises(ConfigurationError, match=r"prod/vs.*'many'"):
        made.to_json()


def test_whole_numbers_may_be_keys_of_a_mapping(chart: Chart) -> None:
    made = PeerAuthentication(
        chart, "p", selector={"match_labels": {"app": "a"}}, port_level_mtls={8080: {"mode": "DISABLE"}}
    )
    assert spec(made)["portLevelMtls"] == {"8080": {"mode": "DISABLE"}}


def test_the_error_names_construct_line_field_and_what_is_valid(chart: Chart) -> None:
    message = refusal(VirtualService, chart, http=[HTTPRoute(route=[{"destination": {"hots": "a", "host": "a"}}])])
    where, _, rest = message.partition(": ")
    assert where.startswith("prod/bad (") and "test_checks.py:" in where
    assert rest.startswith("http[0].route[0].destination.hots is no field of Destination. Did you mean host? ")


def test_all_problems_of_an_object_are_told_at_once(chart: Chart) -> None:
    message = refusal(VirtualService, chart, hosts="a", https=[], tcp=[{"route": [{}]}])
    assert [line.split(": ", 1)[1].split(" is ")[0] for line in message.splitlines()] == [
        "hosts",
        "https",
        "tcp[0].route[0].destination",
    ]


def test_all_objects_of_an_app_are_told_at_once(chart: Chart) -> None:
    VirtualService(chart, "first", hosts="a")
    message = refusal(VirtualService, chart, https=[])
    assert [line.split(" (")[0] for line in message.splitlines()] == ["prod/first", "prod/bad"]


def test_without_an_app_that_will_synthesise_it_an_object_is_refused_at_once() -> None:
    chart = Chart(Construct(None), "prod")
    with pytest.raises(ConfigurationError, match="hosts is 'a'"):
        VirtualService(chart, "bad", hosts="a")
    assert chart.node.children == []


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param({"timeout": "5"}, "timeout is '5'. The schema asks: must be a valid duration", id="duration"),
        pytest.param({"match": [{"uri": "/a"}]}, "match[0].uri is '/a'. Give a StringMatch", id="no message"),
        pytest.param(
            {"match": [{"uri": {"exact": "/a", "prefix": "/"}}]},
            "match[0].uri: exact and prefix exclude each other",
            id="one-of",
        ),
        pytest.param(
            {"retries": {"attempts": True}}, "retries.attempts is True. Give a whole number", id="bool as int"
        ),
        pytest.param({"redirect": {"port": -1}}, "redirect.port is -1. Give a whole number from 0", id="range"),
        pytest.param(
            {"cors_policy": {"unmatched_preflights": "FORWRD"}},
            "is 'FORWRD'. Did you mean FORWARD? Valid: 'UNSPECIFIED', 'FORWARD', 'IGNORE'",
            id="enum",
        ),
        pytest.param({"headers": {"request": {"set": {"a": 1}}}}, "headers.request.set['a'] is 1", id="map value"),
    ],
)
def test_a_route_that_breaks_the_schema_is_refused(chart: Chart, fields: dict[str, Any], told: str) -> None:
    message = refusal(VirtualService, chart, http=[fields])
    assert "http[0]." in message and told in message


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        pytest.param({}, "size is missing. Cache needs it: a whole number from 1 to 64", id="a required field"),
        pytest.param({"size": 65}, "size is 65. Give a whole number from 1 to 64", id="a maximum"),
        pytest.param(
            {"size": 1, "mode": "Hott"}, "mode is 'Hott'. Did you mean Hot? Valid: 'Hot', 'Cold'", id="an enum"
        ),
        pytest.param(
            {"size": 1, "from_": "a\n"}, "from_ is 'a\\n'. Give a string that matches ^[a-z]+$", id="a pattern"
        ),
        pytest.param({"size": 1, "cluster_ips": ["a", "a"]}, "two items of the same value", id="a set"),
        pytest.param({"size": 1, "cluster_ips": list("abc")}, "cluster_ips has 3 items. Give a list", id="a length"),
        pytest.param({"size": 1, "labels": {"a": "long"}}, "labels['a'] is 'long'. Give a string", id="a map's value"),
        pytest.param({"size": 1, "limit": 1.5}, "limit is 1.5. Give a whole number or a string", id="int or string"),
        pytest.param({"size": 1, "policies": [{"age": "1", "count": 1}]}, "age and count exclude", id="a one-of"),
        pytest.param({"size": 1, "policies": [{"share": 2}]}, "no share may be larger than the size", id="a rule"),
    ],
)
def test_every_limit_of_a_schema_is_kept(caches: ModuleType, chart: Chart, fields: dict[str, Any], told: str) -> None:
    assert told in refusal(caches.Cache, chart, **fields)


def test_what_keeps_the_schema_is_taken(caches: ModuleType, chart: Chart) -> None:
    fields = {"mode": "Cold", "from_": "a", "id_": "i", "cluster_ips": ["a", "b"], "limit": "50%", "labels": {"a": "b"}}
    made = caches.Cache(
        chart, "c", size=1, extra={"a": [None, 1.5]}, anything=[1, {"b": True}], policies=[{}], **fields
    )
    assert spec(made) == {
        "size": 1,
        "mode": "Cold",
        "from": "a",
        "id": "i",
        "clusterIPs": ["a", "b"],
        "limit": "50%",
        "labels": {"a": "b"},
        "extra": {"a": [None, 1.5]},
        "anything": [1, {"b": True}],
        "policies": [{}],
    }


def test_rules_see_the_defaults_that_a_cluster_fills_in(chart: Chart) -> None:
    rules = [{"matches": [{"path": {"value": "/a"}}], "backend_refs": [{"name": "a", "port": 80}]}]
    made = GatewayHTTPRoute(chart, "ok", rules=rules)
    assert spec(made)["rules"][0]["matches"] == [{"path": {"value": "/a"}}]
    rules[0]["matches"] = [{"path": {"value": "a"}}]
    assert "rules[0].matches[0].path breaks a rule" in refusal(GatewayHTTPRoute, chart, rules=rules)


def test_a_message_is_a_dict_at_run_time_as_a_typed_dict_is() -> None:
    match = HTTPMatchRequest(uri=StringMatch(exact="/"))
    assert type(match) is dict and match == {"uri": {"exact": "/"}}
    assert isinstance(match, HTTPMatchRequest | None)


def test_metadata_is_that_of_every_api_object() -> None:
    chart = Chart(App(), "prod", namespace="shop", labels={"team": "a"})
    made = VirtualService(chart, "vs", metadata={"labels": {"app": "a"}}, hosts=["a"])
    assert made.to_json()["metadata"]["namespace"] == "shop"
    assert made.to_json()["metadata"]["labels"] == {"team": "a", "app": "a"}
