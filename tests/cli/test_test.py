import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from meshwright.analysis.matching import matches
from meshwright.analysis.regex import PatternError
from meshwright.analysis.subject import Subject
from meshwright.cli import main
from meshwright.errors import MeshwrightError
from meshwright.frontends import MeshOptions
from meshwright.frontends.istio.matches import route_match
from meshwright.manifests import read
from meshwright.route_tests.config_validator import ConfigValidator
from meshwright.route_tests.reading import files_of_tests, read_tests
from meshwright.route_tests.router_check import RouterCheck

from .meshes import SHOP, V1, V2

CORPUS = Path(__file__).resolve().parents[2].parent / "shared" / "corpus" / "routes"

DELEGATED = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: root, namespace: a}
spec:
  hosts: [example.org]
  http:
  - {match: [{uri: {prefix: /shop}}], delegate: {name: shop}}
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: shop, namespace: a}
spec:
  http:
  - {match: [{uri: {prefix: /shop/cart}}], route: [{destination: {host: cart}}]}
"""


def suites(*formats):
    if not CORPUS.is_dir():
        return []
    listed = json.loads((CORPUS / "suites.json").read_text())["suites"]
    return [pytest.param(suite, id=suite["name"]) for suite in listed if suite["format"] in formats]


def cases():
    if not CORPUS.is_dir():
        return []
    return [pytest.param(each, id=each["name"]) for each in json.loads((CORPUS / "match.json").read_text())["cases"]]


def run(*arguments):
    return CliRunner().invoke(main, ["test", *map(str, arguments)])


@pytest.mark.parametrize("suite", suites("istio-config-validator", "istio-router-check"))
def test_suites_of_other_tools_run_unchanged(suite):
    resources = [each for source in suite["config"] for each in read(str(CORPUS / source))]

    def results():
        for file in files_of_tests(tuple(str(CORPUS / each) for each in suite["tests"])):
            kind, tests = read_tests(file)
            assert kind == suite["format"]
            yield from judge.judge(file, tests, strict=suite.get("strict", False))

    if suite["expect"] == "parse-error":
        with pytest.raises(MeshwrightError):
            judge = ConfigValidator(resources)
            list(results())
        return
    if suite["format"] == "istio-config-validator":
        judge = ConfigValidator(resources)
    else:
        judge = RouterCheck(resources, MeshOptions(), suite["gateway"])
    if suite["expect"] == "routes":
        hosts = [host for table in judge.tables for each in table.route_configurations for host in each.virtual_hosts]
        assert len(hosts) == suite["routes"]
        return
    judged = list(results())
    assert judged
    if suite["expect"] == "pass":
        assert [each.failures for each in judged if not each.passed] == []


@pytest.mark.parametrize("case", cases())
def test_one_condition_meets_one_request_as_upstream_says(case):
    request = case["request"]
    headers = tuple(request.get("headers", {}).items())
    subject = Subject(request["method"], request["authority"], request["uri"], headers, "http", at_the_edge=False)
    if case["error"]:
        with pytest.raises(PatternError):
            matches(route_match(case["match"]))
    else:
        assert matches(route_match(case["match"]))(subject) == case["want"]


def written(tmp_path, config, tests):
    (tmp_path / "config.yaml").write_text(config)
    (tmp_path / "tests.yaml").write_text(tests)
    return tmp_path / "tests.yaml", "--config", tmp_path / "config.yaml"


def router_check(authority, path, **validate):
    test = {
        "test_name": "a test",
        "input": {"authority": authority, "path": path, "method": "GET"},
        "validate": validate,
    }
    return json.dumps({"tests": [test]})


@pytest.mark.parametrize(
    ("path", "validate", "exit_code"),
    [
        pytest.param("/cart", {"cluster_name": V1, "path_rewrite": "/basket"}, 0, id="cluster and rewrite"),
        pytest.param("/cart", {"cluster_name": V2}, 1, id="another cluster"),
        pytest.param("/old", {"path_redirect": "http://shop.example.com/new", "code_redirect": 301}, 0, id="redirect"),
        pytest.param("/none", {"cluster_name": ""}, 0, id="no route"),
        pytest.param("/cart", {"virtual_cluster_name": "x"}, 2, id="what cannot be compared"),
    ],
)
def test_router_check_meets_the_routes_of_a_gateway(tmp_path, path, validate, exit_code):
    result = run(*written(tmp_path, SHOP, router_check("shop.example.com", path, **validate)), "--gateway", "shop/shop")
    assert result.exit_code == exit_code


@pytest.mark.parametrize(("random", "cluster"), [(0, V1), (89, V1), (90, V2), (99, V2), (100, V1)])
def test_a_random_value_chooses_among_weights(tmp_path, random, cluster):
    tests = json.loads(router_check("shop.example.com", "/cart", cluster_name=cluster))
    tests["tests"][0]["input"]["random_value"] = random
    assert run(*written(tmp_path, SHOP, json.dumps(tests)), "--gateway", "shop/shop").exit_code == 0


@pytest.mark.parametrize(
    ("test", "exit_code"),
    [
        pytest.param("uri: [/shop/x]}, wantMatch: true, delegate: {name: shop}", 0, id="may stop at a delegate"),
        pytest.param("uri: [/shop/cart]}, wantMatch: true, route: [{destination: {host: cart}}]", 0, id="may go on"),
        pytest.param("uri: [/shop/x]}, wantMatch: true, route: [{destination: {host: cart}}]", 1, id="has to match"),
        pytest.param("uri: [/shop/x]}, wantMatch: false, route: [{destination: {host: cart}}]", 0, id="may not match"),
    ],
)
def test_a_validator_test_with_a_delegate(tmp_path, test, exit_code):
    tests = f"testCases: [{{description: d, request: {{authority: [example.org], method: [GET], {test}}}]"
    assert run(*written(tmp_path, DELEGATED, tests)).exit_code == exit_code


def test_a_failure_says_what_was_found_instead(tmp_path):
    result = run(
        *written(tmp_path, SHOP, router_check("shop.example.com", "/cart", cluster_name=V2)), "--gateway", "shop/shop"
    )
    assert "tests.yaml F" in result.stdout
    assert f'GET shop.example.com/cart: cluster_name is "{V1}", the test wants "{V2}"' in result.stdout
    assert "VirtualService shop/shop spec.http[2]" in result.stdout
    assert "1 failed, 0 passed" in result.stdout


@pytest.mark.parametrize(
    ("tests", "message"),
    [
        pytest.param("a: [", "cannot be read", id="no YAML"),
        pytest.param("a: 1", "holds no route tests", id="no tests"),
        pytest.param("tests: 5", "tests is not a list", id="no list"),
        pytest.param("testCases: [{description: d}]", 'test "d" has no request', id="no request"),
    ],
)
def test_a_file_that_holds_no_tests_is_unusable(tmp_path, tests, message):
    result = run(*written(tmp_path, SHOP, tests))
    assert result.exit_code == 2
    assert message in result.stderr
