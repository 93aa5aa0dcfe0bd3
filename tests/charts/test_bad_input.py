"""What level 2 refuses: in one line each, with the user's own line, and all of them at once."""

from collections.abc import Callable
from pathlib import Path

import pytest

from meshwright.charts import Environment, HttpApp, HttpRoutes, IngressGateway, Match, Route
from meshwright.errors import MeshwrightError
from meshwright.tree import App, Chart


def refusal(tmp_path: Path, write: Callable[[Chart], object]) -> str:
    """What synth says of an app whose one chart is filled by ``write``."""
    app = App(outdir=str(tmp_path / "dist"))
    write(Environment("demo", namespace="shop").chart(app, "shop"))
    with pytest.raises(MeshwrightError) as refused:
        app.synth()
    assert not (tmp_path / "dist").exists()
    return str(refused.value)


def cart(chart: Chart) -> HttpApp:
    return HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=8080)


@pytest.mark.parametrize(
    ("write", "said"),
    [
        pytest.param(
            lambda chart: HttpRoutes(chart, "routes", hosts=[], routes=[Route(to=cart(chart))]),
            "there is no host",
            id="routes of no host",
        ),
        pytest.param(
            lambda chart: HttpRoutes(chart, "routes", hosts=["a"], routes=[]), "there is no route", id="no routes"
        ),
        pytest.param(
            lambda chart: HttpRoutes(chart, "routes", hosts=["a"], routes=[Route(to=cart(chart))], mesh=False),
            "mesh=False without a gateway",
            id="routes that no request can reach",
        ),
        pytest.param(
            lambda chart: HttpRoutes(
                chart,
                "routes",
                hosts=["a"],
                routes=[Route(name="x", to=chart_cart, match=Match.prefix("/a")), Route(name="x", to=chart_cart)]
                if (chart_cart := cart(chart))
                else [],
            ),
            "route 0 has this name, too",
            id="two routes of one name",
        ),
        pytest.param(
            lambda chart: cart(chart).version("v3"), "it has no version 'v3'", id="a version it does not have"
        ),
        pytest.param(
            lambda chart: HttpApp(chart, "cart", versions={}, port=8080), "it has no version", id="an app of no version"
        ),
        pytest.param(
            lambda chart: IngressGateway(chart, "gateway", hosts=[]),
            "there is no host",
            id="a gateway that listens for no host",
        ),
    ],
)
def test_refuses(tmp_path: Path, write: Callable[[Chart], object], said: str) -> None:
    assert said in refusal(tmp_path, write)


@pytest.mark.parametrize(
    ("shares", "said"),
    [
        pytest.param({"v1": 80, "v2": 30}, "route 'split': the weights sum to 110", id="shares above 100"),
        pytest.param({"v1": 80, "v2": 10}, "route 'split': the weights sum to 90", id="shares below 100"),
        pytest.param({"v1": 120, "v2": -20}, "route 'split': a weight is 120", id="a share that is no percentage"),
    ],
)
def test_refuses_weights(tmp_path: Path, shares: dict[str, int], said: str) -> None:
    def write(chart: Chart) -> None:
        app = cart(chart)
        to = {app.version(version): share for version, share in shares.items()}
        HttpRoutes(chart, "routes", hosts=[app], routes=[Route(name="split", to=to)])

    assert said in refusal(tmp_path, write)


def test_tells_all_problems_at_once_each_with_the_users_line(tmp_path: Path) -> None:
    def write(chart: Chart) -> None:
        app = cart(chart)
        HttpRoutes(chart, "first", hosts=[], routes=[Route(to=app)])
        HttpRoutes(chart, "second", hosts=["a.example.com"], routes=[Route(to={app.version("v9"): 50})])

    lines = refusal(tmp_path, write).splitlines()
    assert len(lines) == 3
    assert all("tests/charts/test_bad_input.py:" in line for line in lines)
    assert [line.split(" (")[0] for line in lines] == ["demo/shop/cart", "demo/shop/first", "demo/shop/second"]
