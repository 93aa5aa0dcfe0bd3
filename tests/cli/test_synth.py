import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from meshwright.cli import main
from meshwright.cli.synth import python_arguments

PROGRAM = """
from meshwright.tree import ApiObject, App, Chart
app = App()
chart = Chart(app, "shop")
box = ApiObject(chart, "web", api_version="v1", kind="ConfigMap", data={"weight": WEIGHT})
if WEIGHT == "120":
    box.node.report("weight is 120", "Give a percentage, 0 to 100")
    chart.node.report("it has no gateway", "Add one")
app.synth()
"""


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).resolve().parents[2] / "constructs"))
    (tmp_path / "cdk8s.yaml").write_text("language: python\napp: python main.py\noutput: out\n")
    (tmp_path / "main.py").write_text("WEIGHT = '80'\n" + PROGRAM)
    return tmp_path


def test_writes_the_folder_that_cdk8s_yaml_names(project: Path) -> None:
    result = CliRunner().invoke(main, ["synth"])
    assert (result.exit_code, result.output) == (0, "  - out/shop.k8s.yaml\n")
    assert 'weight: "80"' in (project / "out" / "shop.k8s.yaml").read_text()


def test_output_wins_over_cdk8s_yaml(project: Path) -> None:
    result = CliRunner().invoke(main, ["synth", "--output", "elsewhere"])
    assert (result.exit_code, result.output) == (0, "  - elsewhere/shop.k8s.yaml\n")
    assert not (project / "out").exists()


def test_all_that_is_wrong_is_told_line_by_line_and_the_folder_stays(
    project: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    CliRunner().invoke(main, ["synth"])
    before = (project / "out" / "shop.k8s.yaml").read_text()
    (project / "main.py").write_text("WEIGHT = '120'\n" + PROGRAM)
    result = CliRunner().invoke(main, ["synth"])
    assert result.exit_code == 1
    assert capfd.readouterr().err.splitlines() == [
        "shop (main.py:9): it has no gateway. Add one",
        "shop/web (main.py:8): weight is 120. Give a percentage, 0 to 100",
    ]
    assert (project / "out" / "shop.k8s.yaml").read_text() == before


def test_a_missing_cdk8s_yaml_is_told_with_what_to_do(project: Path) -> None:
    (project / "cdk8s.yaml").unlink()
    result = CliRunner().invoke(main, ["synth"])
    assert result.exit_code == 2
    assert result.output == (
        "cdk8s.yaml: there is no such file here. Run this in the folder that holds it, or give --app 'python main.py'\n"
    )


def test_a_program_that_writes_nothing_is_an_error(project: Path) -> None:
    (project / "main.py").write_text("")
    result = CliRunner().invoke(main, ["synth"])
    assert result.exit_code == 1
    assert "'python main.py' wrote no manifests" in result.output


def test_any_other_program_is_run_by_the_shell(project: Path) -> None:
    result = CliRunner().invoke(main, ["synth", "--app", f"cd . && {sys.executable} main.py"])
    assert (result.exit_code, result.output) == (0, "  - out/shop.k8s.yaml\n")


@pytest.mark.parametrize(
    ("program", "arguments"),
    [
        pytest.param("python main.py --env prod", ["main.py", "--env", "prod"], id="python with a file"),
        pytest.param("pipenv run python3 main.py", ["main.py"], id="python inside pipenv"),
        pytest.param("python main.py | tee log", None, id="a pipe needs the shell"),
        pytest.param("node main.js", None, id="another interpreter"),
        pytest.param("python", None, id="python without a file"),
    ],
)
def test_calls_of_python_are_recognised(program: str, arguments: list[str] | None) -> None:
    assert python_arguments(program) == arguments
