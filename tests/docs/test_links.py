"""Links of the pages beside docs/, which mkdocs does not see, lead to what is there."""

import re

import pytest

from tests.docs.reader import ROOT

_LINK = re.compile(r"\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)")
_HEADING = re.compile(r"^#+ +(.+)$", re.M)


def anchors(text: str) -> set[str]:
    """Return what links may name behind ``#``, as GitHub makes it of headings."""
    return {re.sub(r"[^\w\- ]", "", heading.lower()).strip().replace(" ", "-") for heading in _HEADING.findall(text)}


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "SECURITY.md", "CHANGELOG.md"])
def test_links_lead_somewhere(name: str) -> None:
    page = ROOT / name
    lost = []
    for path, anchor in _LINK.findall(page.read_text(encoding="utf-8")):
        target = ROOT / path if path else page
        if not target.exists() or (anchor and anchor not in anchors(target.read_text(encoding="utf-8"))):
            lost.append(f"{path}#{anchor}" if anchor else path)
    assert lost == []
