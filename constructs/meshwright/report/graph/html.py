"""The picture as a page: one file that works without a network, to be searched, filtered and opened line by line.

Cytoscape.js draws it. Everything from manifests travels as JSON in which no character can end the script element, and
becomes text on the page; a content security policy lets no script run but the page's own.
"""

from meshwright.analysis.graph import MeshGraph
from meshwright.report.assets import asset
from meshwright.report.graph.data import graph_data
from meshwright.report.graph.sources import ReadProgram
from meshwright.report.page import page

_SCRIPTS = ("cytoscape.min.js", "graph_cards.js", "graph_style.js", "graph.js")


def graph_html(graph: MeshGraph, title: str = "mesh", read_program: ReadProgram | None = None) -> str:
    """Return the page.

    Args:
        title: What is drawn.
        read_program: Gives the text of a Python file that made objects; ``None`` where it cannot be read.
    """
    data = graph_data(graph, title, read_program)
    return page(title, asset("graph.css"), asset("graph.html"), [asset(name) for name in _SCRIPTS], data)
