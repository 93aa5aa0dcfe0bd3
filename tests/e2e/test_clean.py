"""The first sync is Synced and stays so: the API server adds nothing to what this project writes, nor changes it."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.conftest import ROOT, Cluster

pytestmark = pytest.mark.e2e

SNAPSHOTS = ROOT / "tests" / "charts" / "__snapshots__" / "test_construct_snapshots"
FILES = [*sorted((ROOT / "dist").rglob("*.k8s.yaml")), *sorted(SNAPSHOTS.glob("*.k8s.yaml"))]
# What the server takes out of its own stock, so that nobody can write it beforehand; the old name of a field, which it
# keeps in step; and the replicas where an autoscaler has them.
NOT_OURS = {
    "Deployment": {".spec.template.spec.serviceAccount", ".spec.replicas"},
    "Service": {".spec.clusterIP", ".spec.clusterIPs", ".spec.ipFamilies", ".spec.ipFamilyPolicy"},
}
OF_THE_SERVER = ("creationTimestamp", "generation", "managedFields", "resourceVersion", "uid")
# Written by cdk8s-plus, whose constructs know nothing of this.
GENUINE = {"guestbook"}


def differences(sent: Any, got: Any, path: str = "") -> Iterator[str]:
    """Say where what the server made of an object is not what was sent."""
    if isinstance(sent, dict) and isinstance(got, dict):
        yield from (f"{path}.{key}" for key in sorted(sent.keys() ^ got.keys()))
        for key in sent.keys() & got.keys():
            yield from differences(sent[key], got[key], f"{path}.{key}")
    elif isinstance(sent, list) and isinstance(got, list) and len(sent) == len(got):
        for one, other in zip(sent, got, strict=True):
            yield from differences(one, other, f"{path}[]")
    elif sent != got:
        yield path


def documents(file: Path) -> list[dict[str, Any]]:
    return [document for document in yaml.safe_load_all(file.read_text()) if document]


@pytest.fixture(scope="module")
def known(cluster: Cluster) -> set[str]:
    """The kinds that the cluster knows, with the namespaces of all objects made."""
    namespaces = {document["metadata"].get("namespace") for file in FILES for document in documents(file)}
    for namespace in sorted(namespaces - {None, "default", "argocd", "istio-system"}):
        cluster.kubectl(
            "apply",
            "-f",
            "-",
            text=json.dumps({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}}),
        )
    listed = cluster.kubectl("api-resources", "--no-headers").splitlines()
    return {f"{line.split()[-3]} {line.split()[-1]}" for line in listed}


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}-{file.name.removesuffix('.k8s.yaml')}")
def test_the_server_adds_nothing(cluster: Cluster, known: set[str], file: Path) -> None:
    told = []
    for document in documents(file):
        kind, name = document["kind"], document["metadata"]["name"]
        if f"{document['apiVersion']} {kind}" not in known or name in GENUINE:
            continue
        options = ("--server-side", "--force-conflicts", "--field-manager=clean", "--dry-run=server", "-o", "json")
        got = json.loads(cluster.kubectl("apply", *options, "-f", "-", text=json.dumps(document)))
        got.pop("status", None)
        for field in OF_THE_SERVER:
            got["metadata"].pop(field, None)
        found = set(differences(document, got)) - NOT_OURS.get(kind, set())
        told += [f"{kind} {name}: {field}" for field in sorted(found)]
    assert told == []
