"""One description of an app in many environments."""

from pathlib import Path

import pytest

from meshwright.charts import Abort, Environment, Fault, Fleet, HttpApp, HttpRoutes, Route, Versions
from meshwright.errors import MeshwrightError
from meshwright.tree import App
from tests.charts.constructs import refused, specs

DIGEST = "sha256:" + "5e" * 32


def fleet() -> Fleet:
    return Fleet(
        Environment("dev", cluster="small", namespace="dev"),
        Environment("prod-eu", stage="prod", cluster="eu", faults=False),
        Environment("prod-us", stage="prod", cluster="us", faults=False),
    )


def test_each_environment_is_a_folder_and_each_app_a_file_of_the_same_name(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path))
    for environment in fleet():
        for name in ("cart", "shop"):
            HttpApp(environment.chart(app, name), name, versions={"v1": "a:1"}, port=80)
    app.synth()
    assert sorted(path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*.yaml")) == [
        f"{environment}/{name}.k8s.yaml" for environment in ("dev", "prod-eu", "prod-us") for name in ("cart", "shop")
    ]


def test_an_app_more_or_less_renames_no_file(tmp_path: Path) -> None:
    def written(*apps: str) -> set[str]:
        app = App(outdir=str(tmp_path))
        for name in apps:
            HttpApp(Environment("prod").chart(app, name), name, versions={"v1": "a:1"}, port=80)
        app.synth()
        return {path.name for path in tmp_path.rglob("*.yaml")}

    assert written("b", "c") < written("a", "b", "c")


@pytest.mark.parametrize(
    ("name", "chosen"),
    [
        pytest.param("dev", 1, id="else the first"),
        pytest.param("prod-eu", 3, id="by the stage"),
        pytest.param("prod-us", 5, id="by the name before the stage"),
    ],
)
def test_a_value_is_chosen(name: str, chosen: int) -> None:
    assert fleet()[name].choose(1, {"prod-us": 5, "prod": 3}) == chosen


def test_a_name_that_the_fleet_does_not_have_is_refused() -> None:
    with pytest.raises(MeshwrightError) as told:
        fleet()["dev"].choose(1, {"prod": 3, "pord-us": 5})
    line = str(told.value)
    assert line.startswith("dev (tests/charts/test_fleet.py:")
    assert line.endswith("the fleet has no environment or stage 'pord-us'. Use one of dev, prod, prod-eu, prod-us")


def test_without_a_fleet_any_name_may_be_meant() -> None:
    assert Environment("dev").choose("a", {"prod": "b"}) == "a"


@pytest.mark.parametrize(
    ("make", "said"),
    [
        pytest.param(
            lambda: Fleet(Environment("a"), Environment("a")), "another environment has this", id="a name twice"
        ),
        pytest.param(lambda: [Fleet(*fleet())], "it is in another fleet already", id="two fleets"),
        pytest.param(lambda: fleet()["prod"], "there is no environment 'prod'", id="a stage is no environment"),
    ],
)
def test_refuses(make: object, said: str) -> None:
    with pytest.raises(MeshwrightError, match=said):
        make()  # type: ignore[operator]


@pytest.mark.parametrize("name", ["dev", "prod-eu"])
def test_faults_are_for_environments_that_take_them(name: str) -> None:
    chart = fleet()[name].chart(App(), "shop")
    cart = HttpApp(chart, "cart", versions={"v1": "a:1"}, port=80)
    HttpRoutes(chart, "routes", hosts=[cart], routes=[Route(to=cart, fault=Fault(abort=Abort(503)))])
    if name == "dev":
        assert specs(chart, "VirtualService")[0]["http"][0]["fault"]["abort"]["httpStatus"] == 503
    else:
        assert "it has a fault, and the environment 'prod-eu' takes none" in refused(chart)[0]


@pytest.mark.parametrize(
    ("clusters", "shares"),
    [
        pytest.param(("one", "one"), True, id="in one cluster, an object is made once"),
        pytest.param(("one", "two"), False, id="two clusters share nothing"),
        pytest.param((None, None), False, id="unnamed clusters are taken for two"),
    ],
)
def test_environments_of_one_cluster_share_its_names(clusters: tuple[str | None, ...], shares: bool) -> None:
    app = App()
    for number, cluster in enumerate(clusters):
        chart = Environment(f"e{number}", namespace="shop", cluster=cluster).chart(app, "shop")
        HttpApp(chart, "cart", versions={"v1": "a:1"}, port=80)
    if shares:
        assert "makes the Service shop/cart already" in refused(chart)[0]
    else:
        assert app.synth_yaml().count("kind: Service\n") == 2


