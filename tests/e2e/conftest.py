"""One real cluster for the whole session: API server, Argo CD, istiod and Envoy in a network namespace of its own."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeVar

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BIN = Path(os.environ.get("MESHWRIGHT_CLUSTER_BIN", ROOT / ".cache" / "cluster"))
NETNS = "meshwright"
T = TypeVar("T")


class Cluster:
    """Programs run inside the cluster's network namespace."""

    def __init__(self, run: Path) -> None:
        self.kubeconfig = run / "kubeconfig"

    def run(self, *command: str, text: str | None = None) -> str:
        done = subprocess.run(
            ["ip", "netns", "exec", NETNS, "env", f"KUBECONFIG={self.kubeconfig}", *command],
            input=text,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{command}: {done.stderr}{done.stdout}"
        return done.stdout

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        return self.run("kubectl", *arguments, text=text)

    def get(self, kind: str, name: str, namespace: str) -> Any:
        return json.loads(self.kubectl("get", kind, name, "-n", namespace, "-o", "json"))

    def curl(self, url: str, *arguments: str) -> tuple[int, dict[str, str], Any]:
        """Return status, headers (lower case) and body of an answer; the body decoded where it is JSON."""
        raw = self.run("curl", "-s", "-i", "--max-time", "20", *arguments, url)
        head, _, body = raw.partition("\n\n")
        lines = head.splitlines()
        headers = {key.lower(): value for key, value in (line.split(": ", 1) for line in lines[1:])}
        return int(lines[0].split()[1]), headers, json.loads(body) if body.startswith("{") else body


def wait_for(what: str, ask: Callable[[], T], want: Callable[[T], bool], seconds: float = 120) -> T:
    """Ask until the answer is wanted; fail with the last answer."""
    deadline = time.monotonic() + seconds
    while True:
        got = ask()
        if want(got):
            return got
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not come within {seconds} s; last seen: {got}")
        time.sleep(0.5)


def _missing() -> str:
    if os.geteuid() != 0:
        return "needs root, for a network namespace"
    for program in ("ip", "kubectl", "etcd", "redis-server", "openssl", "curl", "git"):
        if shutil.which(program) is None:
            return f"needs the program {program} (Debian: etcd-server, redis-server, iproute2, kubernetes-client)"
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
