"""Canaries by weight and in steps, and blue-green, for callers inside the mesh."""

from meshwright.charts import BlueGreen, Canary, Environment, HttpApp, Match, Step
from meshwright.tree import App


def program(app: App) -> None:
    chart = Environment("prod", namespace="shop").chart(app, "shop")
    HttpApp(chart, "web", versions={"v1": "web:1"}, port=8080)
    cart = HttpApp(chart, "cart", versions={"v1": "cart:1", "v2": "cart:2"}, port=8080)
    Canary(
        chart,
        "cart-canary",
        of=cart,
        stable="v1",
        canary="v2",
        weight=20,
        testers=Match.any().header("end-user", exact="jason"),
    )
    stock = HttpApp(chart, "stock", versions={"v1": "stock:1", "v2": "stock:2"}, port=8080)
    steps = [Step.header("x-canary"), Step.cookie("canary", "always"), Step.share(5), Step.share(50)]
    Canary(chart, "stock-canary", of=stock, stable="v1", canary="v2", steps=steps, at=2)
    prices = HttpApp(chart, "prices", versions={"v1": "prices:1", "v2": "prices:2"}, port=8080)
    Canary(chart, "prices-canary", of=prices, stable="v1", canary="v2", steps=steps, at=4)
    search = HttpApp(chart, "search", versions={"blue": "search:1", "green": "search:2"}, port=8080)
    BlueGreen(chart, "search-release", of=search, live="blue", preview="green")
