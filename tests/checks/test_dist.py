from pathlib import Path

from meshwright.checks import Inventory, check_mesh
from meshwright.checks.rules import CHECKS
from meshwright.frontends import compile_mesh
from meshwright.manifests import read

DIST = Path(__file__).resolve().parents[2] / "dist"


def test_the_apps_of_this_repository_have_no_errors():
    findings = check_mesh(Inventory(compile_mesh(read(str(DIST)))), CHECKS)
    assert [each.wrong for each in findings if each.severity == "error"] == []
