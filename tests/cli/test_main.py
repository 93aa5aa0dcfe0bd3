"""What all commands share."""

from pathlib import Path

from click.testing import CliRunner

from meshwright.cli import COMMANDS, main


def test_help_lists_every_command() -> None:
    said = CliRunner().invoke(main, ["--help"]).output
    assert [name for name in COMMANDS if f"\n  {name} " not in said] == []


def test_hundreds_of_errors_are_cut_and_counted(tmp_path: Path) -> None:
    for number in range(30):
        (tmp_path / f"{number}.yaml").write_text("a:\n\tb: 1\n")
    result = CliRunner().invoke(main, ["explain", str(tmp_path), "GET", "http://a/"])
    assert result.exit_code == 2
    assert result.stderr.splitlines()[-1] == "and 10 more like these"
    assert len(result.stderr.splitlines()) == 21
