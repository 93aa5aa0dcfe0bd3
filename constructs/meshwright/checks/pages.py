"""The documentation page of each check, as the package carries it."""

from pathlib import Path

_PACKAGED = Path(__file__).with_name("pages")
_IN_REPOSITORY = Path(__file__).resolve().parents[3] / "docs" / "checks"


def page(code: str) -> str:
    """Return the page of a check as Markdown, empty where there is none."""
    for folder in (_PACKAGED, _IN_REPOSITORY):
        file = folder / f"{code}.md"
        if file.is_file():
            return file.read_text(encoding="utf-8")
    return ""
