"""The page of what was tried is written by whole runs alone, and what a program said cannot break out of its cell."""

from pathlib import Path

from tests.e2e.reliability import THEMES, Table


def test_a_run_of_some_tests_leaves_the_page_alone(tmp_path: Path) -> None:
    page, table = tmp_path / "reliability.md", Table()
    page.write_text("as it was")
    table.note_of("test_faults")("tried", "seen")
    table.write(page)
    assert page.read_text() == "as it was"


def test_the_page_has_its_themes_in_their_order_whatever_ran_first(tmp_path: Path) -> None:
    page, table = tmp_path / "reliability.md", Table()
    for theme in reversed(THEMES):
        table.note_of(theme)(f"{theme} tried", "a | b\nc")
    table.write(page)
    lines = page.read_text().splitlines()
    assert [line[3:] for line in lines if line.startswith("## ")] == list(THEMES.values())
    assert "| test_faults tried | a \\| b c |" in lines
