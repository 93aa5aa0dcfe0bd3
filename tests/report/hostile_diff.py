"""Two sides whose every name tries to break out of the report."""

from meshwright.analysis.traffic_diff import DiffReport, traffic_diff
from meshwright.frontends import compile_mesh
from meshwright.manifests import read_text
from tests.report.graph.hostile import hostile_mesh


def report_of(before: str, after: str) -> DiffReport:
    """Compare two texts as the command does."""
    old, new = compile_mesh(read_text(before, "base/shop.yaml")), compile_mesh(read_text(after, "head/shop.yaml"))
    return DiffReport("base", "head", traffic_diff(old, new), 1, 2)


def hostile_report() -> DiffReport:
    """Everything hostile comes, and other hostile things go."""
    text = hostile_mesh()
    return report_of(text.replace("alert(1)", "alert(2)"), text)
