from importlib.metadata import entry_points

import pytest

from .meshes import SHOP

pytest_plugins = ["pytester"]
# Where meshwright is installed, its entry point has pytest load the plugin.
_INSTALLED = any(point.value == "meshwright.pytest_plugin" for point in entry_points(group="pytest11"))
LOADED = () if _INSTALLED else ("-p", "meshwright.pytest_plugin")

PASSING = """
def test_claims(mesh):
    shop = mesh("shop.yaml")
    cart = shop.get("http://shop.example.com/cart/1")
    assert cart.goes_to("cart")
    assert cart.goes_to("cart", subset="v2", weight=10)
    assert cart.goes_to("cart.shop", subset="v1", port=80, weight=90)
    assert not cart.goes_to("cart", subset="v3")
    assert not cart.goes_to("car")
    assert cart.times_out_after(3)
    assert not cart.times_out_after(None)
    assert cart.is_retried(2)
    assert cart.is_rewritten_to("/basket/1")
    assert shop.get("http://shop.example.com/cart", headers={"end-user": "jason"}).goes_to("cart", subset="v2")
    assert shop.get("http://shop.example.com/old").redirects_to("http://shop.example.com/new", status=301)
    assert shop.post("http://shop.example.com/x").answers(404)
    assert shop.get("http://shop.example.com/x").status == 404
    assert shop.get("http://cart/", source="shop/web").goes_to("cart", subset="")
    assert shop.get("http://cart/", source="shop/web").times_out_after(None)
"""

FAILING = """
def test_fails(mesh):
    assert mesh("shop.yaml").get("http://shop.example.com/cart").goes_to("cart", subset="v3")
"""


def ran(pytester: pytest.Pytester, test: str) -> pytest.RunResult:
    pytester.path.joinpath("shop.yaml").write_text(SHOP)
    pytester.makepyfile(test)
    return pytester.runpytest_inprocess(*LOADED, "-p", "no:cacheprovider")


def test_true_claims_pass(pytester):
    ran(pytester, PASSING).assert_outcomes(passed=1)


def test_a_false_claim_fails_with_the_way_the_request_took(pytester):
    result = ran(pytester, FAILING)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*goes to cart subset v3*",
            "*where the request goes*",
            "-> outbound|80|v1|cart.shop.svc.cluster.local  90 %",
            '*header end-user is "jason", but it is absent',
        ]
    )
