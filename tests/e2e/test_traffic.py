"""Bookinfo's routes inside the mesh, as the sidecar of its product page carries them out."""

import math
from collections.abc import Callable

import pytest

from tests.e2e.cluster_under_test import Cluster, Counted, wait_for
from tests.e2e.reliability import Seen
from tests.e2e.repository import Repository

pytestmark = pytest.mark.e2e

PORT = 9080
DELAY = 4.9
"""Seconds that a delay of 5 s takes at least: timers are not exact."""

SIGMAS = 4
"""How far from its mean a share may lie: a right one lies further in 6 of 100,000 runs."""

Ask = Callable[..., Counted]


def bound(requests: int, share: float) -> float:
    """Return how far the count of a share of ``requests`` may be from its mean, by the binomial distribution."""
    return SIGMAS * math.sqrt(requests * share * (1 - share))


def product_page(cluster: Cluster, namespace: str, bind: str, admin: int) -> Ask:
    """Start the sidecar of the product page in a namespace; it listens on ``bind``, without iptables."""
    pod = wait_for(
        "the product page",
        lambda: (
            cluster.get("pod", "productpage-v1", namespace) if cluster.has("pod", "productpage-v1", namespace) else {}
        ),
        lambda got: bool(got.get("status", {}).get("podIP")),
    )
    listener = {"port": {"number": PORT, "protocol": "HTTP", "name": "http"}, "bind": bind, "captureMode": "NONE"}
    cluster.apply(
        {
            "apiVersion": "networking.istio.io/v1",
            "kind": "Sidecar",
            "metadata": {"name": "productpage", "namespace": namespace},
            "spec": {
                "workloadSelector": {"labels": {"app": "productpage"}},
                "egress": [{**listener, "hosts": ["./*"]}],
            },
        }
    )
    labels = pod["metadata"]["labels"]
    cluster.proxy("productpage-v1", pod["status"]["podIP"], namespace, "productpage", labels, admin)
    wait_for(
        "the sidecar's routes",
        lambda: cluster.status_of(f"http://{bind}:{PORT}/", "-H", "Host: details"),
        lambda status: status == 200,
    )

    def ask(host: str, requests: int, **headers: str) -> Counted:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        client = {"address": bind, "port": PORT, "host": host, "headers": named, "count": requests}
        return cluster.load(**client).finish()

    return ask


@pytest.fixture(scope="module")
def prod(cluster: Cluster, project: Repository) -> Ask:
    return product_page(cluster, "default", "127.0.0.2", 15101)


@pytest.fixture(scope="module")
def dev(cluster: Cluster, project: Repository) -> Ask:
    return product_page(cluster, "dev", "127.0.0.3", 15102)


def test_jason_sees_reviews_v2_and_everyone_else_v3(prod: Ask, seen: Seen) -> None:
    jason, jim, nobody = (
        prod("reviews", 100, end_user="jason"),
        prod("reviews", 100, end_user="jim"),
        prod("reviews", 100),
    )
    assert jason.by(status=200, workload="default/reviews-v2") == 100
    assert jim.by(status=200, workload="default/reviews-v3") == 100
    assert nobody.by(status=200, workload="default/reviews-v3") == 100
    seen(
        "Reviews asked for 100 times each by jason, by jim and by nobody in particular",
        "the pod of v2 answered jason 100 times, the pod of v3 the others 200 times",
    )


def test_a_fifth_of_the_requests_sees_the_canary(prod: Ask, seen: Seen) -> None:
    counted = prod("ratings", 2000)
    canary, mean = counted.by(status=200, workload="default/ratings-v2"), 2000 * 0.2
    assert counted.by(status=200) == 2000
    assert abs(canary - mean) <= bound(2000, 0.2)
    seen(
        f"2,000 requests to ratings, of which 20 % are for the canary (accepted: {mean:.0f} ± {bound(2000, 0.2):.0f}, "
        f"{SIGMAS} standard deviations of the binomial distribution)",
        f"{canary} were answered by v2 ({canary / 20:.1f} %), the others by v1",
    )


def test_faults_abort_and_delay_their_shares(dev: Ask, seen: Seen) -> None:
    counted = dev("ratings", 600)
    aborted, delayed = counted.by(status=400), sum(seconds >= DELAY for seconds in counted.seconds)
    assert counted.by(status=200) + aborted == 600
    assert abs(aborted - 180) <= bound(600, 0.3)
    assert abs(delayed - 60) <= bound(600, 0.1)
    slowest = max(seconds for seconds in counted.seconds if seconds < DELAY)
    seen(
        f"600 requests to ratings where faults abort 30 % with 400 (accepted: 180 ± {bound(600, 0.3):.0f}) and "
        f"delay 10 % by 5 s (accepted: 60 ± {bound(600, 0.1):.0f})",
        f"{aborted} answers 400; {delayed} took {DELAY} s or more, the slowest of the others {slowest:.2f} s",
    )


def test_faults_of_development_are_not_in_production(prod: Ask, seen: Seen) -> None:
    counted = prod("ratings", 600)
    assert counted.by(status=200) == 600
    assert max(counted.seconds) < DELAY
    seen(
        "600 requests to ratings in production, where the environment takes no faults", "600 answers 200, none delayed"
    )
