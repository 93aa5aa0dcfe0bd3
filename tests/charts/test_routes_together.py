"""What routes are refused beside other objects: gateways, hosts, delegates, names, other kinds of values."""

from pathlib import Path
from typing import Any

import pytest

from meshwright.charts import (
    Backend,
    DelegateRoutes,
    Environment,
    HttpApp,
    HttpRoutes,
    IngressGateway,
    Match,
    Route,
)
from meshwright.errors import MeshwrightError
from meshwright.tree import App, Chart
from tests.charts.route_refusals import SHOP, told

JASON = Match.any().header("end-user", exact="jason")
GATEWAYS: list[Any] = [
    pytest.param({"hosts": ["shop.example.org"]}, "no gateway listens for host 'shop.example.org'", id="another host"),
    pytest.param(
        {"hosts": ["example.com"]}, "no gateway listens for host 'example.com'", id="the parent of a wildcard"
    ),
    pytest.param({"hosts": ["shop"]}, "host 'shop' is short", id="a short host"),
    pytest.param({"hosts": ["a.example.com", "a.example.com"]}, "stands there twice", id="a host twice"),
    pytest.param({"hosts": ["a.*.com"]}, "host 'a.*.com' is no host name", id="a wildcard inside"),
    pytest.param({"hosts": ["*"], "mesh": True}, "host '*' cannot be for callers inside", id="every host of the mesh"),
    pytest.param({"hosts": ["a.example.com"], "name": "A_b"}, "which is no DNS label", id="no DNS label"),
    pytest.param({"hosts": ["a.example.com"]}, None, id="a host below a wildcard"),
    pytest.param({"hosts": ["*.example.com"]}, None, id="the wildcard itself"),
    pytest.param({"hosts": ["*"]}, None, id="every host"),
]


@pytest.mark.parametrize(("given", "wrong"), GATEWAYS)
def test_hosts_are_those_that_a_gateway_listens_for(tmp_path: Path, given: dict[str, Any], wrong: str | None) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        gateway = IngressGateway(chart, "gateway", hosts=["*.example.com"])
        HttpRoutes(chart, "routes", gateways=[gateway], routes=[Route(to=cart)], **given)

    said = told(tmp_path, write)
    assert len(said) == (wrong is not None)
    assert wrong is None or wrong in said[0]


def test_a_caller_or_gateway_that_the_routes_are_not_for_is_refused(tmp_path: Path) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        gateway, other = (IngressGateway(chart, name, hosts=["*"], port=port) for name, port in (("a", 80), ("b", 81)))
        routes = [
            Route(to=cart, match=Match.exact("/a").source(cart)),
            Route(to=cart, match=Match.exact("/b").through(other)),
        ]
        HttpRoutes(chart, "routes", hosts=["*"], gateways=[gateway], routes=routes)
        HttpRoutes(chart, "both", hosts=[cart], gateways=[gateway], mesh=True, routes=routes[:1])

    said = told(tmp_path, write)
    assert len(said) == 2
    assert "match.source is about callers inside the mesh" in said[0]
    assert "match.through names shop/b, which these routes are not for" in said[1]


def test_two_objects_for_one_host_of_the_mesh_are_refused(tmp_path: Path) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        HttpRoutes(chart, "one", hosts=[cart], routes=[Route(to=cart.version("v1"))])
        HttpRoutes(chart, "two", hosts=[cart], routes=[Route(to=cart.version("v2"))])

    (said,) = told(tmp_path, write)
    assert said.startswith("demo/shop/two (")
    assert "has routes for the mesh already, demo/shop/one (tests/charts/test_routes_together.py:" in said


@pytest.mark.parametrize(
    ("first", "second", "wrong"),
    [
        pytest.param(Match.exact("/a"), Match.exact("/a"), "takes (uri exact /a) of host", id="the same match"),
        pytest.param(None, None, "takes any request of host", id="everything twice"),
        pytest.param(Match.exact("/a"), Match.exact("/b"), None, id="different matches"),
        pytest.param(Match.exact("/a"), None, None, id="one path, and the rest"),
    ],
)
def test_objects_share_a_gateway_host_by_different_matches(
    tmp_path: Path, first: Match | None, second: Match | None, wrong: str | None
) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        gateway = IngressGateway(chart, "gateway", hosts=["*.example.com"])
        for name, match in (("one", first), ("two", second)):
            route = Route(to=cart, match=match or ())
            HttpRoutes(chart, name, hosts=["a.example.com"], gateways=[gateway], routes=[route])

    said = told(tmp_path, write)
    assert len(said) == (wrong is not None)
    assert wrong is None or wrong in said[0]


@pytest.mark.parametrize(
    ("root", "leaf", "dropped"),
    [
        pytest.param(Match.prefix("/a"), Match.prefix("/a/b"), False, id="a longer prefix"),
        pytest.param(Match.prefix("/a"), JASON, False, id="another condition"),
        pytest.param(Match.prefix("/a"), Match.exact("/b"), True, id="another path"),
        pytest.param(Match.prefix("/a"), Match.regex("/a/.*"), True, id="a regex inside of a prefix"),
        pytest.param(Match.exact("/a"), Match.prefix("/a"), True, id="a prefix of an exact path"),
        pytest.param(JASON, Match.any().header("end-user"), True, id="presence of one value"),
        pytest.param(Match.prefix("/a"), Match.prefix("/a/b", ignore_case=True), True, id="another case"),
    ],
)
def test_a_delegate_keeps_to_what_it_is_handed(tmp_path: Path, root: Match, leaf: Match, dropped: bool) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        team = DelegateRoutes(chart, "team", routes=[Route(to=cart, match=leaf)])
        HttpRoutes(chart, "routes", hosts=[cart], routes=[Route(delegate=team, match=root)])

    said = told(tmp_path, write)
    assert len(said) == dropped
    assert not said or "would be dropped" in said[0]


