"""Text that others wrote, made harmless for what shows it: a terminal, a line of a report, Markdown."""

from meshwright.errors import one_line

_MARKDOWN = str.maketrans({each: f"\\{each}" for each in "\\`*_[]<>|#~@!&"})


def visible(text: str) -> str:
    """Return ``text`` with what a terminal would obey, or nobody would see, written as escapes; lines stay lines."""
    return "\n".join(map(one_line, text.split("\n")))


def visible_line(text: str) -> str:
    """Return ``text`` as `visible` does, in one line, so that what a user wrote cannot look like another answer."""
    return one_line(text)


def markdown_text(text: str) -> str:
    """Return ``text`` for a line or a cell of Markdown: it cannot leave it, and is no HTML, link or mention."""
    return one_line(text).translate(_MARKDOWN)
