"""What istiod refuses and doubts: its own recorded answers, and how we tell them."""

import copy
import json
import re
from pathlib import Path
from random import Random

import pytest

from tests.checks.findings import findings_in, told
from tests.differential.objects import PLAIN, Objects, judgement

FOLDER = Path(__file__).resolve().parents[1] / "data" / "validation"
RECORDED = [
    pytest.param(json.loads(line), id=f"{file.stem}-{place}")
    for file in sorted(FOLDER.glob("*.jsonl"))
    for place, line in enumerate(file.read_text().splitlines())
]


@pytest.mark.parametrize("case", RECORDED)
def test_an_object_is_judged_as_istiod_did(case):
    ours = judgement(case["object"])
    assert ours.schema == []
    assert ours.refused == case["refused"], ours.faults
    assert case["refused"] or ours.warned == case["warned"], ours.faults


def test_istiod_was_asked_about_every_kind_both_ways():
    refused = {(case.values[0]["object"]["kind"], case.values[0]["refused"]) for case in RECORDED}
    assert len(RECORDED) > 900
    assert refused == {(kind, verdict) for kind, _ in refused for verdict in (True, False)}


ODDITIES = [None, True, -1, 2.5, "", "*", [], [None], [[]], ["x"], {}, {"x": None}, {"x": [{}]}, 1 << 70]


@pytest.mark.parametrize("kind", PLAIN)
def test_whatever_stands_in_a_field_a_fault_is_at_a_field_that_is_there(kind):
    make, random = Objects(kind, Random(f"odd {kind}")), Random(kind)
    for _ in range(150):
        body = make.one()
        holder, key = random.choice(list(places(body["spec"])) or [(body, "spec")])
        holder[key] = copy.deepcopy(random.choice(ODDITIES))
        for fault in judgement(body).faults:
            assert "[" not in beyond(body, f".{fault.path}"), fault
            assert fault.remedy.endswith((".", "?"))
            assert not fault.wrong.endswith(".")


def beyond(value, path):
    """Return the part of a path that leads on where nothing stands: names of fields that are missing, at most."""
    if isinstance(value, list) and (found := re.match(r"\[(\d+)\]", path)) and int(found[1]) < len(value):
        return beyond(value[int(found[1])], path[found.end() :])
    for key in sorted(value, key=len, reverse=True) if isinstance(value, dict) else ():
        if path.startswith(f".{key}") and path[len(key) + 1 :][:1] in ("", ".", "["):
            return beyond(value[key], path[len(key) + 1 :])
    return path


def places(value):
    children = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, child in children:
        yield value, key
        yield from places(child)


def istio(kind, spec, group="networking.istio.io/v1", name="a"):
    metadata = {"name": name, "namespace": "shop"}
    return json.dumps({"apiVersion": group, "kind": kind, "metadata": metadata, "spec": spec})


def rule(**fields):
    route = {"destination": {"host": "cart.example.com"}}
    return {"hosts": ["shop.example.com"], "http": [{"route": [route], **fields}]}


def said(text):
    return [(each.code, each.origin.field, each.wrong) for each in told(findings_in(text)) if each.code in ISTIOD]