def test_a_delegate_cannot_delegate(tmp_path: Path) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        inner = DelegateRoutes(chart, "inner", routes=[Route(to=cart)])
        outer = DelegateRoutes(chart, "outer", routes=[Route(delegate=inner)])
        HttpRoutes(chart, "routes", hosts=[cart], routes=[Route(delegate=outer)])

    (said,) = told(tmp_path, write)
    assert "shop/outer" in said and "a delegate cannot delegate further" in said


def test_each_problem_names_the_line_of_its_route(tmp_path: Path) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        HttpRoutes(
            chart,
            "routes",
            hosts=[cart],
            routes=[
                Route(to=cart, match=Match.prefix("a"), timeout="1 tick"),  # type: ignore[call-overload]
                Route(to={cart: 101}),
            ],
        )

    said = told(tmp_path, write)
    lines = [int(line.partition(".py:")[2].partition(")")[0]) for line in said]
    assert len(said) == 4
    assert lines[0] + 1 == lines[-1] and len(set(lines)) == 2


@pytest.mark.parametrize(
    ("given", "wrong"),
    [
        pytest.param({"hosts": "shop.example.com"}, "hosts is 'shop.example.com', no list", id="a host without a list"),
        pytest.param({"hosts": [8080]}, "a host is 8080", id="a number for a host"),
        pytest.param({"routes": "cart"}, "routes is 'cart', no list", id="a name for routes"),
        pytest.param({"api": "ingress"}, "api is 'ingress'. Give istio or gateway", id="an unknown API"),
        pytest.param({"routes": []}, "there is no route", id="no routes"),
    ],
)
def test_what_is_no_list_is_told_without_a_traceback(tmp_path: Path, given: dict[str, Any], wrong: str) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        HttpRoutes(chart, "routes", **{"hosts": [cart], "routes": [Route(to=cart)], **given})

    assert wrong in told(tmp_path, write)[0]


def test_a_gateway_or_route_or_match_without_a_list_is_told(tmp_path: Path) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        gateway: Any = IngressGateway(chart, "gateway", hosts=["*"])
        route: Any = Route(to=cart, match="/a")  # type: ignore[call-overload]
        HttpRoutes(chart, "routes", hosts=["*"], gateways=gateway, routes=route)

    said = " ".join(told(tmp_path, write))
    for wrong in ("gateways is one IngressGateway", "routes is one Route", "match is '/a'. Start with Match.prefix"):
        assert wrong in said


def test_two_objects_of_one_name_are_refused(tmp_path: Path) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        HttpRoutes(chart, "one", name="same", hosts=["a.example.com"], routes=[Route(to=cart)])
        HttpRoutes(chart, "two", name="same", hosts=["b.example.com"], routes=[Route(to=cart)])

    (said,) = told(tmp_path, write)
    assert "makes the VirtualService shop/same already" in said


def test_routes_that_come_after_a_synth_are_looked_at_too(tmp_path: Path) -> None:
    app = App()
    chart = SHOP.chart(app, "shop")
    cart = HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080)
    late = Backend("late.shop.svc.cluster.local", 8080)
    HttpRoutes(chart, "one", hosts=["a.example.com"], routes=[Route(to=cart)])
    app.synth_yaml()
    HttpRoutes(chart, "two", hosts=["b.example.com"], routes=[Route(to=late)])
    HttpApp(chart, "late", versions={"v1": "late:1"}, port=8080)
    app.synth_yaml()
    HttpRoutes(chart, "three", hosts=["a.example.com"], routes=[Route(to=cart)])
    with pytest.raises(MeshwrightError, match="has routes for the mesh already"):
        app.synth_yaml()


def test_environments_of_two_clusters_do_not_know_each_other(tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path / "dist"))
    for name in ("prod", "staging"):
        chart = Environment(name, namespace="shop").chart(app, "shop")
        cart = HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080)
        HttpRoutes(chart, "routes", hosts=[cart], routes=[Route(to=cart)])
    app.synth()
    assert (tmp_path / "dist" / "staging" / "shop.k8s.yaml").exists()


ODD: list[Any] = [3, 1.5, True, b"x", ["x"], {"a": 1}, object(), Match.any(), float("nan")]


@pytest.mark.parametrize("odd", ODD, ids=[f"{type(odd).__name__} {number}" for number, odd in enumerate(ODD)])
@pytest.mark.parametrize(
    "field", ["redirect", "direct_response", "delegate", "rewrite", "timeout", "retries", "fault", "mirror", "cors"]
)
@pytest.mark.parametrize("api", ["istio", "gateway"])
def test_a_value_of_another_kind_is_told_by_its_field(tmp_path: Path, field: str, odd: Any, api: Any) -> None:
    def write(chart: Chart, cart: HttpApp) -> None:
        HttpRoutes(chart, "routes", hosts=[cart], api=api, routes=[Route(to=cart, **{field: odd})])

    assert any(f"route 0: {field} is" in line for line in told(tmp_path, write))
