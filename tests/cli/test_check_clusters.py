"""A folder whose folders are for several clusters is checked cluster by cluster."""

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from meshwright.cli import main
from tests.cli.meshes import SHOP


def check(folder: Path) -> Result:
    return CliRunner().invoke(main, ["check", str(folder), "--format", "json"])


@pytest.fixture
def regions(tmp_path: Path) -> Path:
    """The same objects in two folders."""
    for region in ("prod-eu", "prod-us"):
        (tmp_path / region).mkdir()
        (tmp_path / region / "shop.k8s.yaml").write_text(SHOP)
    return tmp_path


def test_each_folder_is_read_by_itself(regions: Path) -> None:
    said = check(regions)
    alone = [check(regions / region) for region in ("prod-eu", "prod-us")]
    assert said.exit_code == max(each.exit_code for each in alone)
    assert "each is read by itself" in said.stderr
    assert said.stdout.count('"code"') == sum(each.stdout.count('"code"') for each in alone) > 0


def test_two_of_one_name_in_one_folder_are_an_error(regions: Path) -> None:
    (regions / "prod-eu" / "again.yaml").write_text(SHOP)
    said = check(regions)
    assert said.exit_code == 2
    assert "is already defined at" in said.stderr


def test_a_file_beside_the_folders_makes_them_one_cluster(regions: Path) -> None:
    (regions / "more.yaml").write_text(SHOP)
    assert check(regions).exit_code == 2
