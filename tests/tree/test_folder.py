"""Charts in folders: where they are written, what stays there and what goes."""

import subprocess
import sys
from pathlib import Path

import pytest

from meshwright import tree
from meshwright.errors import MeshwrightError
from meshwright.tree.folder import chart_file
from meshwright.tree.output import write_folder
from tests.tree.test_output import content, killed, names, state

LAYOUTS = {
    "FILE_PER_APP": ["app.k8s.yaml", "prod/app.k8s.yaml"],
    "FILE_PER_CHART": ["a.k8s.yaml", "prod/a.k8s.yaml", "prod/b.k8s.yaml"],
    "FILE_PER_RESOURCE": ["X.x.k8s.yaml", "prod/X.y.k8s.yaml", "prod/X.z.k8s.yaml"],
    "FOLDER_PER_CHART_FILE_PER_RESOURCE": ["a/X.x.k8s.yaml", "prod/a/X.y.k8s.yaml", "prod/b/X.z.k8s.yaml"],
}


def chart(scope: tree.Construct, id: str, name: str = "x", value: str = "1") -> tree.Chart:
    made = tree.Chart(scope, id)
    tree.ApiObject(made, "x", api_version="v1", kind="X", metadata={"name": name}, value=value)
    return made


def synth(outdir: Path, *paths: str, value: str = "1") -> None:
    app = tree.App(outdir=str(outdir))
    for path in paths:
        folder, _, id = path.rpartition("/")
        scope = (app.node.try_find_child(folder) or tree.Folder(app, folder)) if folder else app
        chart(scope, id, value=value)
    app.synth()


