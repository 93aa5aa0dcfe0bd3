"""What the pages of docs/ tell a reader to type works, and prints what they show."""

import difflib
from pathlib import Path

import pytest

from tests.docs.page import Typed, Written, fits, steps
from tests.docs.reader import ROOT, Reader, kept_files

TUTORIAL = sorted((ROOT / "docs" / "tutorial").glob("*.md"))
HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))


def read(pages: list[Path], folder: Path) -> None:
    """Do what the pages say, one after another in one place.

    Raises:
        AssertionError: Something prints what its page does not show; all of that is told.
    """
    wrong = []
    with Reader(folder) as reader:
        for page in pages:
            for step in steps(page):
                printed = reader.does(step)
                if not isinstance(step, Written) and not fits(step.printed, printed):
                    wrong.append(_told(page, step, printed))
    assert not wrong, "\n\n".join(wrong)


def _told(page: Path, step: Typed, printed: str) -> str:
    shown, found = step.printed.splitlines(), printed.strip("\n").splitlines()
    lines = "\n".join(difflib.unified_diff(shown, found, "shown", "printed", lineterm=""))
    return f"{page.relative_to(ROOT)}:{step.line}: $ {step.command}\n{lines}"


def test_the_tutorial_works_as_it_says(tmp_path: Path) -> None:
    read(TUTORIAL, tmp_path)
    made, committed = kept_files(tmp_path / "guestbook"), kept_files(ROOT / "examples" / "tutorial")
    assert made == committed, 'Run "make tutorial" and read what it changes'


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.stem)
def test_a_how_to_page_works_as_it_says(page: Path, tmp_path: Path) -> None:
    read([page], tmp_path)
