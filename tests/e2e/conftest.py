"""One real cluster for the whole session, in a network namespace of its own, and the repositories that it syncs."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.cluster_under_test import BIN, HERE, NETNS, ROOT, Cluster
from tests.e2e.reliability import Seen, Table
from tests.e2e.repository import Repository

TABLE = pytest.StashKey[Table]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[TABLE] = Table()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    page = os.environ.get("MESHWRIGHT_RELIABILITY")
    if page and exitstatus == 0:
        session.config.stash[TABLE].write(Path(page))


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Seen:
    """Note what a test tried and saw, for docs/reliability.md: ``seen("what was tried", "what was seen")``."""
    return request.config.stash[TABLE].note_of(request.node.path.stem)


def _missing() -> str:
    needs = subprocess.run([HERE / "cluster" / "needs.sh"], capture_output=True, text=True, check=False)
    if needs.returncode:
        return needs.stderr.strip()
    for binary in ("kube-apiserver", "istiod", "argocd"):
        if not (BIN / binary).exists():
            return f"needs {binary}: run tests/e2e/cluster/build.sh {BIN}"
    return ""


@pytest.fixture(scope="session")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    missing = _missing()
    if missing:
        pytest.skip(missing)
    run = tmp_path_factory.mktemp("cluster")
    environment = {**os.environ, "BIN": str(BIN), "PYTHON": sys.executable, "NETNS": NETNS}
    try:
        with (run / "up.log").open("w") as log:
            done = subprocess.run(
                [HERE / "cluster" / "up.sh", run], env=environment, stdout=log, stderr=log, check=False
            )
        assert done.returncode == 0, (run / "up.log").read_text()[-3000:]
        yield Cluster(run)
    finally:
        subprocess.run([HERE / "cluster" / "down.sh", run], check=False)
        subprocess.run(["ip", "netns", "delete", NETNS], check=False)


@pytest.fixture(scope="session")
def project(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """This project's own apps, the guestbook and Bookinfo in three environments, synced from a copy of it."""
    folder = tmp_path_factory.mktemp("project")
    repository = Repository(folder, ROOT, ("main.py", "cdk8s.yaml", "apps", "dist"))
    status, once = repository.meshwright("bootstrap", "dist")
    assert status == 0, once
    cluster.kubectl("apply", "--server-side", "-f", "-", text=once)
    return repository


@pytest.fixture(scope="session")
def shop(cluster: Cluster, tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """A shop that changes from commit to commit; it is synced and answers."""
    repository = Repository(tmp_path_factory.mktemp("shop"), HERE / "shop", ("main.py",))
    cluster.kubectl("apply", "--server-side", "-f", str(repository.folder / "dist" / "argocd"))
    cluster.synced(repository.git("rev-parse", "HEAD").strip(), "live-shop")
    return repository
