"""The files that belong to the pages: styles, scripts, and Cytoscape.js as npm carries it, with its licence."""

from importlib.resources import files


def asset(name: str) -> str:
    """Return the text of one of them."""
    return files(__name__).joinpath(name).read_text(encoding="utf-8")
