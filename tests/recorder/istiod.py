"""Ask istiod's own code: manifests and proxies in, the Envoy configuration that istiod would send out.

The program behind it is built from recorder_test.go (``make recorder``), or named by ``MESHWRIGHT_ORACLE``.
"""

import json
import os
import re
import subprocess
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from meshwright.manifests import read_text

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
        (istio if ISTIO.match(resource.api_version) else kubernetes).append(json.dumps(body))
    return {
        "name": name,
        "istio": istio,
        "kubernetes": kubernetes,
        "domain": settings.get("domain", "cluster.local"),
        "mesh": json.dumps(settings.get("mesh") or {}),
        "proxies": [dict(proxy) for proxy in proxies],
    }


def ask(questions: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the answers in the order of the questions: ``{name, error}`` or ``{name, proxies: {name: {...}}}``."""
    recorder = program()
    if recorder is None:
        raise FileNotFoundError(f"{PROGRAM}: not built; run make recorder")
    with tempfile.TemporaryDirectory() as folder:
        asked, given = Path(folder, "questions"), Path(folder, "answers")
        asked.write_text("".join(json.dumps(each) + "\n" for each in questions))
        environment = {**os.environ, "RECORDER_QUESTIONS": str(asked), "RECORDER_ANSWERS": str(given)}
        arguments = [str(recorder), "-test.run", "TestRecord", "-test.timeout", "3600s"]
        run = subprocess.run(arguments, env=environment, capture_output=True, text=True, cwd=folder, check=False)
        answers = [json.loads(line) for line in given.read_text().splitlines()] if given.exists() else []
        if not answers:
            raise RuntimeError(run.stdout[-3000:] + run.stderr[-3000:])
        return answers
