"""Gates are asked about the output before the folder is touched, and may refuse it."""

import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from types import ModuleType

import pytest

from meshwright import tree
from meshwright.errors import ConfigurationError, Errors, InputError
from meshwright.tree import gates
from meshwright.tree.gates import Output, Told

Look = Callable[[Output], Iterator[Told]]


@pytest.fixture
def install(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Callable[[Look], None]:
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MESHWRIGHT_CHECK", raising=False)

    def install(look: Look) -> None:
        module = ModuleType("gate_of_a_test")
        module.look = look  # type: ignore[attr-defined]
        monkeypatch.setitem(sys.modules, "gate_of_a_test", module)
        monkeypatch.setattr(gates, "GATES", {"check": "gate_of_a_test"})

    return install


def shop(value: str, **arguments: str) -> tree.App:
    app = tree.App(outdir="dist", **arguments)  # type: ignore[arg-type]
    chart = tree.Chart(app, "shop")
    tree.ApiObject(chart, "web", api_version="v1", kind="X", metadata={"name": "web"}, value=value)
    return app


def too_large(output: Output) -> Iterator[Told]:
    for made in output.objects:
        value = made.json["value"]
        if value >= "5":
            yield Told(made.problem(f"value is {value}", "Give less than 5"), refuses=value == "9")


def test_an_error_keeps_the_folder_as_it_was(install: Callable[[Look], None]) -> None:
    install(too_large)
    shop("1").synth()
    before = Path("dist/shop.k8s.yaml").read_text()
    with pytest.raises(Errors, match=r"shop/web \(.*test_gates.py:\d+\): value is 9. Give less than 5"):
        shop("9").synth()
    assert Path("dist/shop.k8s.yaml").read_text() == before


def test_a_warning_is_told_and_the_folder_is_written(
    install: Callable[[Look], None], capsys: pytest.CaptureFixture[str]
) -> None:
    install(too_large)
    shop("5").synth()
    assert ": warning: value is 5. Give less than 5\n" in capsys.readouterr().err
    assert 'value: "5"' in Path("dist/shop.k8s.yaml").read_text()


def test_a_gate_sees_what_the_folder_holds_and_what_stays_there(install: Callable[[Look], None]) -> None:
    seen = []

    def look(output: Output) -> Iterator[Told]:
        seen.append((sorted(output.before), sorted(output.staying), sorted(output.files)))
        return iter(())

    install(look)
    Path("dist").mkdir()
    for name in ("shop.k8s.yaml", "gone.k8s.yaml", "by-hand.yaml"):
        Path("dist", name).write_text("")
    shop("1").synth()
    assert seen == [(["by-hand.yaml", "gone.k8s.yaml", "shop.k8s.yaml"], ["by-hand.yaml"], ["shop.k8s.yaml"])]


def test_an_object_knows_its_file_its_position_and_its_line(install: Callable[[Look], None]) -> None:
    seen = []

    def look(output: Output) -> Iterator[Told]:
        seen.extend((made.file, made.number, made.path, made.where) for made in output.objects)
        return iter(())

    install(look)
    shop("1").synth()
    ((file, number, path, where),) = seen
    assert (file, number, path) == ("shop.k8s.yaml", 0, "shop/web")
    assert where.startswith("shop/web (") and "test_gates.py:" in where


@pytest.mark.parametrize("mode", ["error", "warn", "off"])
@pytest.mark.parametrize("way", ["argument", "environment", "cdk8s.yaml", "a mapping in cdk8s.yaml", "pyproject.toml"])
def test_the_mode_is_configured(
    install: Callable[[Look], None],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    way: str,
    mode: str,
) -> None:
    install(too_large)
    arguments = {}
    if way == "argument":
        arguments = {"check": mode}
    elif way == "environment":
        monkeypatch.setenv("MESHWRIGHT_CHECK", mode)
    elif way == "cdk8s.yaml":
        Path("cdk8s.yaml").write_text(f"app: python main.py\ncheck: {mode}\n")
    elif way == "pyproject.toml":
        Path("pyproject.toml").write_text(f'[tool.meshwright.check]\nsynth = "{mode}"\n')
    else:
        Path("cdk8s.yaml").write_text(f"check: {{synth: {mode}}}\n")
    app = shop("9", **arguments)
    if mode == "error":
        with pytest.raises(Errors):
            app.synth()
    else:
        app.synth()
    assert Path("dist").exists() == (mode != "error")
    assert ("warning: value is 9" in capsys.readouterr().err) == (mode == "warn")


def test_the_argument_wins_over_the_environment_and_that_over_files(
    install: Callable[[Look], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    install(too_large)
    Path("cdk8s.yaml").write_text("check: warn\n")
    monkeypatch.setenv("MESHWRIGHT_CHECK", "error")
    with pytest.raises(Errors):
        shop("9").synth()
    shop("9", check="off").synth()


def test_an_unknown_mode_is_told_with_its_place(install: Callable[[Look], None]) -> None:
    install(too_large)
    with pytest.raises(ConfigurationError, match=r"App\(check=…\): the mode is 'no'. Give one of error, warn, off"):
        shop("1", check="no").synth()
    Path("cdk8s.yaml").write_text("check: loud\n")
    with pytest.raises(ConfigurationError, match=r"cdk8s.yaml: check.synth: the mode is 'loud'"):
        shop("1").synth()


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("cdk8s.yaml", "check: [1]\n"),
        ("cdk8s.yaml", "check: {\n"),
        ("pyproject.toml", "[tool.meshwright\n"),
        ("pyproject.toml", "tool.meshwright = 1\n"),
    ],
)
def test_an_unusable_configuration_is_told(install: Callable[[Look], None], file: str, text: str) -> None:
    install(too_large)
    Path(file).write_text(text)
    with pytest.raises(InputError, match=file):
        shop("1").synth()
