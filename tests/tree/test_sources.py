"""Beside the folder stands which construct, on which line of the user's program, made each object."""

from pathlib import Path

import pytest

from meshwright import tree
from meshwright.manifests import read
from meshwright.tree import YamlOutputType
from meshwright.tree.sources import HEAD

PROGRAM = """\
from meshwright.tree import ApiObject, App, Chart
app = App(yaml_output_type=LAYOUT)
chart = Chart(app, "shop")
ApiObject(chart, "web", api_version="v1", kind="ConfigMap", metadata={"name": "web"}, data={"text": "a\\n---\\nb"})
chart = Chart(app, "stock")
ApiObject(chart, "one", api_version="v1", kind="ConfigMap", metadata={"name": "one"})
ApiObject(chart, "two", api_version="v1", kind="ConfigMap", metadata={"name": "two"})
app.synth()
"""
MADE = {"web": ("shop/web", "main.py", 4), "one": ("stock/one", "main.py", 6), "two": ("stock/two", "main.py", 7)}


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MESHWRIGHT_CHECK", "off")
    return tmp_path


def run(layout: YamlOutputType | None = None) -> None:
    Path("main.py").write_text(PROGRAM)
    exec(compile(PROGRAM, str(Path("main.py").absolute()), "exec"), {"LAYOUT": layout})


def made_in(folder: str) -> dict[str, tuple[str, str, int]]:
    found = ((resource.name, resource.origin("data").made_by) for resource in read(folder))
    return {name: (made.path, made.file, made.line) for name, made in found if made is not None}


@pytest.mark.parametrize("layout", [None, *YamlOutputType])
def test_a_folder_that_was_synthesised_here_leads_to_the_lines_of_the_program(
    project: Path, layout: YamlOutputType | None
) -> None:
    run(layout)
    assert made_in("dist") == MADE


def test_files_of_the_program_are_told_as_seen_from_the_reader(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run()
    file = str(project / "main.py")
    assert made_in(str(project / "dist")) == {name: (path, file, line) for name, (path, _, line) in MADE.items()}
    monkeypatch.chdir(project / "dist")
    assert made_in("../dist")["web"] == ("shop/web", "../main.py", 4)
    monkeypatch.chdir(project)
    assert made_in("dist/shop.k8s.yaml") == {"web": MADE["web"]}


def test_a_file_that_was_changed_afterwards_leads_nowhere(project: Path) -> None:
    run()
    file = project / "dist" / "stock.k8s.yaml"
    file.write_text(file.read_text().replace("name: one", "name: six"))
    assert made_in("dist") == {"web": MADE["web"]}


def test_git_does_not_see_it_and_the_folder_does_not_hold_it(project: Path) -> None:
    run()
    assert (project / ".meshwright" / ".gitignore").read_text() == "*\n"
    assert sorted(path.name for path in (project / "dist").iterdir()) == ["shop.k8s.yaml", "stock.k8s.yaml"]


@pytest.mark.parametrize(
    "text", ["something else", "meshwright sources 1\nnot a file\n", "meshwright sources 1\n\tx\ty"]
)
def test_a_damaged_map_leads_nowhere(project: Path, text: str) -> None:
    run()
    (project / ".meshwright" / "dist.sources").write_text(text and HEAD + text)
    assert made_in("dist") == {}


def test_a_map_that_cannot_be_written_is_no_error(project: Path) -> None:
    (project / ".meshwright" / "dist.sources").mkdir(parents=True)
    run()
    assert made_in("dist") == {}


def test_nothing_is_written_twice(project: Path) -> None:
    run()
    written = (project / ".meshwright" / "dist.sources").stat()
    run()
    assert (project / ".meshwright" / "dist.sources").stat().st_mtime_ns == written.st_mtime_ns


def test_names_with_tabs_are_kept(project: Path) -> None:
    app = tree.App()
    tree.ApiObject(tree.Chart(app, "shop"), "a\tb", api_version="v1", kind="ConfigMap", metadata={"name": "web"})
    app.synth()
    assert made_in("dist")["web"][0] == "shop/a\tb"
