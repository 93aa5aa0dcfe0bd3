"""What others change in the cluster comes back, and what leaves ``main.py`` leaves the cluster, if it may."""

import json

import pytest

from tests.e2e.cluster_under_test import Cluster, wait_for
from tests.e2e.reliability import Seen
from tests.e2e.repository import Repository

pytestmark = pytest.mark.e2e

CHARTS = r"for environment in fleet for make in \(guestbook, bookinfo\)"
GUESTBOOK = ("http://127.0.0.1/", "-H", "Host: guestbook.staging.example.com")


@pytest.fixture(autouse=True)
def all_there(cluster: Cluster, project: Repository) -> None:
    applications = ("prod-guestbook", "staging-guestbook", "prod-bookinfo")
    cluster.synced(project.git("rev-parse", "HEAD").strip(), *applications)


def test_a_deleted_object_comes_back(cluster: Cluster, project: Repository, seen: Seen) -> None:
    before = cluster.get("virtualservice", "guestbook", "default")["metadata"]["uid"]
    cluster.kubectl("delete", "virtualservice", "guestbook", "-n", "default")
    wait_for("the VirtualService", lambda: cluster.has("virtualservice", "guestbook", "default"), bool)
    assert cluster.get("virtualservice", "guestbook", "default")["metadata"]["uid"] != before
    wait_for("200", lambda: cluster.status_of("http://127.0.0.1/"), lambda status: status == 200)
    seen("A VirtualService is deleted in the cluster", "Argo CD makes it again, and its host answers 200")


def test_a_field_changed_by_hand_is_set_back(cluster: Cluster, project: Repository, seen: Seen) -> None:
    def weights() -> list[int]:
        rule = cluster.get("virtualservice", "ratings", "default")["spec"]["http"][0]
        return [destination.get("weight") for destination in rule["route"]]

    committed = weights()
    patch = [{"op": "replace", "path": f"/spec/http/0/route/{n}/weight", "value": 50} for n in range(2)]
    cluster.kubectl("patch", "virtualservice", "ratings", "-n", "default", "--type=json", "-p", json.dumps(patch))
    wait_for("the weights", weights, committed.__eq__)
    seen("Weights of a canary are changed in the cluster by hand", f"Argo CD sets them back to {committed}")


def test_deleting_an_environment_at_once_is_refused(project: Repository, seen: Seen) -> None:
    try:
        project.edit("main.py", CHARTS, r'\g<0> if environment.name != "staging"')
        said = project.synth({"MESHWRIGHT_ALLOW_503": "1"}, allowed=False)
        share = next(line for line in said.splitlines() if "would go" in line)
        assert "more than the 20 % that may go at once" in share
        assert project.git("status", "--porcelain", "dist") == ""
    finally:
        project.git("checkout", "-q", ".")
    counted = share.partition(": ")[2].partition(" would go")[0]
    seen("An environment is taken out of `main.py`", f"`synth` refuses to let {counted} go, and leaves `dist/` alone")


def test_an_app_that_leaves_main_leaves_the_cluster(cluster: Cluster, project: Repository, seen: Seen) -> None:
    assert cluster.status_of(*GUESTBOOK) == 200
    project.edit("main.py", CHARTS, r'\g<0> if (environment.name, make) != ("staging", guestbook)')
    project.synth(allowed=False)
    project.synth({"MESHWRIGHT_ALLOW_503": "1", "MESHWRIGHT_ALLOW_PRUNE": "guestbook.staging.example.com"})
    project.commit("Take the guestbook out of staging")
    cluster.refresh("root")
    kinds = ("application", "virtualservice", "gateway.networking.istio.io", "service", "deployment")
    objects = {
        "application": ("staging-guestbook", "argocd"),
        "gateway.networking.istio.io": ("guestbook-gateway", "staging"),
    }

    def left() -> list[str]:
        return [kind for kind in kinds if cluster.has(kind, *objects.get(kind, ("guestbook", "staging")))]

    wait_for("the end of the guestbook", left, lambda kinds: not kinds)
    assert cluster.state("staging-bookinfo")[:2] == ("Synced", "Healthy")
    seen(
        "An app is taken out of `main.py` for one environment, and its host is named as one that may go",
        "its Application and all its objects are pruned; its neighbour stays Synced and Healthy",
    )