ISTIOD = ("MW801", "MW803", "MW804")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(
            istio("VirtualService", rule(match=[{"uri": {"regex": "/(?=a)"}}])),
            ("MW803", "spec.http[0].match[0].uri.regex", "(?=a)"),
            id="a regular expression",
        ),
        pytest.param(
            istio("VirtualService", rule(match=[{"headers": {"a b": {"exact": "x"}}}])),
            ("MW803", "spec.http[0].match[0].headers.a b", '"a b" is no name of a header'),
            id="the name of a header",
        ),
        pytest.param(
            istio("VirtualService", {**rule(), "hosts": ["*.example.com", "shop.example.com"]}),
            ("MW803", "spec.hosts[1]", '"shop.example.com" is covered by "*.example.com"'),
            id="a host that another covers",
        ),
        pytest.param(
            istio("VirtualService", rule(fault={"delay": {"fixedDelay": "1.5ms"}})),
            ("MW803", "spec.http[0].fault.delay.fixedDelay", "1.5ms is no whole number of milliseconds"),
            id="a part of a millisecond",
        ),
        pytest.param(
            istio("DestinationRule", {"host": "cart", "subsets": [{"name": "v1"}, {"name": "v1"}]}),
            ("MW803", "spec.subsets[1].name", 'another subset is called "v1", too'),
            id="two subsets of one name",
        ),
        pytest.param(
            istio("ServiceEntry", {"hosts": ["*.a.com"], "resolution": "DNS"}),
            ("MW803", "spec.hosts[0]", '"*.a.com" cannot be looked up in DNS'),
            id="a wildcard for DNS",
        ),
        pytest.param(
            istio("Sidecar", {"egress": [{"hosts": ["cart"]}]}),
            ("MW803", "spec.egress[0].hosts[0]", '"cart" does not say of which namespace'),
            id="a host without a namespace",
        ),
        pytest.param(
            istio("Telemetry", {"accessLogging": [{"filter": {"expression": "a =="}}]}, "telemetry.istio.io/v1"),
            ("MW803", "spec.accessLogging[0].filter.expression", "it ends too early"),
            id="an expression of CEL",
        ),
        pytest.param(
            istio(
                "AuthorizationPolicy", {"rules": [{"when": [{"key": "x", "values": ["a"]}]}]}, "security.istio.io/v1"
            ),
            ("MW803", "spec.rules[0].when[0].key", '"x" is nothing that a condition can ask for'),
            id="an unknown condition",
        ),
        pytest.param(
            istio("WorkloadEntry", {"network": "remote"}),
            (
                "MW804",
                "spec.address",
                'the workload has no address, and stands for the gateway of the network "remote"',
            ),
            id="a workload by its network",
        ),
    ],
)
def test_a_fault_is_told_at_its_field_with_the_users_own_value(text, expected):
    found = [each for each in said(text) if each[:2] == expected[:2]]
    assert len(found) == 1
    assert expected[2] in found[0][2]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(istio("VirtualService", rule(timeout="0s")), id="a duration that the schema refuses"),
        pytest.param(
            istio("DestinationRule", {"host": "cart", "subsets": [{"labels": {"a": "b"}}]}),
            id="a subset without a name",
        ),
        pytest.param(istio("Gateway", {"servers": [{"hosts": ["a.com"]}]}), id="a server without a port"),
    ],
)
def test_what_the_schema_refuses_is_told_once(text):
    assert [code for code, _, _ in said(text)] == ["MW801"]


def test_a_fault_elsewhere_in_an_object_that_the_schema_refuses_is_told_too():
    text = istio("VirtualService", rule(timeout="0s", retries={"attempts": 1, "retryOn": "x"}))
    assert [code for code, _, _ in said(text)] == ["MW801", "MW803"]


def test_a_field_that_a_cluster_drops_is_not_judged():
    text = istio("VirtualService", rule(retries={"attempts": 1, "retry_on": "x"}))
    assert said(text) == []


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(
            istio("VirtualService", rule(mirrorPercent=50, mirror={"host": "copy.example.com"})),
            "MW830",
            id="a deprecated field",
        ),
        pytest.param(
            istio("ServiceEntry", {"hosts": ["a.com"], "ports": [{"number": 9000, "name": "a", "protocol": "TCP"}]}),
            "MW602",
            id="TCP without addresses",
        ),
    ],
)
def test_what_another_check_tells_is_told_by_it_alone(text, code):
    found = {each.code for each in told(findings_in(text))}
    assert code in found
    assert "MW804" not in found


def test_rules_that_are_never_reached_are_left_to_the_check_of_dead_rules():
    route = [{"destination": {"host": "cart.example.com"}}]
    spec = {"hosts": ["shop.example.com"], "http": [{"route": route}, {"route": route}]}
    assert said(istio("VirtualService", spec)) == []
