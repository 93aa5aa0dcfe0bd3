"""``meshwright graph``."""

import pytest
from click.testing import CliRunner

from meshwright.cli import main
from tests.cli.meshes import SHOP


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "mesh.yaml").write_text(SHOP)
    return tmp_path


def run(*arguments, stdin=None):
    return CliRunner().invoke(main, ["graph", *map(str, arguments)], input=stdin)


@pytest.mark.parametrize(
    ("style", "start"), [("mermaid", "flowchart LR\n"), ("svg", "<svg "), ("html", "<!doctype html>\n")]
)
def test_each_format_is_written_to_standard_output_or_to_a_file(folder, tmp_path, style, start):
    result = run(folder, "--format", style)
    assert result.exit_code == 0
    assert result.output.startswith(start)
    output = tmp_path / "graph"
    assert run(folder, "--format", style, "--output", output).output == ""
    assert output.read_text() == result.output


def test_standard_input_is_drawn_like_a_folder(folder):
    assert run("-", stdin=SHOP).output == run(folder).output


def test_a_part_can_be_asked_for(folder):
    assert "shop.example.com" in run(folder, "--service", "cart.shop").output
    result = run(folder, "--host", "nowhere")
    assert result.exit_code == 2
    assert result.stderr == (
        f"{folder}: nothing is left to draw. Give manifests with Services or routes, and names that are in them\n"
    )


def test_a_file_that_cannot_be_written_is_named(folder):
    result = run(folder, "--output", folder / "nowhere" / "graph.svg")
    assert result.exit_code == 2
    assert "cannot be written" in result.stderr
