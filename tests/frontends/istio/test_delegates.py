import json
from pathlib import Path

import pytest

from meshwright.frontends.istio.delegates import has_conflict, merge_http_match_requests, merge_http_route
from tests.frontends.istio.gateway_case import GATEWAY, cluster_of, hosts_of, ingress, virtual_service

CORPUS = Path(__file__).resolve().parents[3].parent / "shared" / "corpus" / "pilot" / "delegates.json"


@pytest.mark.parametrize(
    ("root", "leaf", "conflict"),
    [
        pytest.param({"prefix": "/a"}, {"prefix": "/a/b"}, False, id="a longer prefix lies inside"),
        pytest.param({"prefix": "/a/b"}, {"prefix": "/a"}, True, id="a shorter one does not"),
        pytest.param({"prefix": "/a"}, {"exact": "/a/b"}, False, id="an exact path lies in the prefix"),
        pytest.param({"exact": "/a"}, {"prefix": "/a"}, True, id="a prefix never lies in an exact path"),
        pytest.param({"exact": "/a"}, {"exact": "/a"}, False, id="the same exact path"),
        pytest.param({"regex": "/a"}, {"regex": "/a"}, True, id="expressions exclude any other condition"),
        pytest.param(None, {"regex": "/a"}, False, id="but not the lack of one"),
        pytest.param({"prefix": "/a"}, {}, True, id="an empty condition lies in none"),
    ],
)
def test_a_delegates_path_has_to_lie_inside_of_the_roots(root, leaf, conflict):
    assert has_conflict({"uri": root}, {"uri": leaf}) is conflict


@pytest.mark.parametrize(
    ("root", "leaf", "conflict"),
    [
        pytest.param({"ignoreUriCase": True}, {}, True, id="both must treat case alike"),
        pytest.param({"port": 80}, {"port": 81}, True, id="another port"),
        pytest.param({"port": 80}, {}, False, id="no port of its own"),
        pytest.param({"sourceNamespace": "a"}, {}, True, id="the namespace must be repeated"),
        pytest.param({"sourceLabels": {"a": "1"}}, {"sourceLabels": {"a": "2"}}, True, id="another label"),
        pytest.param({"sourceLabels": {"a": "1"}}, {"sourceLabels": {"b": "2"}}, False, id="one label more"),
        pytest.param({"gateways": ["a", "b"]}, {"gateways": ["b"]}, False, id="fewer gateways"),
        pytest.param({"gateways": ["a"]}, {"gateways": ["b"]}, True, id="another gateway"),
        pytest.param({"headers": {"h": {"exact": "1"}}}, {"headers": {"h": {"exact": "2"}}}, True, id="a header"),
    ],
)
def test_so_do_its_other_conditions(root, leaf, conflict):
    assert has_conflict(root, leaf) is conflict


def test_conditions_multiply():
    root = [{"uri": {"prefix": "/a"}}, {"uri": {"prefix": "/b"}}]
    leaves = [{"method": {"exact": "GET"}}, {"uri": {"exact": "/a/x"}}]
    assert merge_http_match_requests(root, leaves) == [
        {"method": {"exact": "GET"}, "uri": {"prefix": "/a"}},
        {"method": {"exact": "GET"}, "uri": {"prefix": "/b"}},
        {"uri": {"exact": "/a/x"}},
    ]


def test_one_condition_outside_drops_the_rule():
    assert merge_http_match_requests([{"uri": {"prefix": "/a"}}], [{"uri": {"prefix": "/b"}}]) is None


def test_a_delegate_inherits_what_it_leaves_open():
    root = {"name": "root", "timeout": "5s", "retries": {"attempts": 0}, "headers": {"request": {"remove": ["a"]}}}
    merged = merge_http_route(root, {"name": "leaf", "timeout": "1s", "route": []})
    assert merged == root | {"name": "root-leaf", "timeout": "1s", "route": []}


DELEGATE = """
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: part, namespace: team}}
spec: {{http: [{{route: [{{destination: {{host: cart}}}}]}}]{more}}}
"""
ROOT = virtual_service("root", "[{match: [{uri: {prefix: /a}}], delegate: {name: part, namespace: team}}]")


def test_a_delegates_short_names_are_those_of_its_own_namespace():
    (route,) = hosts_of(ingress(GATEWAY, ROOT, DELEGATE.format(more="")))["shop.example.com:80"].routes
    assert cluster_of(route) == "outbound|80||cart.team.svc.cluster.local"
    assert route.match.path.value == "/a"


def test_a_merged_rule_leads_back_to_the_delegates_text():
    (route,) = hosts_of(ingress(GATEWAY, ROOT, DELEGATE.format(more="")))["shop.example.com:80"].routes
    assert (route.origin.resource, route.origin.field) == ("VirtualService team/part", "spec.http[0]")


@pytest.mark.parametrize(
    ("export_to", "seen"),
    [
        pytest.param('["*"]', True, id="exported to all"),
        pytest.param("[shop]", True, id="exported to the root's namespace"),
        pytest.param('["."]', False, id="private"),
    ],
)
def test_a_delegate_acts_only_where_it_is_exported_to(export_to, seen):
    table = ingress(GATEWAY, ROOT, DELEGATE.format(more=f", exportTo: {export_to}"))
    assert bool(hosts_of(table).get("shop.example.com:80")) is seen


def test_a_delegate_is_never_bound_by_itself():
    assert list(hosts_of(ingress(GATEWAY, DELEGATE.format(more="")))) == ["blackhole:80"]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of recorded cases is not beside this repository")
@pytest.mark.parametrize("operation", ["has_conflict", "merge_http_match_requests"])
def test_agrees_with_istiods_own_tables(operation):
    cases = [case for case in json.loads(CORPUS.read_text())["cases"] if case["op"] == operation]
    assert cases
    for case in cases:
        if operation == "has_conflict":
            assert has_conflict(case["root"], case["leaf"]) is case["expected"], case
        else:
            assert merge_http_match_requests(case["root"] or [], case["delegate"] or []) == case["expected"], case
