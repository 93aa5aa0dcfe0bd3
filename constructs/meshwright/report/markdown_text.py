"""Text for Markdown on GitHub and GitLab: names from manifests as code, in which nothing is markup, mention or link."""

import re
from html import escape

from meshwright.report.printable import visible

_TICKS = re.compile("`+")


def code(text: str, most: int = 300) -> str:
    """Return ``text`` as a code span, whatever it holds, shortened to ``most`` characters."""
    shown = _one_line(text, most)
    ticks = "`" * (_longest(shown) + 1)
    space = " " if shown.startswith("`") or shown.endswith("`") or not shown.strip() else ""
    return f"{ticks}{space}{shown}{space}{ticks}"


def fenced(text: str, language: str = "") -> str:
    """Return ``text`` as a block of code that no line of it can end."""
    shown = visible(text.rstrip("\n"))
    fence = "`" * max(3, _longest(shown) + 1)
    return f"{fence}{language}\n{shown}\n{fence}"


def html(text: str, most: int = 300) -> str:
    """Return ``text`` for HTML inside of Markdown: no markup, and no Markdown either."""
    return "".join(f"&#{ord(each)};" if each in "`*_[]~\\" else escape(each) for each in _one_line(text, most))


def _one_line(text: str, most: int) -> str:
    shown = visible(text).replace("\n", " ")
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"


def _longest(text: str) -> int:
    return max((len(run) for run in _TICKS.findall(text)), default=0)
