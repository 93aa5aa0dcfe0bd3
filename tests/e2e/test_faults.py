"""What breaks on the way: a killed synth, a killed part of Argo CD, no istiod for a while, a broken manifest."""

import os
import re
import subprocess
import sys
import time

import pytest

from tests.e2e.cluster_under_test import ROOT, Cluster, wait_for
from tests.e2e.reliability import Seen
from tests.e2e.repository import PROGRAM, Repository
from tests.e2e.test_zero_loss import deliver, lost_nothing, steady

pytestmark = pytest.mark.e2e

CART = "cart.shop.example.com"
FILE = "dist/live/shop.k8s.yaml"
OUTAGE = 30


def test_a_killed_synth_leaves_the_old_folder_or_the_new_one(seen: Seen) -> None:
    kills = os.environ.get("MESHWRIGHT_KILLS", "100")
    command = [sys.executable, "-m", "pytest", "-s", "-m", "not jsii", str(ROOT / "tests" / "faults")]
    environment = {**PROGRAM, "MESHWRIGHT_KILLS": kills}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    lines = [line.lstrip(".") for line in done.stdout.splitlines() if "kills" in line]
    told = [re.sub(r"^\S*/python\S*", "python", line) for line in lines]
    assert told
    for line in told:
        seen("`kill -9` of synth at random moments, `dist/` and `git status` looked at after each", line)


def test_a_killed_repo_server_delays_a_sync_and_breaks_nothing(cluster: Cluster, shop: Repository, seen: Seen) -> None:
    with steady(cluster, CART, "/") as client:
        shop.edit("main.py", r"(?m)^CANARY_WEIGHT = .*$", "CANARY_WEIGHT = 50")
        commit = shop.change("Send half to the canary")
        cluster.refresh("live-shop")
        cluster.kill("argocd-repo-server")
        time.sleep(5)
        cluster.start("argocd-repo-server")
        cluster.synced(commit, "live-shop")
    seen(
        "Argo CD's repo-server is killed while it syncs a commit, and started again after 5 s",
        f"the commit is Synced and Healthy in the end; {lost_nothing(client.counted)}",
    )


def test_traffic_goes_on_without_istiod(cluster: Cluster, shop: Repository, seen: Seen) -> None:
    with steady(cluster, CART, "/") as client:
        cluster.kill("istiod")
        time.sleep(OUTAGE)
        cluster.start("istiod")
        deliver(cluster, shop, "Send all to the stable version", CANARY_WEIGHT=0)

        def canary() -> int:
            counted = cluster.load(port=80, host=CART, count=40).finish()
            return counted.by(workload="shop/cart-v2")

        wait_for("the new weights", canary, lambda answers: answers == 0)
    seen(
        f"istiod is killed and stays away for {OUTAGE} s",
        f"{lost_nothing(client.counted)}; after its return the next commit reaches Envoy",
    )


BROKEN = {
    "a field of the wrong type": (r"subset: v\d", "subset: [v1]"),
    "text that is no YAML": (r"- destination:\n", "- destination: {\n"),
}


@pytest.mark.parametrize(("pattern", "broken"), BROKEN.values(), ids=BROKEN)
def test_of_a_broken_commit_nothing_is_applied(
    cluster: Cluster, shop: Repository, pattern: str, broken: str, seen: Seen, request: pytest.FixtureRequest
) -> None:
    before = cluster.get("gateway.networking.istio.io", "outside", "shop")["metadata"]["resourceVersion"]
    shop.edit(FILE, r"- partner\.example\.com", "- other.example.com")
    text = (shop.folder / FILE).read_text()
    (shop.folder / FILE).write_text(re.sub(pattern, broken, text, count=1))
    status, said = shop.meshwright("check", "dist")
    line = re.search(rf"{re.escape(FILE)}:\d+: .*", said)
    assert status != 0
    assert line, said
    commit = shop.commit("Break it")
    cluster.refresh("live-shop")
    told = wait_for("a complaint", lambda: complaint(cluster, commit), bool)
    after = cluster.get("gateway.networking.istio.io", "outside", "shop")["metadata"]["resourceVersion"]
    assert after == before
    assert cluster.status_of("http://127.0.0.1/", "-H", "Host: partner.example.com") == 200

    shop.git("revert", "--no-edit", "HEAD")
    cluster.synced(shop.git("rev-parse", "HEAD").strip(), "live-shop")
    seen(
        f"A commit whose manifests have {request.node.callspec.id}, beside a right change",
        f"neither is applied, and the revert is Synced. `meshwright check` says `{line.group()}`, Argo CD “{told}”",
    )


def complaint(cluster: Cluster, commit: str) -> str:
    """Return the first line of what Argo CD has against the commit, empty as long as it has nothing."""
    status = cluster.get("application", "live-shop", "argocd")["status"]
    conditions = [one["message"] for one in status.get("conditions", []) if one["type"].endswith("Error")]
    operation = status.get("operationState", {})
    result = operation.get("syncResult", {})
    refused = [one["message"] for one in result.get("resources", []) if one.get("status") == "SyncFailed"]
    failed = [operation["message"]] if operation.get("phase") in ("Failed", "Error", "Running") else []
    told = [*refused, *failed] if result.get("revision") == commit else []
    return next((str(text).splitlines()[0] for text in [*conditions, *told] if text), "")