@pytest.mark.parametrize(
    ("version", "image"),
    [
        pytest.param("1.20.3", "shop/cart:1.20.3", id="a tag"),
        pytest.param(DIGEST, f"shop/cart@{DIGEST}", id="a digest"),
        pytest.param(f"v1@{DIGEST}", f"shop/cart:v1@{DIGEST}", id="both"),
    ],
)
def test_an_image_is_its_repository_at_a_version(version: str, image: str) -> None:
    assert Versions({"cart": {"dev": version}}).image("cart", Environment("dev"), "shop/cart") == image


def test_a_region_takes_the_version_of_its_stage_unless_it_has_one() -> None:
    versions = Versions({"cart": {"prod": "1", "prod-us": "2"}})
    assert [versions.of("cart", fleet()[name]) for name in ("prod-eu", "prod-us")] == ["1", "2"]


def test_a_promotion_changes_one_value_and_the_files_of_one_environment(tmp_path: Path) -> None:
    def written(text: str) -> dict[str, str]:
        (tmp_path / "versions.yaml").write_text(text)
        versions, app = Versions.read(str(tmp_path / "versions.yaml")), App(outdir=str(tmp_path / "dist"))
        for environment in fleet():
            image = versions.image("cart", environment, "shop/cart")
            HttpApp(environment.chart(app, "shop"), "cart", versions={"v1": image}, port=80)
        app.synth()
        return {path.parent.name: path.read_text() for path in (tmp_path / "dist").rglob("*.yaml")}

    before = written("# kept\ncart:\n  dev: '2'\n  prod: '1'\n")
    after = written("# kept\ncart:\n  dev: '2'\n  prod: '2'\n")
    assert {name for name in before if before[name] != after[name]} == {"prod-eu", "prod-us"}
    assert after["prod-eu"] == before["prod-eu"].replace("shop/cart:1", "shop/cart:2")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("cart:\n  dev: 1.20\n", ":2: cart.dev is 1.2, which is no version", id="a number"),
        pytest.param("cart:\n\n  dev: a b\n", ":3: cart.dev is 'a b', which is no version", id="a space"),
        pytest.param("cart:\n  dev: v1@sha256:12\n", ":2: cart.dev is 'v1@sha256:12'", id="a digest cut short"),
        pytest.param("cart:\n  dev: '@" + DIGEST + "'\n", ":2: cart.dev is '@sha256", id="no tag before the digest"),
        pytest.param("a: v1\ncart: v1\n", ":2: cart is 'v1'. Write a version for each", id="no environments"),
        pytest.param("- cart\n", ": it holds no versions", id="a list"),
        pytest.param("", ": it holds no versions", id="nothing"),
        pytest.param("a: {x: '1'}\na: {x: '2'}\n", 'duplicate entry with key "a"', id="an app twice"),
        pytest.param("a: [\n", ": it cannot be read", id="no YAML"),
        pytest.param("a: {b: c}\n" + "#" * 1_000_000, ": it is longer than 1000000 characters", id="too long a file"),
        pytest.param("a: &a [x,x]\nb: &b [*a,*a]\nc: [*b,*b]\n", "a is ['x', 'x']", id="anchors for lists"),
    ],
)
def test_a_file_of_versions_is_refused_with_its_line(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "versions.yaml").write_text(text)
    with pytest.raises(MeshwrightError) as told:
        Versions.read(str(tmp_path / "versions.yaml"))
    assert str(told.value).startswith(str(tmp_path))
    assert said in str(told.value)


@pytest.mark.parametrize(
    ("app", "environment", "said"),
    [
        pytest.param("carts", "dev", "there are no versions of 'carts'. There are those of cart", id="no such app"),
        pytest.param("cart", "prod", "'cart' has no version for 'prod'. Add one to those for dev", id="no such place"),
    ],
)
def test_a_version_that_is_not_there_is_told(app: str, environment: str, said: str) -> None:
    with pytest.raises(MeshwrightError, match=said):
        Versions({"cart": {"dev": "1"}}).of(app, Environment(environment))


def test_a_file_that_is_not_there_is_told() -> None:
    with pytest.raises(MeshwrightError, match=r"nowhere.yaml: it cannot be read"):
        Versions.read("nowhere.yaml")