def files(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize(("layout", "written"), LAYOUTS.items(), ids=LAYOUTS)
def test_every_layout_goes_into_folders(tmp_path: Path, layout: str, written: list[str]) -> None:
    app = tree.App(outdir=str(tmp_path), yaml_output_type=tree.YamlOutputType[layout])
    chart(app, "a", "x")
    prod = tree.Folder(app, "prod")
    chart(prod, "a", "y")
    chart(prod, "b", "z")
    app.synth()
    assert files(tmp_path) == written


def test_folders_stand_in_folders_and_charts_in_charts(tmp_path: Path) -> None:
    app = tree.App(outdir=str(tmp_path))
    outer = chart(tree.Folder(tree.Folder(app, "eu"), "prod"), "shop")
    inner = chart(outer, "cart", "y")
    app.synth()
    assert chart_file(outer) == "eu/prod/shop.k8s.yaml"
    assert chart_file(inner).startswith("eu/prod/shop-cart-c8")
    assert files(tmp_path) == sorted([chart_file(outer), chart_file(inner)])


def test_charts_in_folders_keep_their_names_when_they_wait_for_each_other(tmp_path: Path) -> None:
    app = tree.App(outdir=str(tmp_path))
    prod = tree.Folder(app, "prod")
    second, first = chart(prod, "second"), chart(prod, "first")
    second.add_dependency(first)
    chart(app, "flat").add_dependency(first)
    app.synth()
    assert files(tmp_path) == ["0002-flat.k8s.yaml", "prod/first.k8s.yaml", "prod/second.k8s.yaml"]


def test_charts_and_folders_that_are_gone_are_removed(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    synth(dist, "flat", "dev/a", "dev/b", "prod/a")
    synth(dist, "flat", "dev/b")
    assert names(dist) == ["dev", "dev/b.k8s.yaml", "flat.k8s.yaml"]


def test_what_is_not_ours_stays_in_folders_too(tmp_path: Path) -> None:
    synth(tmp_path, "dev/a", "prod/a")
    for name in ("dev/kustomization.yaml", "dev/README.md", "prod/notes.md"):
        (tmp_path / name).write_text("")
    (tmp_path / "dev" / "more" / "deep").mkdir(parents=True)
    (tmp_path / "dev" / "more" / "deep" / "todo.txt").write_text("")
    synth(tmp_path, "dev/b")
    kept = ["dev/README.md", "dev/b.k8s.yaml", "dev/kustomization.yaml", "dev/more/deep/todo.txt", "prod/a.k8s.yaml"]
    assert files(tmp_path) == [*kept, "prod/notes.md"]


def test_nothing_is_touched_when_nothing_changed(tmp_path: Path) -> None:
    synth(tmp_path / "dist", "dev/a", "prod/a", "prod/b")
    before = state(tmp_path)
    synth(tmp_path / "dist", "dev/a", "prod/a", "prod/b")
    assert state(tmp_path) == before


def test_one_changed_file_is_replaced_alone(tmp_path: Path) -> None:
    synth(tmp_path / "dist", "dev/a", "prod/a")
    before = state(tmp_path / "dist" / "dev")
    (tmp_path / "dist" / "prod" / "a.k8s.yaml").write_text("by hand")
    synth(tmp_path / "dist", "dev/a", "prod/a")
    assert state(tmp_path / "dist" / "dev") == before
    assert "by hand" not in (tmp_path / "dist" / "prod" / "a.k8s.yaml").read_text()


@pytest.mark.parametrize("elsewhere", [True, False], ids=["a link to a folder elsewhere", "a file"])
def test_nothing_is_written_through_what_is_no_folder(tmp_path: Path, elsewhere: bool) -> None:
    (tmp_path / "outside").mkdir()
    synth(tmp_path / "dist", "dev/a")
    place = tmp_path / "dist" / "prod"
    if elsewhere:
        place.symlink_to(tmp_path / "outside")
    else:
        place.write_text("")
    with pytest.raises(MeshwrightError, match=r"dist/prod: it is no folder, or a link to one. Remove it"):
        synth(tmp_path / "dist", "dev/a", "prod/a")
    assert files(tmp_path / "outside") == []


@pytest.mark.parametrize("name", ["..", ".", "Prod", "a.b", "-a", "", "a/b", "a\\b", "a" * 64, "é", "../../etc"])
def test_a_folder_has_a_dns_label_for_a_name(name: str) -> None:
    app = tree.App()
    with pytest.raises(MeshwrightError):
        tree.Folder(app, name)
    assert app.node.children == []


def test_a_folder_stands_in_no_chart() -> None:
    with pytest.raises(MeshwrightError, match="a folder stands in a chart"):
        tree.Folder(tree.Chart(tree.App(), "shop"), "prod")


@pytest.mark.parametrize("path", ["../a.yaml", "a/../../b.yaml", "/etc/a.yaml", "a//b.yaml", "./a.yaml", "a/.."])
def test_no_path_leads_out_of_the_output(tmp_path: Path, path: str) -> None:
    with pytest.raises(MeshwrightError, match="is no path in the output"):
        write_folder(str(tmp_path / "dist"), {path: b""}, ".yaml")
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_beside_a_folder_is_cleared(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    dist = tmp_path / "dist"
    synth(dist, "prod/a")
    left = tmp_path / ".meshwright" / f"{gone.pid}-dist"
    left.mkdir()
    synth(dist, "prod/a", "prod/b")
    assert files(dist) == ["prod/a.k8s.yaml", "prod/b.k8s.yaml"]
    assert not left.exists()


def test_the_current_folder_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synth(tmp_path, "dev/a", "prod/a")
    monkeypatch.chdir(tmp_path)
    synth(Path(), "prod/a", "prod/b", value="2")
    assert names(tmp_path) == ["prod", "prod/a.k8s.yaml", "prod/b.k8s.yaml"]


def test_a_kill_at_any_step_leaves_the_old_folders_or_the_new_ones(tmp_path: Path) -> None:
    old = {"dev/a.yaml": b"old a", "dev/b.yaml": b"old b", "stage/d.yaml": b"gone"}
    new = {"dev/a.yaml": b"new a", "prod/c.yaml": b"new c"}
    seen = set()
    for stop in range(1, 100):
        dist = tmp_path / str(stop) / "dist"
        write_folder(str(dist), old, ".yaml")
        end = killed(dist, stop, written=new)
        found = content(dist)
        assert found in (old, new), f"killed at step {stop}"
        seen.add(found == new)
        write_folder(str(dist), new, ".yaml")
        assert content(dist) == new
        beside = [path.name for path in (dist.parent / ".meshwright").iterdir()]
        assert {path.name for path in dist.parent.iterdir()} == {"dist", ".meshwright"}, f"killed at step {stop}"
        assert [name for name in beside if name != ".gitignore"] == [], f"killed at step {stop}"
        if end == 0:
            break
    assert stop > 8
    assert seen == {False, True}
