"""The picture as a page: one file that works without a network, to be searched, filtered and opened line by line.

Cytoscape.js draws it. Everything from manifests travels as JSON in which no character can end the script element, and
becomes text on the page; a content security policy lets no script run but the page's own.
"""

import json
from base64 import b64encode
from hashlib import sha256
from html import escape
from typing import Any

from meshwright.analysis.graph import MeshGraph
from meshwright.report.assets import asset
from meshwright.report.graph.data import graph_data
from meshwright.report.graph.sources import ReadProgram

_SCRIPTS = ("cytoscape.min.js", "graph_cards.js", "graph_style.js", "graph.js")
_ESCAPES = str.maketrans({each: f"\\u{ord(each):04x}" for each in "<>&\u2028\u2029"})


def graph_html(graph: MeshGraph, title: str = "mesh", read_program: ReadProgram | None = None) -> str:
    """Return the page.

    Args:
        title: What is drawn.
        read_program: Gives the text of a Python file that made objects; ``None`` where it cannot be read.
    """
    return page("graph", title, graph_data(graph, title, read_program), _SCRIPTS)


def page(name: str, title: str, data: Any, scripts: tuple[str, ...]) -> str:
    """Return a page of its own: the body and the style called ``name``, and ``data`` for its ``scripts``."""
    texts = [asset(script) for script in scripts]
    hashes = " ".join(f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in texts)
    policy = f"default-src 'none'; script-src {hashes}; style-src 'unsafe-inline'; img-src data:; base-uri 'none'"
    return "\n".join(
        [
            "<!doctype html>",
            '<html lang="en">',
            '<head><meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{policy}">',
            '<meta name="viewport" content="width=device-width,initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>{asset(f'{name}.css')}</style></head>",
            f"<body>{asset(f'{name}.html')}",
            f'<script type="application/json" id="data">{embedded(data)}</script>',
            *(f"<script>{text}</script>" for text in texts),
            "</body></html>\n",
        ]
    )


def embedded(data: Any) -> str:
    """Return JSON that may stand in a script element: no text in it can end the element or start another."""
    return json.dumps(data, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES)
