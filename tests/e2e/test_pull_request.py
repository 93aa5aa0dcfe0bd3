"""A change by pull request: what ``diff`` says of it before is what is measured after it is merged."""

import json
from typing import Any

import pytest

from tests.e2e.cluster_under_test import Cluster, wait_for
from tests.e2e.reliability import Seen
from tests.e2e.repository import Repository

pytestmark = pytest.mark.e2e

APPLICATIONS = tuple(f"{environment}-bookinfo" for environment in ("dev", "staging", "prod"))


def witnesses(said: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the requests with which ``diff`` proves what it says."""
    return [region["witness"] for change in said["changes"] for region in change["regions"]]


def expected(decision: dict[str, Any]) -> tuple[int, str]:
    """Return the status, and the app that answers, as ``diff`` says them."""
    if decision["outcome"] != "route":
        return decision["status"], ""
    host = decision["clusters"][0]["name"].rpartition("|")[2]
    app, namespace, *_ = host.split(".")
    return 200, f"{namespace}/{app}"


def measured(cluster: Cluster, witness: dict[str, Any]) -> tuple[int, str]:
    """Return the status, and the app whose pod answers, as a client of the gateway sees them."""
    host = ("-H", f"Host: {witness['authority']}")
    status, _, body = cluster.curl(f"http://127.0.0.1:{witness['port']}{witness['path']}", *host)
    return status, body["workload"].removesuffix("-v1") if status == 200 else ""


@pytest.fixture(scope="module")
def merged_before(cluster: Cluster, project: Repository) -> None:
    cluster.synced(project.git("rev-parse", "HEAD").strip(), *APPLICATIONS)


def test_what_diff_says_of_a_pull_request_is_what_envoy_does(
    cluster: Cluster, project: Repository, merged_before: None, seen: Seen
) -> None:
    project.git("checkout", "-q", "-b", "product-api")
    project.edit("apps/bookinfo.py", r'Match\.exact\("/login"\)', 'Match.exact("/signin")')
    project.edit("apps/bookinfo.py", r'    services\.add\("details"', '    details = services.add("details"')
    project.edit("apps/bookinfo.py", r' +Match\.prefix\("/api/v1/products"\),\n', "")
    api = 'Route(to=details, match=Match.prefix("/api/v1/products"))'
    project.edit(
        "apps/bookinfo.py",
        r"routes=\[\n( +)Route\(\n +to=productpage",
        rf"routes=[\n\1{api},\n\1Route(\n\1    to=productpage",
    )
    project.change("Let details answer for products, and rename the login page")
    status, text = project.meshwright("diff", "main:dist", "product-api:dist", "--format", "json")
    assert status == 1, text
    said = json.loads(text)
    asked = witnesses(said)
    kinds = {change["kind"] for change in said["changes"]}
    assert kinds == {"refused", "opened", "moved"}
    for witness in asked:
        assert measured(cluster, witness) == expected(witness["before"]), witness["url"]

    project.git("checkout", "-q", "main")
    project.git("merge", "-q", "--ff-only", "product-api")
    cluster.synced(project.git("rev-parse", "HEAD").strip(), *APPLICATIONS)
    for witness in asked:
        wait_for(witness["url"], lambda ask=witness: measured(cluster, ask), expected(witness["after"]).__eq__, 30)
    seen(
        "A path renamed and another sent to another app by pull request; each request that `meshwright diff` names as "
        "its proof is sent before and after the merge",
        f"{len(asked)} requests, all decided as `diff` had said, before and after",
    )
