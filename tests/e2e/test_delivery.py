"""The whole way on a real control plane: a commit, Argo CD, istiod, Envoy, an answer."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.conftest import ROOT, Cluster, wait_for

pytestmark = pytest.mark.e2e

APPLICATIONS = (
    "root",
    *(f"{environment}-{app}" for environment in ("dev", "staging", "prod") for app in ("guestbook", "bookinfo")),
)

PROGRAM = {**os.environ, "PYTHONPATH": str(ROOT / "constructs"), "PYTHONDONTWRITEBYTECODE": "1"}


class Repository:
    """A git repository with this project's apps, whose Applications sync from itself."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in ("main.py", "cdk8s.yaml"):
            shutil.copy(ROOT / name, folder / name)
        for name in ("apps", "dist"):
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        self.edit("main.py", r'REPOSITORY = ".*"', f'REPOSITORY = "file://{folder}"')
        self.git("init", "-q", "-b", "main")
        self.commit("Start")

    def git(self, *arguments: str) -> None:
        identity = ("-c", "user.name=test", "-c", "user.email=test@example.com")
        subprocess.run(["git", "-C", self.folder, *identity, *arguments], check=True)

    def edit(self, file: str, pattern: str, replacement: str) -> None:
        path = self.folder / file
        changed, count = re.subn(pattern, replacement, path.read_text())
        assert count, f"{file} has no {pattern}"
        path.write_text(changed)

    def bootstrap(self) -> str:
        """What has to be applied once."""
        argv = [sys.executable, "-m", "meshwright", "bootstrap", str(self.folder / "dist")]
        return subprocess.run(argv, env=PROGRAM, check=True, capture_output=True, text=True).stdout

    def commit(self, message: str) -> None:
        subprocess.run([sys.executable, "main.py"], cwd=self.folder, env=PROGRAM, check=True)
        self.git("add", "-A")
        self.git("commit", "-q", "-m", message)


@pytest.fixture(scope="module")
def repository(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    repository = Repository(tmp_path_factory.mktemp("repository"))
    cluster.kubectl("apply", "--server-side", "-f", "-", text=repository.bootstrap())
    return repository


def state_of(cluster: Cluster, application: str) -> Callable[[], tuple[str, str]]:
    def ask() -> tuple[str, str]:
        status = cluster.get("application", application, "argocd").get("status", {})
        return status.get("sync", {}).get("status", ""), status.get("health", {}).get("status", "")

    return ask


@pytest.mark.parametrize("application", APPLICATIONS)
def test_an_application_becomes_synced_and_healthy(cluster: Cluster, repository: Repository, application: str) -> None:
    state = wait_for(application, state_of(cluster, application), lambda got: got == ("Synced", "Healthy"))
    assert state == ("Synced", "Healthy")


@pytest.mark.parametrize("path", ["/", "/guestbook", "/any"])
def test_the_guestbook_answers_through_the_ingress_gateway(cluster: Cluster, repository: Repository, path: str) -> None:
    status, headers, body = wait_for("200", lambda: cluster.curl(f"http://127.0.0.1{path}"), lambda got: got[0] == 200)
    assert (status, headers["server"], body["workload"]) == (200, "istio-envoy", "default/guestbook")


def test_bookinfo_answers_on_its_host_alone(cluster: Cluster, repository: Repository) -> None:
    host = ("-H", "Host: bookinfo.example.com")
    status, headers, body = wait_for(
        "200", lambda: cluster.curl("http://127.0.0.1/productpage", *host), lambda got: got[0] == 200
    )
    assert (status, headers["server"], body["workload"]) == (200, "istio-envoy", "default/productpage-v1")
    assert cluster.curl("http://127.0.0.1/nothing", *host)[0] == 404


def test_a_commit_changes_the_answer(cluster: Cluster, repository: Repository) -> None:
    host = ("-H", "Host: bookinfo.example.com")
    repository.edit("apps/bookinfo.py", r'Match\.exact\("/login"\)', 'Match.exact("/signin")')
    repository.commit("Rename the login page")
    answer = wait_for("the new page", lambda: cluster.curl("http://127.0.0.1/signin", *host), lambda got: got[0] == 200)
    assert answer[2]["path"] == "/signin"
    assert cluster.curl("http://127.0.0.1/login", *host)[0] == 404


def test_a_deleted_virtual_service_comes_back(cluster: Cluster, repository: Repository) -> None:
    before = cluster.get("virtualservice", "guestbook", "default")["metadata"]["uid"]
    cluster.kubectl("delete", "virtualservice", "guestbook", "-n", "default")

    def present() -> str:
        found = cluster.kubectl(
            "get", "virtualservice", "guestbook", "-n", "default", "--ignore-not-found", "-o", "name"
        )
        return found.strip()

    assert wait_for("the VirtualService", present, bool)
    assert cluster.get("virtualservice", "guestbook", "default")["metadata"]["uid"] != before
    assert wait_for("200", lambda: cluster.curl("http://127.0.0.1/"), lambda got: got[0] == 200)[0] == 200
