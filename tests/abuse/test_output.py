"""Whatever apps, charts and objects are called, only files of the output folder are written, and as they are."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from meshwright.errors import MeshwrightError
from meshwright.manifests import read_folder
from meshwright.tree import ApiObject, App, Chart, YamlOutputType
from tests.abuse.hostile import HOSTILE, obeyed

PATHS = ("../evil", "/etc/evil", "a/../../evil", "..", ".", "a//b", "~/evil", "C:\\evil", "a\x00b", "\x1b[31m", "x\ny")
TEMPLATES = (
    "{{ .Values.x }}",
    "${HOME}",
    "$HOME",
    "$(id)",
    "`id`",
    "%(HOME)s",
    "{HOME}",
    "<%= 1 %>",
    "!!python/name:os",
)


def everything(folder: Path) -> set[str]:
    """Return what stands in a folder, without what meshwright keeps for itself."""
    found = [path.relative_to(folder) for path in folder.rglob("*")]
    return {path.as_posix() for path in found if ".meshwright" not in path.parts}


def write(dist: Path, text: str) -> None:
    app = App(outdir=str(dist))
    ApiObject(Chart(app, "shop"), "x", api_version="v1", kind="ConfigMap", metadata={"name": "x"}, data={text: text})
    app.synth()


@pytest.mark.parametrize("layout", YamlOutputType)
@pytest.mark.parametrize("name", PATHS)
def test_no_name_leads_out_of_the_folder(name: str, layout: YamlOutputType, tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path / "deep" / "dist"), yaml_output_type=layout)
    try:
        chart = Chart(app, name)
        ApiObject(chart, name, api_version="v1", kind=name, metadata={"name": name, "namespace": name})
        app.synth()
    except MeshwrightError as error:
        assert not obeyed(str(error))
    assert all(each in ("deep", "deep/dist") or each.startswith("deep/dist/") for each in everything(tmp_path))
    assert not Path("/etc/evil").exists()


@pytest.mark.parametrize("extension", ["/../../evil.yaml", "/../evil", "/./x.yaml", "//x.yaml"])
def test_no_extension_leads_out_of_the_folder(extension: str, tmp_path: Path) -> None:
    app = App(outdir=str(tmp_path / "dist"), output_file_extension=extension)
    Chart(app, "shop")
    with pytest.raises(MeshwrightError, match="is no path in the output"):
        app.synth()
    assert everything(tmp_path) <= {"dist"}


def test_a_link_in_the_folder_is_replaced_and_what_it_leads_to_stays(tmp_path: Path) -> None:
    precious = tmp_path / "precious.yaml"
    precious.write_text("mine")
    dist = tmp_path / "dist"
    dist.mkdir()
    for name in ("shop.k8s.yaml", "gone.k8s.yaml"):
        (dist / name).symlink_to(precious)
    for value in ("1", "2"):
        app = App(outdir=str(dist))
        ApiObject(
            Chart(app, "shop"), "x", api_version="v1", kind="ConfigMap", metadata={"name": "x"}, data={"v": value}
        )
        app.synth()
    assert precious.read_text() == "mine"
    assert everything(dist) == {"shop.k8s.yaml"}
    assert not (dist / "shop.k8s.yaml").is_symlink()


def test_a_folder_that_is_a_link_to_elsewhere_is_not_written_through(tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    (elsewhere / "mine.k8s.yaml").write_text("mine")
    (tmp_path / "dist").mkdir()
    (tmp_path / "dist" / "shop").symlink_to(elsewhere)
    app = App(outdir=str(tmp_path / "dist"), yaml_output_type=YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE)
    ApiObject(Chart(app, "shop"), "x", api_version="v1", kind="ConfigMap", metadata={"name": "x"})
    with pytest.raises(MeshwrightError, match="a link"):
        app.synth()
    assert everything(elsewhere) == {"mine.k8s.yaml"}


@pytest.mark.parametrize("text", TEMPLATES)
def test_templates_and_variables_stay_as_they_are_written(text: str, tmp_path: Path) -> None:
    write(tmp_path / "dist", text)
    [resource] = read_folder(tmp_path / "dist")
    assert resource.body["data"] == {text: text}
    done = subprocess.run(
        [sys.executable, "-m", "meshwright", "check", "dist", "--format", "json"], cwd=tmp_path, capture_output=True
    )
    assert done.returncode in (0, 1)
    assert os.environ["HOME"].encode() not in done.stdout


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_what_is_written_is_read_again_as_it_was(text: str, tmp_path: Path) -> None:
    text = text.replace("\x9b", "")
    write(tmp_path / "dist", text)
    [resource] = read_folder(tmp_path / "dist")
    assert resource.body["data"] == {text: text}


def test_what_no_reader_of_yaml_takes_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(MeshwrightError, match="control characters are not allowed"):
        write(tmp_path / "dist", "\x9b2J")
    assert everything(tmp_path) == set()


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_errors_of_synth_are_one_line_that_a_terminal_just_shows(text: str, tmp_path: Path) -> None:
    program = (
        "import sys; from meshwright.tree import ApiObject, App, Chart; app = App(outdir='dist'); text = sys.argv[1];"
        "ApiObject(Chart(app, 'shop'), text, api_version='v1', kind=text, spec={text: object()}); app.synth()"
    )
    done = subprocess.run([sys.executable, "-c", program, text], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 1
    assert len(done.stderr.splitlines()) == 1
    assert obeyed(done.stderr) == set()
