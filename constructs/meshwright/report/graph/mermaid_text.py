"""Text for Mermaid: whatever a label holds, it cannot end the label, and nothing in it is markup or Markdown.

Source: Mermaid docs, "Flowcharts", entity codes to escape characters.
"""

MOST_CHARACTERS = 45_000
"""GitHub and GitLab draw graphs of up to 50,000 characters."""

MOST_EDGES = 450
"""Mermaid draws up to 500 edges unless its page raises that."""

_PLAIN = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 ./:,=-…·→🔒🔓⚠")
_LONGEST = 60


def label(*lines: str) -> str:
    """Return ``lines`` as one quoted label, each shortened, empty ones left out."""
    return f'"{"<br>".join(escaped(line) for line in lines if line)}"'


def escaped(text: str) -> str:
    """Return ``text`` with every character that could mean something to Mermaid as an entity code."""
    shown = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return "".join(_character(each) for each in shown) or " "


def _character(each: str) -> str:
    if each in _PLAIN:
        return each
    return f"#{ord(each)};" if each.isprintable() else "#65533;"
