"""Changes of routes while a client asks 200 times a second: commits in the right order lose no request."""

import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from tests.e2e.cluster_under_test import Cluster, Counted
from tests.e2e.reliability import Seen
from tests.e2e.repository import Repository

pytestmark = pytest.mark.e2e

RATE = 200
AFTERWARDS = 3.0
"""Seconds for which the client goes on after Argo CD says Synced, so that proxies have the last change too."""

WEB, REPORTS = "/", "/reports/today"


class Steady:
    """A client under way, and what it counted in the end."""

    counted: Counted


@contextmanager
def steady(cluster: Cluster, host: str, *paths: str) -> Iterator[Steady]:
    """Ask at a steady rate while the block runs, and a moment longer."""
    load, under_way = cluster.load(port=80, host=host, path=list(paths), rate=RATE, count=300 * RATE), Steady()
    time.sleep(1)
    try:
        yield under_way
        time.sleep(AFTERWARDS)
    finally:
        under_way.counted = load.stop()


def lost_nothing(counted: Counted) -> str:
    """Assert that every request got its answer, and say how many there were."""
    assert counted.failures == []
    assert counted.by(status=200) == counted.sent > 2 * RATE
    return f"none of {counted.sent:,} requests lost, at {counted.rate:.0f} a second"


def workloads(counted: Counted, path: str | None = None) -> set[str]:
    return {who for asked, status, who in counted.answers if path in (None, asked)}


def deliver(cluster: Cluster, shop: Repository, message: str, **values: object) -> None:
    """Commit new values of the shop, and wait until Argo CD has synced them."""
    for name, value in values.items():
        shop.edit("main.py", rf"(?m)^{name} = .*$", f"{name} = {value!r}")
    cluster.synced(shop.change(message), "live-shop")


def test_a_version_comes_and_another_goes_in_separate_commits(cluster: Cluster, shop: Repository, seen: Seen) -> None:
    with steady(cluster, "www.shop.example.com", WEB) as client:
        deliver(cluster, shop, "Add web v3", WEB_VERSIONS=("v1", "v2", "v3"))
        deliver(cluster, shop, "Route to web v3", WEB_TO="v3")
        deliver(cluster, shop, "Remove web v1", WEB_VERSIONS=("v2", "v3"))
    assert workloads(client.counted) == {"shop/web-v1", "shop/web-v3"}
    seen(
        "A new version of an app and its subset, then the route to it, then the old version gone: three commits",
        lost_nothing(client.counted),
    )


def test_all_of_it_in_one_commit_is_refused(shop: Repository, seen: Seen) -> None:
    try:
        shop.edit("main.py", r"(?m)^WEB_VERSIONS = .*$", 'WEB_VERSIONS = ("v3", "v4")')
        shop.edit("main.py", r"(?m)^WEB_TO = .*$", 'WEB_TO = "v4"')
        said = shop.synth(allowed=False)
        assert "Make 2 commits" in said
        assert shop.git("status", "--porcelain", "dist") == ""
    finally:
        shop.git("checkout", "-q", ".")
    seen("A new version and the route to it in one commit", "`synth` refuses it and names the two commits to make")


def test_a_canary_takes_over_in_five_steps(cluster: Cluster, shop: Repository, seen: Seen) -> None:
    with steady(cluster, "cart.shop.example.com", "/") as client:
        for weight in (20, 40, 60, 80, 100):
            deliver(cluster, shop, f"Send {weight} % to the canary", CANARY_WEIGHT=weight)
    told = lost_nothing(client.counted)
    afterwards = cluster.load(port=80, host="cart.shop.example.com", count=200).finish()
    assert afterwards.by(status=200, workload="shop/cart-v2") == 200
    by_canary = client.counted.by(workload="shop/cart-v2")
    seen("A canary from 0 to 100 % in five steps, a commit each", f"{told}; {by_canary:,} of them saw the canary")


def test_a_route_moves_to_another_virtual_service(cluster: Cluster, shop: Repository, seen: Seen) -> None:
    with steady(cluster, "www.shop.example.com", WEB, REPORTS) as client:
        deliver(cluster, shop, "Give reports routes of their own", REPORTS_IN=("reports",))
    told = lost_nothing(client.counted)
    assert workloads(client.counted, REPORTS) == {"shop/reports-v1"}
    seen(
        "A route moves from one VirtualService to another of the same host, in one commit",
        f"{told}, none answered by another workload",
    )


def test_a_gateway_gets_another_name(cluster: Cluster, shop: Repository, seen: Seen) -> None:
    with steady(cluster, "www.shop.example.com", WEB) as client:
        deliver(cluster, shop, "Call the gateway store", GATEWAYS=("store",), ROUTES_USE=("store",))
    assert not cluster.has("gateway.networking.istio.io", "shop", "shop")
    seen("A gateway and the routes that name it get another name, in one commit", lost_nothing(client.counted))
