"""Whenever synth is killed, dist/ is what it was or what it was to become, and git sees nothing else.

``make faults`` kills each of the three ways to synth a hundred times; otherwise it is a few times.
"""

import os
import random
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import pytest

KILLS = int(os.environ.get("MESHWRIGHT_KILLS", "0"))
CHARTS = 150
CDK8S = Path(__file__).resolve().parents[2] / "tools" / "cdk8s.py"

PROGRAM = f"""\
import os
from meshwright.tree import ApiObject, App, Chart

app = App()
for number in range({CHARTS}):
    value = os.environ["VALUE"]
    chart = Chart(app, f"app-{{number}}")
    metadata = {{"name": f"x-{{number}}"}}
    ApiObject(chart, "settings", api_version="v1", kind="ConfigMap", metadata=metadata, data={{"value": value}})
if value == "new":
    Chart(app, "one-more")
app.synth()
"""


class Repository:
    """A committed repository whose program writes one of two folders."""

    def __init__(self, folder: Path, command: list[str]) -> None:
        self.folder = folder
        self.dist = folder / "dist"
        self._command = command
        (folder / "main.py").write_text(PROGRAM)
        (folder / "cdk8s.yaml").write_text("language: python\napp: python main.py\noutput: dist\n")
        self.states = {}
        for value in ("new", "old"):
            self.start(value).wait()
            self.states[value] = self.content()
        assert len(self.states["old"]) == CHARTS and len(self.states["new"]) == CHARTS + 1
        self.git("init", "--quiet")
        self.commit()

    def git(self, *arguments: str) -> str:
        who = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
        run = subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        return run.stdout

    def commit(self) -> None:
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a commit")

    def start(self, value: str) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(
            self._command,
            cwd=self.folder,
            env={**os.environ, "VALUE": value, "CDK8S_CHECK_UPGRADE": "false"},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )

    def content(self) -> dict[str, bytes]:
        return {path.relative_to(self.dist).as_posix(): path.read_bytes() for path in self.dist.rglob("*")}

    def changes(self) -> set[str]:
        """Return what git sees, as paths."""
        listed = self.git("status", "--porcelain", "--untracked-files=all", "-z")
        return {line[3:] for line in listed.split("\0") if line}

    def kill_at(self, value: str, after_s: float) -> str:
        """Kill a synth after a while, and return whose folder there is."""
        process = self.start(value)
        time.sleep(after_s)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        found = self.content()
        assert found in self.states.values(), f"dist/ is mixed after a kill at {after_s:.4f} s"
        return "new" if found == self.states["new"] else "old"


COMMANDS = [
    pytest.param([sys.executable, "main.py"], 10, id="python main.py"),
    pytest.param([sys.executable, "-m", "meshwright", "synth"], 6, id="meshwright synth"),
    pytest.param([sys.executable, str(CDK8S), "synth"], 2, id="cdk8s synth", marks=pytest.mark.jsii),
]


@pytest.mark.slow
@pytest.mark.parametrize(("command", "few"), COMMANDS)
def test_a_killed_synth_leaves_one_of_two_folders(command: list[str], few: int, tmp_path: Path) -> None:
    if str(CDK8S) in command and not (CDK8S.parent / "node" / "node_modules").exists():
        pytest.skip("the command line of cdk8s is not installed (make setup)")
    repository = Repository(tmp_path, command)
    started = time.monotonic()
    repository.start("new").wait()
    duration = time.monotonic() - started
    repository.start("old").wait()
    assert repository.changes() == set()
    chance = random.Random(command[-1])
    committed, seen = "old", []
    different = {f"dist/{name}" for name in {**repository.states["old"], **repository.states["new"]}}
    for _ in range(KILLS or few):
        wanted = "new" if committed == "old" else "old"
        found = repository.kill_at(wanted, chance.uniform(0, 1.1 * duration))
        seen.append(found == wanted)
        assert repository.changes() == (set() if found == committed else different)
        if found == wanted:
            repository.commit()
            committed = found
    print(
        f"{' '.join(command[-2:])}: {len(seen)} kills, {sum(seen)} after dist/ was new, {len(seen) - sum(seen)} before"
    )
    repository.start("new").wait()
    assert repository.content() == repository.states["new"]
    private = tmp_path / ".meshwright"
    assert {path.name for path in private.iterdir()} <= {".gitignore", "dist.sources"}
