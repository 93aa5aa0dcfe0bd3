"""A small app whose routes are refused or taken."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from meshwright.charts import (
    Environment,
    HttpApp,
    HttpRoutes,
    Route,
)
from meshwright.errors import MeshwrightError
from meshwright.tree import App, Chart

SECOND = timedelta(seconds=1)
SHOP = Environment("demo", namespace="shop", host_suffix="example.com")


def told(tmp_path: Path, write: Callable[[Chart, HttpApp], object]) -> list[str]:
    """What synth says of a chart; nothing is written if it says anything."""
    app = App(outdir=str(tmp_path / "dist"))
    chart = SHOP.chart(app, "shop")
    write(chart, HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=8080))
    try:
        app.synth()
    except MeshwrightError as refused:
        assert not (tmp_path / "dist").exists()
        return str(refused).splitlines()
    assert (tmp_path / "dist" / "demo" / "shop.k8s.yaml").exists()
    return []


def of(*routes: Callable[[HttpApp], Route]) -> Callable[[Chart, HttpApp], object]:
    """Routes of an app for callers inside the mesh."""
    return lambda chart, cart: HttpRoutes(chart, "routes", hosts=[cart], routes=[route(cart) for route in routes])


def a_route(**fields: Any) -> Callable[[HttpApp], Route]:
    return lambda cart: Route(to=cart, **fields)


def anything(**fields: Any) -> Callable[[HttpApp], Route]:
    return lambda cart: Route(**fields)
