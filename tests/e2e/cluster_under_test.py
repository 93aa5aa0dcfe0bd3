"""The cluster as tests see it: its API, its Argo CD, its proxies, and a client inside it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import pytest

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
BIN = Path(os.environ.get("MESHWRIGHT_CLUSTER_BIN", ROOT / ".cache" / "cluster"))
NETNS = f"meshwright-{os.getpid()}"
"""The network namespace of this run; ports live inside, so that runs do not meet."""
T = TypeVar("T")


def wait_for(what: str, ask: Callable[[], T], want: Callable[[T], bool], seconds: float = 240) -> T:
    """Ask until the answer is wanted; fail with the last answer."""
    deadline = time.monotonic() + seconds
    while True:
        got = ask()
        if want(got):
            return got
        if time.monotonic() > deadline:
            pytest.fail(f"{what} did not come within {seconds} s; last seen: {got}")
        time.sleep(0.5)


class Counted:
    """What a client counted: answers by path, status and workload (or text)."""

    def __init__(self, report: dict[str, Any]) -> None:
        self.sent: int = report["sent"]
        self.rate: float = report["rate"]
        self.failures: list[Any] = report["failures"]
        self.seconds: list[float] = report["seconds"]
        self.answers = {(path, status, who): n for path, status, who, n in report["answers"]}

    def by(self, *, path: str | None = None, status: int | None = None, workload: str | None = None) -> int:
        """Return how many answers there were with these."""
        wanted = (path, status, workload)
        return sum(
            n for key, n in self.answers.items() if all(w in (None, k) for w, k in zip(wanted, key, strict=True))
        )


class Load:
    """A client that sends requests until it is asked what it counted."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def stop(self) -> Counted:
        self._process.send_signal(signal.SIGTERM)
        return self.finish()

    def finish(self) -> Counted:
        """Wait until all is sent, and return what was counted."""
        out, err = self._process.communicate(timeout=600)
        assert self._process.returncode == 0, err
        return Counted(json.loads(out))


class Cluster:
    """The programs of the cluster, and others run inside its network namespace."""

    def __init__(self, run: Path) -> None:
        self.folder = run
        self.kubeconfig = run / "kubeconfig"

    def _inside(self, *command: str) -> list[str]:
        return ["ip", "netns", "exec", NETNS, "env", f"KUBECONFIG={self.kubeconfig}", *command]

    def run(self, *command: str, text: str | None = None) -> str:
        done = subprocess.run(self._inside(*command), input=text, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{command}: {done.stderr}{done.stdout}"
        return done.stdout

    def kubectl(self, *arguments: str, text: str | None = None) -> str:
        return self.run("kubectl", *arguments, text=text)

    def apply(self, *objects: dict[str, Any]) -> None:
        """Apply objects that belong to the cluster, not to the repository."""
        listed = {"apiVersion": "v1", "kind": "List", "items": list(objects)}
        self.kubectl("apply", "--validate=false", "-f", "-", text=json.dumps(listed))

    def get(self, kind: str, name: str, namespace: str) -> Any:
        return json.loads(self.kubectl("get", kind, name, "-n", namespace, "-o", "json"))

    def has(self, kind: str, name: str, namespace: str) -> bool:
        return bool(self.kubectl("get", kind, name, "-n", namespace, "--ignore-not-found", "-o", "name").strip())

    def curl(self, url: str, *arguments: str) -> tuple[int, dict[str, str], Any]:
        """Return status, headers (lower case) and body of an answer; the body decoded where it is JSON."""
        raw = self.run("curl", "-s", "-i", "--max-time", "20", *arguments, url)
        head, _, body = raw.partition("\n\n")
        lines = head.splitlines()
        headers = {key.lower(): value for key, value in (line.split(": ", 1) for line in lines[1:])}
        return int(lines[0].split()[1]), headers, json.loads(body) if body.startswith("{") else body

    def status_of(self, url: str, *arguments: str) -> int:
        """Return the status of an answer, 0 without one."""
        command = self._inside(
            "curl", "-s", "-o", os.devnull, "-w", "%{http_code}", "--max-time", "20", *arguments, url
        )
        return int(subprocess.run(command, capture_output=True, text=True, check=False).stdout)

    def load(self, **client: Any) -> Load:
        """Start a client with what `tests.e2e.load.Client` takes."""
        command = self._inside(sys.executable, str(HERE / "load.py"), json.dumps(client))
        return Load(subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))

    def proxy(self, name: str, address: str, namespace: str, account: str, labels: dict[str, str], admin: int) -> None:
        """Start the sidecar of a pod."""
        script = str(HERE / "cluster" / "proxy.sh")
        pod = (name, "sidecar", address, namespace, account, json.dumps(labels), str(admin))
        self.run("env", f"PYTHON={sys.executable}", script, str(self.folder), *pod)

    def state(self, application: str) -> tuple[str, str, str]:
        """Return sync, health and commit of an Application; empty texts where Argo CD has not said."""
        command = ("get", "application", application, "-n", "argocd", "--ignore-not-found", "-o", "json")
        status = json.loads(self.kubectl(*command) or "{}").get("status", {})
        sync = status.get("sync", {})
        return sync.get("status", ""), status.get("health", {}).get("status", ""), sync.get("revision", "")

    def refresh(self, *applications: str) -> None:
        """Have Argo CD look at git, as its webhook would."""
        note = "argocd.argoproj.io/refresh=normal"
        self.kubectl("annotate", "application", *applications, "-n", "argocd", "--overwrite", note)

    def synced(self, commit: str, *applications: str) -> None:
        """Wait until Argo CD says that these Applications are Synced and Healthy at a commit."""
        wait_for(
            "the Applications", lambda: all(self.has("application", name, "argocd") for name in applications), bool
        )
        self.refresh(*applications)
        wanted = dict.fromkeys(applications, ("Synced", "Healthy", commit))
        wait_for("the commit", lambda: {name: self.state(name) for name in applications}, wanted.__eq__)

    def kill(self, program: str) -> None:
        """End a program of the cluster at once, with no time to put things in order."""
        os.kill(int((self.folder / f"{program}.pid").read_text()), signal.SIGKILL)

    def start(self, program: str) -> None:
        """Start a program of the cluster again."""
        command = (self.folder / f"{program}.command").read_text()
        again = f'setsid {command} >> {program}.log 2>&1 < /dev/null & echo $! > "{program}.pid"'
        subprocess.run(self._inside("bash", "-c", f"({again})"), cwd=self.folder, check=True)
