"""What istiod wrote into the status of routes, and what we tell of them."""

from pathlib import Path

import pytest
import yaml

from tests.checks.findings import findings_in, told

CASES = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "pilot" / "gateway-api"
FOLDERS = sorted(each for each in CASES.glob("*") if (each / "status.yaml").is_file())
CODES = ("MW851", "MW852", "MW853", "MW854")
FOREIGN_KINDS = ("Hostname", "GcsBucket", "ServiceImport", "InferencePool", "XBackend", "no-support", "ServiceEntry")
"""Kinds that these checks leave alone. Services are not in the inputs, so whether a backend exists is unknown."""


def routes(folder, name):
    documents = yaml.safe_load_all((folder / name).read_text())
    return {
        f"{each['kind']} {each['metadata'].get('namespace', 'default')}/{each['metadata']['name']}": each
        for each in documents
        if each and each["kind"].endswith("Route")
    }


@pytest.mark.skipif(not FOLDERS, reason="the recorded statuses are not beside this repository")
@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder.name)
def test_a_route_is_told_where_istiod_says_that_it_does_not_take_it(folder):
    found = told(findings_in((folder / "input.yaml").read_text()))
    ours = {each.origin.resource for each in found if each.code in CODES}
    written = routes(folder, "input.yaml")
    for name, route in routes(folder, "status.yaml").items():
        reported = route.get("status", {}).get("parents") or []
        parents = [each for each in reported if each["controllerName"].startswith("istio.io/")]
        wanted = written[name]["spec"].get("parentRefs") or []
        if len(parents) < len(wanted) or any(kind in str(written[name]["spec"]) for kind in FOREIGN_KINDS):
            continue
        refused = [each for parent in parents for each in parent["conditions"] if each["status"] == "False"]
        if not refused:
            assert name not in ours
        elif any(each["type"] == "Accepted" for each in refused):
            assert name in ours, refused
