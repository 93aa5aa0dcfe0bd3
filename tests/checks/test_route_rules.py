"""Dead rules and overlaps, beside what the route table decides."""

import pytest

from meshwright.analysis.decide import Decider
from meshwright.analysis.entry import request_to
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from tests.checks.findings import findings_in, told

GATEWAY = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {name: public, namespace: shop}
spec:
  selector: {istio: ingressgateway}
  servers:
  - port: {number: 80, name: http, protocol: HTTP}
    hosts: ["*.example.com"]
"""


def virtual_service(name, *rules, age="", hosts="[shop.example.com]", gateways="[public]"):
    """Rules are (match, destination); an empty match takes everything."""
    http = "".join(
        f"  - match: [{match}]\n    route: [{{destination: {{host: {to}.example.com}}}}]\n"
        if match
        else f"  - route: [{{destination: {{host: {to}.example.com}}}}]\n"
        for match, to in rules
    )
    created = f", creationTimestamp: '{age}'" if age else ""
    return (
        f"---\napiVersion: networking.istio.io/v1\nkind: VirtualService\n"
        f"metadata: {{name: {name}, namespace: shop{created}}}\n"
        f"spec:\n  hosts: {hosts}\n  gateways: {gateways}\n  http:\n{http}"
    )


def told_of(code, text):
    return [each for each in told(findings_in(text)) if each.code == code]


CART = "uri: {prefix: /cart}"


@pytest.mark.parametrize(
    ("rules", "dead"),
    [
        pytest.param([("", "a"), (f"{{{CART}}}", "b")], [1], id="a catch-all first hides the rest"),
        pytest.param([(f"{{{CART}}}", "a"), ("{uri: {exact: /cart/x}}", "b")], [1], id="an exact path below a prefix"),
        pytest.param([(f"{{{CART}}}", "a"), ("{uri: {prefix: /card}}", "b")], [], id="sibling prefixes"),
        pytest.param([(f"{{{CART}}}", "a"), ("{uri: {prefix: /cartoon}}", "b")], [1], id="a prefix knows no segments"),
        pytest.param(
            [(f"{{{CART}, method: {{exact: GET}}}}", "a"), (f"{{{CART}}}", "b")], [], id="a method leaves the others"
        ),
        pytest.param(
            [("{uri: {prefix: /a}}, {uri: {prefix: /b}}", "a"), ("{uri: {regex: '/[ab]/.*'}}", "b")],
            [1],
            id="two matches together hide a regular expression",
        ),
        pytest.param(
            [("{uri: {prefix: /a}}", "a"), ("{uri: {prefix: /a/x}}, {uri: {prefix: /c}}", "b")],
            [],
            id="one match of two is enough to live",
        ),
        pytest.param(
            [("{headers: {x-user: {exact: a}}}", "a"), ("{headers: {x-user: {prefix: a}}}", "b")], [], id="more headers"
        ),
        pytest.param(
            [("{headers: {x-user: {prefix: a}}}", "a"), ("{headers: {x-user: {exact: ab}}}", "b")], [1], id="a header"
        ),
    ],
)
def test_finds_the_rules_that_no_request_reaches(rules, dead):
    found = told_of("MW201", GATEWAY + virtual_service("cart", *rules))
    assert [each.origin.field for each in found] == [f"spec.http[{place}]" for place in dead]
    assert all(each.related for each in found)


def test_a_rule_that_lives_at_one_of_two_gateways_is_alive():
    other = GATEWAY.replace("name: public", "name: other").replace("ingressgateway", "othergateway")
    rules = ("{gateways: [public]}", "a"), ("{uri: {prefix: /b}}", "b")
    assert told_of("MW201", f"{GATEWAY}---{other}" + virtual_service("cart", *rules, gateways="[public, other]")) == []


def test_rules_for_callers_in_the_mesh_are_looked_at_too():
    rules = ("{uri: {prefix: /}}", "a"), ("{uri: {prefix: /b}}", "b")
    found = told_of("MW201", virtual_service("cart", *rules, hosts="[cart]", gateways="[mesh]").removeprefix("---\n"))
    assert [each.origin.field for each in found] == ["spec.http[1]"]


def test_a_rule_for_some_callers_hides_nothing_from_the_others():
    rules = ("{sourceLabels: {app: web}}", "a"), ("{uri: {prefix: /b}}", "b")
    text = virtual_service("cart", *rules, hosts="[cart]", gateways="[mesh]").removeprefix("---\n")
    assert told_of("MW201", text) == []


OLD, YOUNG = "2020-01-01T00:00:00Z", "2021-01-01T00:00:00Z"


@pytest.mark.parametrize(("age_of_a", "age_of_b", "winner"), [(OLD, YOUNG, "a"), (YOUNG, OLD, "b")])
def test_the_older_object_wins_and_the_witness_proves_it(age_of_a, age_of_b, winner):
    text = (
        GATEWAY
        + virtual_service("a", ("{uri: {prefix: /cart}}", "a"), age=age_of_a)
        + virtual_service("b", ("{uri: {prefix: /cart/items}, method: {exact: POST}}", "b"), age=age_of_b)
    )
    (found,) = told_of("MW202", text)
    assert found.related[0].resource == f"VirtualService shop/{winner}"
    assert "is older" in found.wrong
    witness = found.wrong.split("such as ")[1].split(", and ")[0]
    method, url = witness.split()[:2]
    mesh = compile_mesh(read_text(text))
    (proxy,) = mesh.gateways()
    decision = Decider(mesh.route_table(proxy)).decide(request_to(method, url))
    assert decision.route.origin.resource == found.related[0].resource
    assert decision.route.origin.field == found.related[0].field


def test_rules_that_do_the_same_do_not_fight():
    text = GATEWAY + virtual_service("a", (f"{{{CART}}}", "same")) + virtual_service("b", (f"{{{CART}}}", "same"))
    assert told_of("MW202", text) == []


def test_a_rule_hidden_by_another_object_is_told_once_as_a_matter_of_age():
    text = GATEWAY + virtual_service("a", (f"{{{CART}}}", "a")) + virtual_service("b", ("{uri: {exact: /cart}}", "b"))
    assert [each.code for each in told(findings_in(text))] == ["MW202"]


def test_objects_for_different_hosts_do_not_meet():
    text = (
        GATEWAY
        + virtual_service("a", (f"{{{CART}}}", "a"))
        + virtual_service("b", (f"{{{CART}}}", "b"), hosts="[pay.example.com]")
    )
    assert told(findings_in(text)) == []


def test_a_wildcard_and_a_host_in_it_do_not_meet():
    text = (
        GATEWAY
        + virtual_service("a", (f"{{{CART}}}", "a"))
        + virtual_service("b", (f"{{{CART}}}", "b"), hosts='["*.example.com"]')
    )
    assert told(findings_in(text)) == []
