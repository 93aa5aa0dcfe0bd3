"""What main.py writes: the snapshots that a pull request shows are the files that Argo CD syncs."""

from pathlib import Path

import pytest
from syrupy.assertion import SnapshotAssertion
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SnapshotIndex

DIST = Path(__file__).resolve().parents[1] / "dist"
FILES = sorted(file.relative_to(DIST).as_posix() for file in DIST.rglob("*.k8s.yaml"))


class ManifestSnapshot(SingleFileSnapshotExtension):
    """A snapshot that is YAML as it stands in ``dist/``."""

    _write_mode = WriteMode.TEXT
    file_extension = "yaml"

    @classmethod
    def get_snapshot_name(cls, *, test_location: PyTestLocation, index: SnapshotIndex = 0) -> str:
        return str(index)


@pytest.mark.parametrize("file", FILES)
def test_manifests_are_their_snapshot(file: str, snapshot: SnapshotAssertion) -> None:
    name = file.removesuffix(".yaml").replace("/", "-")
    assert (DIST / file).read_text() == snapshot(name=name, extension_class=ManifestSnapshot)
