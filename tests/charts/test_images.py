"""Which images an app may name."""

from typing import Any

import pytest

from meshwright.charts import Environment, HttpApp, Version
from meshwright.charts.images import divided, image_problem, pull_policy
from meshwright.tree import App, Testing
from tests.charts.constructs import refused, shop

DIGEST = "sha256:" + "0123456789abcdef" * 4


@pytest.mark.parametrize(
    "image",
    [
        pytest.param("cart:1", id="a tag"),
        pytest.param("localhost:5000/cart:v1.0_rc-2", id="a registry with a port"),
        pytest.param("registry.example.com/team/sub/cart:1", id="folders of a registry"),
        pytest.param(f"cart@{DIGEST}", id="a digest"),
        pytest.param(f"registry.example.com:443/cart:latest@{DIGEST}", id="a digest counts, whatever the tag"),
        pytest.param("registry.example.com/a__b/c--d:1", id="separators in a name"),
    ],
)
def test_an_image_that_says_what_runs_is_taken(image: str) -> None:
    assert image_problem(image, "tags") is None


@pytest.mark.parametrize(
    ("image", "images", "said"),
    [
        pytest.param("cart", "tags", "has no tag, which means latest", id="no tag"),
        pytest.param("registry.example.com:443/cart", "tags", "has no tag", id="a port is no tag"),
        pytest.param("cart:latest", "tags", "has the tag latest", id="the tag latest"),
        pytest.param("cart:1", "digests", "names no digest", id="a tag where digests are asked for"),
        pytest.param("cart:", "any", "is 'cart:'", id="an empty tag"),
        pytest.param("cart:-1", "any", "is 'cart:-1'", id="a tag that starts with a dash"),
        pytest.param("Cart:1", "any", "is 'Cart:1'", id="capitals"),
        pytest.param("cart@sha256:12", "any", "is 'cart@sha256:12'", id="a digest that is too short"),
        pytest.param("cart@" + DIGEST.upper(), "any", "SHA256", id="a digest in capitals"),
        pytest.param("https://registry.example.com/cart:1", "any", "is 'https:", id="a URL"),
        pytest.param("/cart:1", "any", "is '/cart:1'", id="no registry before the slash"),
        pytest.param("a/../cart:1", "any", "is 'a/../cart:1'", id="dots in a path"),
        pytest.param("cart:1\n", "any", "is 'cart:1\\n'", id="a line end"),
        pytest.param("", "any", "is ''", id="nothing"),
        pytest.param(None, "any", "is None", id="no text"),
    ],
)
def test_an_image_that_does_not_is_refused(image: Any, images: Any, said: str) -> None:
    found = image_problem(image, images)
    assert found is not None
    assert said in found[0]


def test_any_image_is_taken_where_that_is_said() -> None:
    assert image_problem("cart:latest", "any") is None


@pytest.mark.parametrize(
    ("image", "policy"),
    [("cart", "Always"), ("cart:latest", "Always"), ("cart:1", "IfNotPresent"), (f"cart@{DIGEST}", "IfNotPresent")],
)
def test_images_are_pulled_as_kubernetes_does_unasked(image: str, policy: str) -> None:
    assert pull_policy(image) == policy


def test_a_port_of_the_registry_belongs_to_the_name() -> None:
    assert divided(f"localhost:5000/a:1@{DIGEST}") == ("localhost:5000/a", DIGEST, "1")


def test_an_environment_asks_for_digests_of_all_its_apps_and_an_app_may_say_otherwise() -> None:
    strict = Environment("prod", namespace="shop", images="digests")
    chart = strict.chart(App(), "shop")
    HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=80)
    HttpApp(chart, "legacy", versions={"v1": "legacy:1"}, port=80, images="tags")
    assert refused(chart) == [
        "app: the image of version 'v1' is 'cart:1', which names no digest. Name what was built: cart@sha256:…"
    ]


def test_each_version_is_looked_at() -> None:
    chart = shop()
    HttpApp(chart, "cart", versions={"v1": Version("cart"), "v2": "cart:2"}, port=80)
    assert "the image of version 'v1' is 'cart', which has no tag" in refused(chart)[0]


def test_a_word_that_says_nothing_of_images_is_refused() -> None:
    chart = shop()
    word: Any = "digest"
    HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=80, images=word)
    assert any("images is 'digest'" in line for line in refused(chart))


def test_the_policy_stands_in_the_pods() -> None:
    chart = shop()
    HttpApp(chart, "cart", versions={"v1": "cart:latest"}, port=80, images="any")
    deployment = next(each for each in Testing.synth(chart) if each["kind"] == "Deployment")
    assert deployment["spec"]["template"]["spec"]["containers"][0]["imagePullPolicy"] == "Always"
