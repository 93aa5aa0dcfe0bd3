"""Ask istiod's own code: manifests and proxies in, the Envoy configuration that istiod would send out.

The program behind it is built from recorder_test.go (``make record``), or named by ``MESHWRIGHT_ORACLE``.
"""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

from meshwright.frontends.gateway_api.defaults import with_api_defaults as gateway_api_defaults
from meshwright.manifests import Resource, read_text

HERE = Path(__file__).resolve().parent
REPOSITORY = HERE.parents[1]
PROGRAM = REPOSITORY / ".cache" / "recorder" / "recorder"
ISTIO = re.compile(r"(networking|security|telemetry|extensions)\.istio\.io/")


def program() -> Path | None:
    """Return the built program, ``None`` where there is none."""
    named = os.environ.get("MESHWRIGHT_ORACLE")
    found = Path(named) if named else PROGRAM
    return found if found.is_file() else None


def build() -> Path:
    """Build the program; Go takes some minutes the first time."""
    PROGRAM.parent.mkdir(parents=True, exist_ok=True)
    subprocess.run(["go", "test", "-c", "-o", str(PROGRAM), "."], cwd=HERE, check=True)
    return PROGRAM


def istio_version() -> str:
    """Return the version of Istio that the module pins."""
    found = re.search(r"^\s*istio\.io/istio (\S+)", (HERE / "go.mod").read_text(), re.M)
    assert found is not None
    return found[1]


def question(name: str, manifests: str, proxies: Iterable[Mapping[str, Any]], **settings: Any) -> dict[str, Any]:
    """Return a question.

    Args:
        proxies: Each has a name, a type (``router`` or ``sidecar``) and a namespace, and may have labels and addresses.
        settings: ``domain`` completes short host names in Istio's kinds (``cluster.local``), ``mesh`` is a mesh
            configuration.
    """
    istio, kubernetes = [], []
    for resource in read_text(manifests):
        body = resource.body
        if resource.namespace:
            body = {**body, "metadata": {**body["metadata"], "namespace": resource.namespace}}
        body = with_api_defaults(resource, body)
        (istio if ISTIO.match(resource.api_version) else kubernetes).append(json.dumps(body))
    return {
        "name": name,
        "istio": istio,
        "kubernetes": kubernetes,
        "domain": settings.get("domain", "cluster.local"),
        "mesh": json.dumps(settings.get("mesh") or {}),
        "proxies": [dict(proxy) for proxy in proxies],
    }


def with_api_defaults(resource: Resource, body: dict[str, Any]) -> dict[str, Any]:
    """Return an object with what a cluster fills in before istiod sees it, as far as traffic depends on that."""
    if resource.api_version.startswith("gateway.networking.k8s.io/"):
        return gateway_api_defaults(replace(resource, body=body)).body
    ports = body["spec"].get("ports") if body["kind"] == "Service" and isinstance(body.get("spec"), dict) else None
    if not ports:
        return body
    filled = [{"targetPort": port["port"], "protocol": "TCP", **port} for port in ports]
    return {**body, "spec": {**body["spec"], "ports": filled}}


class Istiod:
    """The running program; answers question after question until closed.

    Raises:
        FileNotFoundError: The program is not built.
    """

    def __init__(self) -> None:
        recorder = program()
        if recorder is None:
            raise FileNotFoundError(f"{PROGRAM}: not built; run make record")
        self._folder = tempfile.TemporaryDirectory()
        self._log = Path(self._folder.name, "log").open("w+b")  # noqa: SIM115 - closed with the program
        given, answers = os.pipe()
        self._process = subprocess.Popen(
            [str(recorder), "-test.run", "TestRecord", "-test.timeout", "6h"],
            env={**os.environ, "RECORDER_QUESTIONS": "/dev/stdin", "RECORDER_ANSWERS": f"/dev/fd/{answers}"},
            cwd=self._folder.name,
            stdin=subprocess.PIPE,
            stdout=self._log,
            stderr=self._log,
            pass_fds=[answers],
        )
        os.close(answers)
        self._answers = os.fdopen(given, "rb")

    def ask(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """Return ``{name, error}`` or ``{name, proxies: {name: {listeners, routes, clusters}}}``.

        Raises:
            RuntimeError: The program broke down.
        """
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(asked).encode() + b"\n")
        self._process.stdin.flush()
        line = self._answers.readline()
        if not line:
            self._log.seek(0)
            raise RuntimeError(self._log.read()[-3000:].decode(errors="replace"))
        answer: dict[str, Any] = json.loads(line)
        return answer

    def judge(self, bodies: Iterable[Mapping[str, Any]]) -> list[dict[str, list[str]]]:
        """Return what istiod's admission webhook says to each object: ``{errors, warnings}``, both left out if empty.

        Raises:
            RuntimeError: The program broke down.
        """
        documents = [json.dumps(body) for body in bodies]
        answer = self.ask({"name": "judge", "judge": documents, "domain": "cluster.local"}) if documents else {}
        verdicts: list[dict[str, list[str]]] = answer.get("verdicts", [])
        return verdicts

    def close(self) -> None:
        """End the program."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._answers.close()
        self._process.wait(30)
        self._log.close()
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
