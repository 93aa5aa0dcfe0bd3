"""``meshwright check``."""

import json
from importlib.metadata import EntryPoint
from xml.etree import ElementTree

import pytest
from click.testing import CliRunner

from meshwright.checks import Check, Problem, registry
from meshwright.cli import main

WRONG = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: 80}]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: cart
  namespace: shop
spec:
  hosts: [cart]
  http:
  - route:
    - destination:
        host: cart
        subset: canary
"""
RIGHT = WRONG.replace("        subset: canary\n", "")
TOLD = 'subset "canary" is not defined for host "cart" (defined: none)'
PLACE = "spec.http[0].route[0].destination"


@pytest.fixture
def run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def run(*arguments, shop=WRONG):
        (tmp_path / "shop.yaml").write_text(shop)
        result = CliRunner().invoke(main, ["check", "shop.yaml", *arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return run


def test_text_has_the_place_the_object_the_field_the_remedy_and_the_line(run):
    status, output = run()
    assert status == 1
    assert output == (
        f"shop.yaml:17: error: VirtualService shop/cart {PLACE}: {TOLD}. Add it to a DestinationRule for "
        "cart.shop.svc.cluster.local, or route to a defined one. [MW104]\n"
        "  17 |     - destination:\n"
        "     |     ^^^^^^^^^^^^^^\n"
        "\n"
        "1 error\n"
    )


def test_says_so_when_nothing_is_wrong(run):
    assert run(shop=RIGHT) == (0, "nothing found\n")


def test_counts_what_leads_out_of_the_manifests(run):
    status, output = run(shop=RIGHT.replace("host: cart", "host: prices.finance.svc.cluster.local"))
    assert status == 0
    assert output.startswith("nothing found\n1 reference out of these manifests could not be checked")


def test_tells_what_leads_nowhere_when_there_is_nothing_else(run):
    status, output = run("--complete", shop=RIGHT.replace("host: cart", "host: prices.finance.svc.cluster.local"))
    assert status == 1
    assert "[MW102]" in output


@pytest.mark.parametrize(
    ("fail_on", "status"),
    [
        pytest.param("error", 1, id="an error is an error"),
        pytest.param("warning", 1, id="an error is worse than a warning"),
        pytest.param("unknown", 1, id="an error is worse than anything"),
        pytest.param("never", 0, id="nothing fails"),
    ],
)
def test_the_exit_status_follows_fail_on(run, fail_on, status):
    assert run("--fail-on", fail_on)[0] == status


def test_a_warning_fails_only_when_asked(run):
    named = RIGHT.replace("name: http,", "name: http2web,")
    assert [run("--fail-on", each, shop=named)[0] for each in ("error", "warning")] == [0, 1]


def test_unusable_input_is_2(run):
    status, output = run(shop="kind: [")
    assert status == 2
    assert output.startswith("shop.yaml:")


def test_json_has_everything(run):
    told = json.loads(run("--format", "json")[1])
    (finding,) = told["findings"]
    assert told["suppressed"] == 0
    assert finding["code"] == "MW104"
    assert finding["severity"] == "error"
    assert finding["wrong"] == TOLD
    assert (finding["file"], finding["line"], finding["field"]) == ("shop.yaml", 17, PLACE)


def test_sarif_points_to_the_line(run):
    written = json.loads(run("--format", "sarif")[1])
    (sarif_run,) = written["runs"]
    (result,) = sarif_run["results"]
    (location,) = result["locations"]
    assert written["version"] == "2.1.0"
    assert sarif_run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"] == "MW104"
    assert result["level"] == "error"
    assert location["physicalLocation"] == {"artifactLocation": {"uri": "shop.yaml"}, "region": {"startLine": 17}}


def test_sarif_knows_a_finding_again_when_lines_move(run):
    def fingerprint(text):
        (result,) = json.loads(run("--format", "sarif", shop=text)[1])["runs"][0]["results"]
        return result["partialFingerprints"]

    assert fingerprint(WRONG) == fingerprint("# moved\n" + WRONG)


def test_junit_has_a_case_for_each_check_and_fails_one(run):
    suite = ElementTree.fromstring(run("--format", "junit")[1]).find("testsuite")
    failed = [case.get("name") for case in suite.iter("testcase") if case.find("failure") is not None]
    assert [name.split()[0] for name in failed] == ["MW104"]
    assert int(suite.get("tests")) == len(list(suite.iter("testcase"))) > 20
    assert suite.get("failures") == "1"


def test_markdown_escapes_what_the_user_wrote(run):
    output = run("--format", "markdown", shop=WRONG.replace("canary", "'a|b<script>'"))[1]
    assert r'subset "a\|b\<script\>"' in output
    assert output.endswith("2 found.\n")


def test_text_writes_control_characters_out(run):
    assert "\x1b" not in run(shop=WRONG.replace("canary", '"\\e[31mred"'))[1]


def test_list_names_every_check(run):
    status, output = run("--list")
    assert status == 0
    assert "MW104  error    unknown-subset" in output


def test_explain_prints_the_page_of_a_check(run):
    status, output = run("--explain", "mw104")
    assert status == 0
    assert output.startswith("# MW104 unknown-subset\n")


def test_explain_of_an_unknown_code_is_2(run):
    status, output = run("--explain", "QQ")
    assert status == 2
    assert output == '--explain: there is no check "QQ". See them with --list\n'


def test_a_baseline_hides_what_was_there_and_tells_what_is_new(run):
    assert run("--write-baseline", "known.json") == (0, "")
    assert run("--baseline", "known.json") == (0, "1 suppressed\n")
    moved = "# moved\n" + WRONG
    assert run("--baseline", "known.json", shop=moved)[0] == 0
    assert run("--baseline", "known.json", shop=WRONG.replace("canary", "next"))[0] == 1


@pytest.mark.parametrize("text", ["", "{}", "[1]", '[{"code": "MW104"}]'])
def test_what_is_no_baseline_is_2(run, tmp_path, text):
    (tmp_path / "known.json").write_text(text or "no JSON")
    if text == "{}":
        assert run("--baseline", "known.json")[0] == 1
    else:
        assert run("--baseline", "known.json")[0] == 2


def test_a_missing_baseline_is_2(run):
    assert run("--baseline", "none.json")[0] == 2


@pytest.mark.parametrize(
    ("where", "text"),
    [
        pytest.param(
            "    - destination:\n", "    - destination:  # meshwright: ignore MW104 by hand\n", id="same line"
        ),
        pytest.param(
            "    - destination:\n", "    # meshwright: ignore MW104 by hand\n    - destination:\n", id="above"
        ),
        pytest.param(
            "    - destination:\n",
            "    # meshwright: ignore MW104 by hand\n    # more\n\n    - destination:\n",
            id="gap",
        ),
        pytest.param(
            "  namespace: shop\nspec",
            '  namespace: shop\n  annotations: {meshwright.dev/ignore: "MW104 by hand"}\nspec',
            id="annotation",
        ),
    ],
)
def test_a_suppression_with_a_reason_hides_its_finding(run, where, text):
    assert run(shop=WRONG.replace(where, text)) == (0, "1 suppressed\n")


def test_a_suppression_without_a_reason_does_not_count(run):
    status, output = run(shop=WRONG.replace("- destination:\n", "- destination:  # meshwright: ignore MW104\n"))
    assert status == 1
    assert "[MW104]" in output
    assert 'shop.yaml:17: warning: comment "ignore MW104" gives no reason' in output


@pytest.mark.parametrize("code", ["MW104", "MW101"])
def test_a_suppression_of_nothing_is_told(run, code):
    text = RIGHT.replace("- destination:\n", f"- destination:  # meshwright: ignore {code} by hand\n")
    status, output = run("--fail-on", "warning", shop=text)
    assert status == 1
    assert f'"ignore {code}" suppresses nothing' in output


def test_the_configuration_suppresses_by_object(run, tmp_path):
    entry = '[[tool.meshwright.check.ignore]]\ncode = "MW104"\nresource = "VirtualService shop/*"\nreason = "by hand"\n'
    (tmp_path / "pyproject.toml").write_text(entry)
    assert run() == (0, "1 suppressed\n")
    (tmp_path / "pyproject.toml").write_text(entry.replace("shop", "other"))
    assert run()[0] == 1


@pytest.mark.parametrize(
    "text",
    [
        "[tool.meshwright.check\n",
        '[tool.meshwright.check]\nignore = "MW104"\n',
        '[[tool.meshwright.check.ignore]]\ncode = "MW104"\n',
    ],
)
def test_an_unusable_configuration_is_2(run, tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    assert run()[0] == 2


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("cdk8s.yaml", "check: {ignore: [{code: MW104, resource: VirtualService shop/cart, reason: by hand}]}\n"),
        ("cdk8s.yaml", "check: {fail-on: never}\n"),
        ("pyproject.toml", "[tool.meshwright.check]\nfail_on = 'never'\n"),
    ],
)
def test_the_configuration_may_stand_in_cdk8s_yaml_or_pyproject_toml(run, tmp_path, file, text):
    (tmp_path / file).write_text(text)
    assert run()[0] == 0
    assert run("--fail-on", "error")[0] == ("fail" in text)


def test_the_mesh_is_configured_once_for_all_commands(run, tmp_path):
    shop = RIGHT.replace("host: cart", "host: cart.shop.svc.example.org")
    assert run("--complete", shop=shop)[0] == 1
    (tmp_path / "cdk8s.yaml").write_text("app: python main.py\nmesh: {cluster_domain: example.org}\n")
    assert run("--complete", shop=shop)[0] == 0


def _owner(shown):
    for resource in shown.of_kind("VirtualService"):
        yield Problem(resource.origin("metadata"), "nobody owns it", "Add the label owner.")


OWNER = Check("ACME1", "owner", "warning", "A VirtualService without an owner.", _owner)
TAKEN = Check("MW104", "owner", "warning", "A code that is taken.", _owner)


@pytest.mark.parametrize(
    ("value", "status", "told"),
    [
        pytest.param("tests.cli.test_check:OWNER", 0, "nobody owns it. Add the label owner. [ACME1]", id="it runs"),
        pytest.param("tests.cli.test_check:TAKEN", 2, "its code MW104 is taken", id="its code is taken"),
        pytest.param("tests.cli.test_check:WRONG", 2, "is no meshwright.checks.Check", id="it is no check"),
        pytest.param("tests.cli.nothing:CHECK", 2, "cannot be loaded", id="it is not there"),
    ],
)
def test_a_check_of_the_users_own(run, monkeypatch, value, status, told):
    found = [EntryPoint("owner", value, registry.GROUP)]
    monkeypatch.setattr(registry, "entry_points", lambda group: found)
    exit_code, output = run(shop=RIGHT)
    assert exit_code == status
    assert told in output


PROGRAM = """\
from meshwright.tree import ApiObject, App, Chart
app = App(check="off")
chart = Chart(app, "shop", namespace="shop")
ports = [{"name": "http", "port": 80}]
ApiObject(chart, "service", api_version="v1", kind="Service", metadata={"name": "cart"}, spec={"ports": ports})
http = [{"route": [{"destination": {"host": "cart", "subset": "canary"}}]}]
ApiObject(
    chart, "routes", api_version="networking.istio.io/v1", kind="VirtualService", spec={"hosts": ["cart"], "http": http}
)
app.synth()
"""


@pytest.fixture
def synthesised(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    exec(compile(PROGRAM, str(tmp_path / "main.py"), "exec"), {})

    def check(style):
        return CliRunner().invoke(main, ["check", "--format", style]).output

    return check


def test_every_report_names_the_line_of_the_program(synthesised):
    assert "\n  made by shop/routes (main.py:7)\n" in synthesised("text")
    assert "dist/shop.k8s.yaml:21, made by shop/routes (main.py:7)" in synthesised("markdown").replace("\\", "")
    assert "[MW104] (made by shop/routes (main.py:7))" in synthesised("junit")
    (finding,) = json.loads(synthesised("json"))["findings"]
    assert finding["made_by"] == {"construct": "shop/routes", "file": "main.py", "line": 7}


def test_sarif_relates_a_finding_to_the_line_of_the_program(synthesised):
    (result,) = json.loads(synthesised("sarif"))["runs"][0]["results"]
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"] == {"artifactLocation": {"uri": "main.py"}, "region": {"startLine": 7}}
    assert related["message"] == {"text": "made by shop/routes"}
