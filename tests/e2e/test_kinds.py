"""Every kind that constructs make: Argo CD applies it, and finds no difference however often it looks."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.e2e.cluster_under_test import ROOT, Cluster, wait_for
from tests.e2e.reliability import Seen
from tests.e2e.repository import Repository

pytestmark = pytest.mark.e2e

SNAPSHOTS = ROOT / "tests" / "charts" / "__snapshots__" / "test_construct_snapshots"
OF_ARGO_CD = {"Application", "ApplicationSet", "AppProject"}
"""Told Argo CD of repositories that are not there; this project's own are Synced in `test_delivery`."""
APPLICATION = "kinds"
SOURCE = re.compile(r"go:(?P<module>.+@[^/]+)/(?P<path>.+)")


def resource_definitions() -> list[Path]:
    """Return the files of the CRDs that ``cdk8s.yaml`` names."""
    found = []
    for line in yaml.safe_load((ROOT / "cdk8s.yaml").read_text())["imports"]:
        source = SOURCE.search(line)
        if source is not None:
            command = ["go", "mod", "download", "-json", source["module"]]
            told = subprocess.run(command, check=True, capture_output=True, text=True, cwd="/")
            place = Path(json.loads(told.stdout)["Dir"]) / source["path"]
            found += sorted(place.rglob("*.yaml")) if place.is_dir() else [place]
    return [file for file in found if "kind: CustomResourceDefinition" in file.read_text()]


def objects(file: Path, namespace: str) -> list[dict[str, Any]]:
    """Return the objects of a snapshot, moved to a namespace of their own so that those of two cannot meet."""
    found = [one for one in yaml.safe_load_all(file.read_text()) if one and one["kind"] not in OF_ARGO_CD]
    unique = {(one["apiVersion"], one["kind"], one["metadata"]["name"]): one for one in found}
    for one in unique.values():
        one["metadata"]["namespace"] = namespace
    return list(unique.values())


@pytest.fixture
def kinds(cluster: Cluster, shop: Repository, tmp_path: Path) -> set[str]:
    """Commit an object of every kind, have an Application sync them, and return their kinds."""
    files = [word for file in resource_definitions() for word in ("-f", str(file))]
    cluster.kubectl("apply", "--server-side", "--force-conflicts", *files)
    kinds = set()
    folder = shop.folder / "kinds"
    folder.mkdir()
    for file in sorted(SNAPSHOTS.glob("*.k8s.yaml")):
        namespace = f"kinds-{file.name.partition('.')[0]}"
        listed = objects(file, namespace)
        if listed:
            cluster.apply({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": namespace}})
            (folder / file.name).write_text(yaml.safe_dump_all(listed))
            kinds |= {one["kind"] for one in listed}
    shop.commit("Make one of every kind")
    application = cluster.get("application", "live-shop", "argocd")
    source = {**application["spec"]["source"], "path": "kinds"}
    source.pop("directory")
    cluster.apply(
        {
            "apiVersion": application["apiVersion"],
            "kind": "Application",
            "metadata": {
                "name": APPLICATION,
                "namespace": "argocd",
                "annotations": {"argocd.argoproj.io/compare-options": "ServerSideDiff=true"},
            },
            "spec": {**application["spec"], "source": source},
        }
    )
    return kinds


def differing(cluster: Cluster) -> list[str] | None:
    """Return what is out of sync; None as long as Argo CD has not compared."""
    status = cluster.get("application", APPLICATION, "argocd").get("status", {})
    if "resources" not in status or status.get("conditions"):
        return None if not status.get("conditions") else [one["message"] for one in status["conditions"]]
    parts = status["resources"]
    return [f"{one['kind']} {one['namespace']}/{one['name']}" for one in parts if one["status"] != "Synced"]


def test_every_kind_is_synced_twice_with_no_difference(cluster: Cluster, kinds: set[str], seen: Seen) -> None:
    wait_for("all of them", lambda: differing(cluster), lambda left: left == [])
    for _ in range(2):
        before = cluster.get("application", APPLICATION, "argocd")["status"]["reconciledAt"]
        cluster.refresh(APPLICATION)
        wait_for(
            "comparison",
            lambda: cluster.get("application", APPLICATION, "argocd")["status"]["reconciledAt"],
            lambda at, before=before: at != before,
        )
        assert differing(cluster) == []
    count = len(cluster.get("application", APPLICATION, "argocd")["status"]["resources"])
    seen(
        f"{count} objects of {len(kinds)} kinds, all that constructs make, are synced, then compared twice",
        f"no difference in any: {', '.join(sorted(kinds))}",
    )
