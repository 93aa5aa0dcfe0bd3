"""The checks at synth: the same as those of ``meshwright check``, told by the lines of the user's program."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

HEAD = """\
from meshwright.charts import Backend, Environment, HttpRoutes, IngressGateway, Match, Route
from meshwright.imports.istio.networking import VirtualService
from meshwright.tree import ApiObject, App, Chart
app = App()
shop = Chart(app, "shop", namespace="shop")
"""
SERVICE = """\
ApiObject(shop, "service", api_version="v1", kind="Service", metadata={"name": "cart"}, spec={
    "selector": {"app": "cart"}, "ports": [{"name": "PORT", "port": 80}]})
"""
ROUTES = """\
HttpRoutes(
    shop,
    "routes",
    hosts=["cart.shop.svc.cluster.local"],
    routes=[
        Route(to=Backend("cart.shop.svc.cluster.local", 80, elsewhere=True), match=[Match.prefix("/old")]),
        Route(
            to=Backend("nothing.shop.svc.cluster.local", 80, elsewhere=True),
        ),
    ],
)
"""
RAW = """\
VirtualService(shop, "raw", hosts=["cart"], http=[{"route": [{"destination": {"host": "cart", "subset": "v9"}}]}])
"""
SYNTH = "app.synth()\n"

Run = Callable[..., "tuple[int, list[str]]"]


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.chdir(tmp_path)
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("CDK8S", "MESHWRIGHT"))}
    environment["PYTHONPATH"] = str(Path(__file__).resolve().parents[2] / "constructs")

    def run(*parts: str, port: str = "http", command: tuple[str, ...] = ("main.py",)) -> tuple[int, list[str]]:
        Path("main.py").write_text("".join((HEAD, *parts, SYNTH)).replace("PORT", port))
        done = subprocess.run([sys.executable, *command], env=environment, capture_output=True, text=True, check=False)
        return done.returncode, done.stderr.splitlines()

    return run


def test_an_error_refuses_the_synth_and_names_construct_and_line(run: Run) -> None:
    assert run(SERVICE) == (0, [])
    before = Path("dist/shop.k8s.yaml").read_text()
    status, told = run(SERVICE, RAW)
    assert status == 1
    (line,) = told
    assert line.startswith("shop/raw (main.py:8): VirtualService shop/shop-raw-")
    assert line.endswith(
        'spec.http[0].route[0].destination: subset "v9" is not defined for host "cart" (defined: none). '
        "Add it to a DestinationRule for cart.shop.svc.cluster.local, or route to a defined one. [MW104]"
    )
    assert Path("dist/shop.k8s.yaml").read_text() == before


def test_a_rule_is_named_by_its_own_line_not_by_that_of_its_host(run: Run) -> None:
    status, (line,) = run(
        SERVICE, ROUTES.replace('"nothing.shop.svc.cluster.local", 80', '"cart.shop.svc.cluster.local", 90')
    )
    assert status == 1
    assert line.startswith("shop/routes/virtual-service (main.py:14): ")
    assert "[MW103]" in line


def test_the_manifests_lead_to_the_line_of_the_rule_too(run: Run) -> None:
    run(SERVICE, ROUTES.replace("nothing", "cart"))
    from meshwright.manifests import read

    (routes,) = [each for each in read("dist") if each.kind == "VirtualService"]
    lines = {
        field: routes.origin(field).made_by for field in ("spec", "spec.http[0].match[0]", "spec.http[1].route[0]")
    }
    assert {field: made and made.line for field, made in lines.items()} == {
        "spec": 8,
        "spec.http[0].match[0]": 13,
        "spec.http[1].route[0]": 14,
    }


def test_a_literal_secret_is_refused_with_its_line_and_may_be_lived_with(run: Run) -> None:
    secret = (
        'ApiObject(shop, "s", api_version="v1", kind="Secret", metadata={"name": "x"}, stringData={"key": "hunter2"})'
    )
    status, told = run(secret + "\n")
    assert status == 1
    assert any("MW871" in line and "main.py:" in line and "stringData.key" in line for line in told)
    assert run(secret + '.ignore("MW871", "of the tutorial")\n')[0] == 0


def test_a_warning_is_told_and_the_folder_is_written(run: Run) -> None:
    status, (line,) = run(SERVICE, port="http2web")
    assert status == 0
    assert line.startswith("shop/service (main.py:6): warning: Service shop/cart spec.ports[0].name: ")
    assert Path("dist/shop.k8s.yaml").exists()


@pytest.mark.parametrize(
    ("file", "text", "status"),
    [
        pytest.param("cdk8s.yaml", "check: off\n", 0, id="off"),
        pytest.param("cdk8s.yaml", "check: warn\n", 0, id="only told"),
        pytest.param("cdk8s.yaml", "check: {fail_on: never}\n", 0, id="nothing fails"),
        pytest.param(
            "cdk8s.yaml", "check: {ignore: [{code: MW104, resource: '*', reason: later}]}\n", 0, id="suppressed"
        ),
        pytest.param("pyproject.toml", "[tool.meshwright.check]\nfail-on = 'error'\n", 1, id="the default"),
    ],
)
def test_it_is_configured_as_meshwright_check_is(run: Run, file: str, text: str, status: int) -> None:
    Path(file).write_text(text)
    assert run(SERVICE, RAW)[0] == status


def test_warnings_can_fail(run: Run) -> None:
    Path("pyproject.toml").write_text('[tool.meshwright.check]\nfail_on = "warning"\n')
    assert run(SERVICE, port="http2web")[0] == 1


def test_what_stands_beside_in_the_folder_counts(run: Run) -> None:
    Path("dist").mkdir()
    raw = RAW.replace(', "subset": "v9"', "").replace('{"host": "cart"', '{"host": "nothing"')
    assert run(SERVICE, raw)[0] == 1
    text = "apiVersion: v1\nkind: Service\nmetadata: {name: nothing, namespace: shop}\nspec: {ports: [{port: 80}]}\n"
    Path("dist/by-hand.yaml").write_text(text)
    assert run(SERVICE, raw)[0] == 0


SECOND = """\
shop = Chart(app, "other", namespace="shop")
"""


def test_a_folder_for_several_clusters_is_checked_file_by_file(run: Run) -> None:
    status, told = run(SERVICE, SECOND, SERVICE)
    assert status == 0
    (line,) = told
    assert line.startswith("shop/service (main.py:6): warning: Service shop/cart is already defined at ")
    assert "each file was checked by itself" in line
    status, told = run(SERVICE, SECOND, SERVICE, RAW)
    assert status == 1
    assert "other/raw (main.py:11): VirtualService" in told[-1]


def test_each_folder_of_an_environment_is_a_cluster_where_they_cannot_be_one(run: Run) -> None:
    head = 'shop = Environment("NAME", namespace="shop").chart(app, "shop")\n'
    first, second = head.replace("NAME", "test") + SERVICE, head.replace("NAME", "prod") + SERVICE
    assert run(first, second) == (0, [])
    assert {path.parent.name for path in Path("dist").rglob("*.yaml")} >= {"prod", "test"}
    assert run(first, second, RAW)[0] == 1


def test_two_objects_of_one_name_in_one_file_refuse_the_synth(run: Run) -> None:
    status, (line,) = run(SERVICE, SERVICE.replace('"service"', '"again"'))
    assert status == 1
    assert line.startswith("shop/again (main.py:8): Service shop/cart is already defined at dist/shop.k8s.yaml:1")


def test_control_characters_of_names_do_not_reach_the_terminal(run: Run) -> None:
    told = run(SERVICE, RAW.replace("v9", "\\x1b[31mred\\nnext"))[1]
    assert told and all(line.startswith("shop/raw (main.py:8): ") and "\x1b" not in line for line in told)


def test_meshwright_synth_says_so_with_status_1(run: Run) -> None:
    Path("cdk8s.yaml").write_text("language: python\napp: python main.py\n")
    assert run(SERVICE, RAW, command=("-m", "meshwright", "synth"))[0] == 1
    assert run(SERVICE, command=("-m", "meshwright", "synth"))[0] == 0


def test_off_loads_no_check(run: Run) -> None:
    Path("cdk8s.yaml").write_text("check: off\n")
    script = "import runpy, sys; runpy.run_path('main.py'); print(*sys.modules, file=sys.stderr)"
    _, (loaded,) = run(SERVICE, command=("-c", script))
    assert not {name for name in loaded.split() if name.startswith(("meshwright.checks", "meshwright.gates"))}


def test_a_construct_takes_a_reason_to_live_with_a_finding(run: Run) -> None:
    ignoring = RAW.rstrip() + '.ignore("MW104", "v9 comes; with its first release")\n'
    assert run(SERVICE, ignoring) == (0, [])
    assert "MW104 v9 comes, with its first release" in Path("dist/shop.k8s.yaml").read_text()
    assert run(SERVICE, RAW, 'shop.ignore("MW104", "all of it")\n') == (0, [])  # though the Service needs none
    status, told = run(SERVICE, RAW, 'shop.ignore("MW104", " ")\n')
    assert (status, told) == (1, ["shop (main.py:9): ignore of MW104 without a reason. Say why"])


def test_what_a_construct_ignores_in_vain_is_told(run: Run) -> None:
    status, told = run(SERVICE, 'shop.ignore("MW104", "gone")\n')
    assert status == 0
    assert told[0].startswith("shop/service (main.py:6): warning: Service shop/cart metadata.annotations")


def test_services_that_others_deploy_beside_ours_are_no_finding(run: Run) -> None:
    own = """\
from meshwright.charts import HttpApp
HttpApp(shop, "cart", versions={"v1": "cart:1"}, port=80)
"""
    assert run(own, ROUTES) == (0, [])
