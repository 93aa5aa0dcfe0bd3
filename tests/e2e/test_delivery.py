"""The whole way on a real control plane: a commit, Argo CD, istiod, Envoy, an answer."""

import pytest

from tests.e2e.cluster_under_test import Cluster, wait_for
from tests.e2e.reliability import Seen
from tests.e2e.repository import Repository

pytestmark = pytest.mark.e2e

APPLICATIONS = (
    "root",
    *(f"{environment}-{app}" for environment in ("dev", "staging", "prod") for app in ("guestbook", "bookinfo")),
)


def test_all_applications_become_synced_and_healthy(cluster: Cluster, project: Repository, seen: Seen) -> None:
    wanted = dict.fromkeys(APPLICATIONS, ("Synced", "Healthy"))
    wait_for("the apps", lambda: {name: cluster.state(name)[:2] for name in APPLICATIONS}, wanted.__eq__)
    seen(
        f"What `meshwright bootstrap` prints is applied once; its Application makes {len(APPLICATIONS) - 1} others",
        "all are Synced and Healthy",
    )


def test_they_stay_synced_with_no_difference(cluster: Cluster, project: Repository, seen: Seen) -> None:
    for _ in range(2):
        before = compared_at(cluster)
        cluster.refresh(*APPLICATIONS)
        wait_for("comparison", lambda: compared_at(cluster), lambda at, before=before: not before.items() & at.items())
        for application in APPLICATIONS:
            status = cluster.get("application", application, "argocd")["status"]
            assert {part["status"] for part in status["resources"]} == {"Synced"}, application
    seen("Every Application is compared with the cluster twice more", "no object of any is out of sync")


def compared_at(cluster: Cluster) -> dict[str, str]:
    """Return when each Application was last compared with the cluster."""
    return {name: cluster.get("application", name, "argocd")["status"]["reconciledAt"] for name in APPLICATIONS}


@pytest.mark.parametrize("path", ["/", "/guestbook", "/any"])
def test_the_guestbook_answers_through_the_ingress_gateway(
    cluster: Cluster, project: Repository, path: str, seen: Seen
) -> None:
    status, headers, body = wait_for("200", lambda: cluster.curl(f"http://127.0.0.1{path}"), lambda got: got[0] == 200)
    assert (status, headers["server"], body["workload"]) == (200, "istio-envoy", "default/guestbook")
    seen(f"The guestbook is asked for {path} through the gateway", "200 with `server: istio-envoy`")


def test_bookinfo_answers_on_its_host_alone(cluster: Cluster, project: Repository, seen: Seen) -> None:
    host = ("-H", "Host: bookinfo.example.com")
    status, headers, body = wait_for(
        "200", lambda: cluster.curl("http://127.0.0.1/productpage", *host), lambda got: got[0] == 200
    )
    assert (status, headers["server"], body["workload"]) == (200, "istio-envoy", "default/productpage-v1")
    assert cluster.curl("http://127.0.0.1/nothing", *host)[0] == 404
    seen("Bookinfo is asked for its product page", "200 with `server: istio-envoy`, from the pod of the product page")
