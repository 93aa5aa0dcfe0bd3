"""The examples in docs/checks, which are the cases of the checks."""

import re
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "checks"
CODES = tuple(sorted(file.stem for file in FOLDER.glob("MW*.md")))

_BLOCK = re.compile(r"^## (?P<title>[^\n]+)\n.*?```yaml\n(?P<yaml>.*?)```", re.M | re.S)


def examples(code: str) -> dict[str, str]:
    """Return the YAML of a page under its headings Wrong, Right and Not told."""
    return {found["title"]: found["yaml"] for found in _BLOCK.finditer(page_of(code))}


def page_of(code: str) -> str:
    """Return the text of a page."""
    return (FOLDER / f"{code}.md").read_text()


def needs_everything(code: str) -> bool:
    """Tell whether the page asks for ``--complete``."""
    return "checked with `--complete`" in page_of(code)


def kubernetes_of(code: str) -> str:
    """Return the version of Kubernetes that the page asks for, empty for none."""
    found = re.search(r"Here: `--kubernetes ([0-9.]+)`", page_of(code))
    return found[1] if found is not None else ""
