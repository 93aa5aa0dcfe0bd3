"""The picture in the docs is what the program draws."""

from pathlib import Path

from meshwright.analysis.graph import mesh_graph
from meshwright.analysis.graph.narrow import narrowed
from meshwright.frontends import compile_mesh
from meshwright.manifests import read
from meshwright.report.graph.svg import graph_svg

REPOSITORY = Path(__file__).resolve().parents[3]


def test_the_picture_in_the_docs_is_up_to_date(monkeypatch):
    monkeypatch.chdir(REPOSITORY)
    drawn = graph_svg(narrowed(mesh_graph(compile_mesh(read("dist/prod"))), namespace="default"), "dist/prod")
    assert (REPOSITORY / "docs" / "pictures" / "bookinfo.svg").read_text(encoding="utf-8") == drawn, "run make picture"
