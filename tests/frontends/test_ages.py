"""Which objects fight about their age, and what it is to have the ages turned round."""

import pytest

from meshwright.frontends.ages import rivals, turned_round
from meshwright.manifests import read_text


def route(name, host="shop.example.com", gateways="[shop]", namespace="shop", more=""):
    return (
        "apiVersion: networking.istio.io/v1\nkind: VirtualService\n"
        f"metadata: {{name: {name}, namespace: {namespace}{more}}}\n"
        f"spec: {{hosts: ['{host}'], gateways: {gateways}, http: [{{directResponse: {{status: 200}}}}]}}\n---\n"
    )


def pods(name, host):
    return (
        "apiVersion: networking.istio.io/v1\nkind: DestinationRule\n"
        f"metadata: {{name: {name}, namespace: shop}}\nspec: {{host: {host}}}\n---\n"
    )


DATED = ", creationTimestamp: '2024-01-01T00:00:00Z'"


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        pytest.param(
            route("one") + route("two"),
            [("VirtualService shop/one", "VirtualService shop/two")],
            id="two rules for one host of one gateway fight",
        ),
        pytest.param(
            route("one", host="*.example.com") + route("two"),
            [("VirtualService shop/one", "VirtualService shop/two")],
            id="a wildcard fights with a host inside it",
        ),
        pytest.param(
            route("one") + route("two", gateways="[shop/shop]", namespace="other"),
            [("VirtualService other/two", "VirtualService shop/one")],
            id="a gateway is the same with its namespace and without",
        ),
        pytest.param(
            pods("one", "cart") + pods("two", "cart.shop"),
            [("DestinationRule shop/one", "DestinationRule shop/two")],
            id="a short name is that of its namespace",
        ),
        pytest.param(route("one") + route("two", host="other.example.com"), [], id="two hosts live side by side"),
        pytest.param(route("one") + route("two", gateways="[other]"), [], id="two gateways live side by side"),
        pytest.param(route("one") + route("two", more=DATED), [], id="a dated object is as old as it says"),
    ],
)
def test_finds_the_objects_between_which_age_decides(objects, found):
    assert rivals(read_text(objects)) == found


def test_ages_turned_round_make_the_last_name_the_oldest_and_keep_what_is_dated():
    resources = read_text(route("a") + route("b") + route("c", host="c.example.com", more=DATED))
    created = {each.name: each.body["metadata"]["creationTimestamp"] for each in turned_round(resources)}
    assert created["b"] < created["a"]
    assert str(created["c"]).startswith("2024-01-01")
    assert all("creationTimestamp" not in each.body["metadata"] for each in resources if each.name != "c")
