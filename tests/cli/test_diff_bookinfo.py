"""From each sample VirtualService of Bookinfo to each other: the report fits one screen, and is right."""

import itertools
import shutil
from pathlib import Path

import pytest

from meshwright.cli.compared import compared
from meshwright.frontends import MeshOptions, compile_mesh
from meshwright.manifests import read
from meshwright.report.diff_text import diff_text

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "samples" / "bookinfo"
BESIDE = ("platform/kube/bookinfo.yaml", "networking/bookinfo-gateway.yaml", "networking/destination-rule-all.yaml")
LINES, COLUMNS = 40, 100

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="the recorded samples are not beside this repository")


@pytest.fixture(scope="module")
def sides(tmp_path_factory):
    """A folder for each sample, with what all of them stand beside."""
    place = tmp_path_factory.mktemp("bookinfo")
    for sample in sorted(SAMPLES.glob("networking/virtual-service-*.yaml")):
        folder = place / sample.stem.removeprefix("virtual-service-")
        folder.mkdir()
        for file in (*(SAMPLES / each for each in BESIDE), sample):
            shutil.copy(file, folder)
    return place


def shares(decision):
    """Return who gets what, by the pods meant."""
    known = decision.table.clusters
    return sorted((known[each.name].labels, known[each.name].hostname, each.weight) for each in decision.clusters)


def test_each_report_fits_a_screen_and_each_witness_differs(sides, monkeypatch):
    monkeypatch.chdir(sides)
    names = sorted(each.name for each in sides.iterdir())
    meshes = {name: compile_mesh(read(name), MeshOptions()) for name in names}
    assert len(names) > 10
    for before, after in itertools.permutations(names, 2):
        report = compared(before, after, MeshOptions())
        lines = diff_text(report, width=COLUMNS).splitlines()
        assert len(lines) <= LINES, (before, after)
        assert max(map(len, lines)) <= COLUMNS, (before, after)
        for change in report.traffic.changes:
            for region in change.regions:
                one, two = region.witness.before, region.witness.after
                assert one.table.clusters.keys() == meshes[before].route_table(region.witness.proxy).clusters.keys()
                same = (one.outcome, one.status, one.fault) == (two.outcome, two.status, two.fault)
                assert not same or shares(one) != shares(two), (before, after, region.words)
