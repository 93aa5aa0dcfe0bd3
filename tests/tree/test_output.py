"""The folder is the old one or the new one, holds nothing of the past, and is left alone when nothing changed."""

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from meshwright import tree
from meshwright.errors import Errors, MeshwrightError
from meshwright.tree.output import write_folder

LAYOUT = tree.YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE


def synth(outdir: Path, *charts: str, value: str = "1", layout: tree.YamlOutputType | None = None) -> None:
    app = tree.App(outdir=str(outdir), yaml_output_type=layout)
    for name in charts:
        tree.ApiObject(tree.Chart(app, name), "x", api_version="v1", kind="X", metadata={"name": "x"}, value=value)
    app.synth()


def state(folder: Path) -> dict[str, tuple[int, int]]:
    return {str(path): (path.stat().st_ino, path.stat().st_mtime_ns) for path in [folder, *folder.rglob("*")]}


def names(folder: Path) -> list[str]:
    """Return what stands there, without the source map."""
    found = (path.relative_to(folder).as_posix() for path in folder.rglob("*"))
    return sorted(name for name in found if not name.startswith(".meshwright/") and name != ".meshwright")


def test_files_of_charts_that_are_gone_are_removed(tmp_path: Path) -> None:
    synth(tmp_path / "dist", "a", "b", "c")
    synth(tmp_path / "dist", "c", "d")
    assert names(tmp_path) == ["dist", "dist/c.k8s.yaml", "dist/d.k8s.yaml"]


def test_what_is_not_ours_stays(tmp_path: Path) -> None:
    dist = tmp_path / "dist"
    (dist / "more").mkdir(parents=True)
    for name in ("README.md", "kustomization.yaml", "more/x.k8s.yaml", ".gitkeep"):
        (dist / name).write_text(name)
    (dist / "link").symlink_to("README.md")
    synth(dist, "a", "b")
    synth(dist, "c")
    kept = [".gitkeep", "README.md", "c.k8s.yaml", "kustomization.yaml", "link", "more", "more/x.k8s.yaml"]
    assert names(dist) == kept
    assert (dist / "link").readlink() == Path("README.md")
    assert (dist / "more" / "x.k8s.yaml").read_text() == "more/x.k8s.yaml"


def test_a_kustomization_stays_even_where_files_end_like_it(tmp_path: Path) -> None:
    (tmp_path / "kustomization.yaml").write_text("resources: []\n")
    (tmp_path / "old.yaml").write_text("")
    app = tree.App(outdir=str(tmp_path), output_file_extension=".yaml")
    tree.Chart(app, "new")
    app.synth()
    assert names(tmp_path) == ["kustomization.yaml", "new.yaml"]


def test_nothing_is_touched_when_nothing_changed(tmp_path: Path) -> None:
    synth(tmp_path / "dist", "a", "b")
    before = state(tmp_path)
    synth(tmp_path / "dist", "a", "b")
    assert state(tmp_path) == before


def test_a_file_that_did_not_change_is_not_rewritten(tmp_path: Path) -> None:
    synth(tmp_path / "dist", "a", "b", "c")
    before = state(tmp_path)
    (tmp_path / "dist" / "b.k8s.yaml").write_text("by hand")
    (tmp_path / "dist" / "c.k8s.yaml").write_text("by hand")
    synth(tmp_path / "dist", "a", "b", "c")
    after = state(tmp_path)
    unchanged = str(tmp_path / "dist" / "a.k8s.yaml")
    assert after[unchanged] == before[unchanged]
    assert "by hand" not in (tmp_path / "dist" / "b.k8s.yaml").read_text()


def test_the_folder_keeps_its_mode(tmp_path: Path) -> None:
    synth(tmp_path / "dist", "a")
    (tmp_path / "dist").chmod(0o750)
    synth(tmp_path / "dist", "b", "c")
    assert (tmp_path / "dist").stat().st_mode & 0o777 == 0o750


def test_folders_of_charts_that_are_gone_are_removed(tmp_path: Path) -> None:
    synth(tmp_path, "a", "b", layout=LAYOUT)
    (tmp_path / "notes").mkdir()
    (tmp_path / "notes" / "todo.md").write_text("")
    synth(tmp_path, "b", "c", layout=LAYOUT)
    assert names(tmp_path) == ["b", "b/X.x.k8s.yaml", "c", "c/X.x.k8s.yaml", "notes", "notes/todo.md"]


def test_an_error_leaves_the_folder_as_it_was(tmp_path: Path) -> None:
    synth(tmp_path / "dist", "a", "b")
    before = state(tmp_path)
    app = tree.App(outdir=str(tmp_path / "dist"))
    for name in ("c", "d"):
        tree.ApiObject(tree.Chart(app, name), "x", api_version="v1", kind="X", value=object())
    with pytest.raises(Errors) as caught:
        app.synth()
    assert len(caught.value.errors) == 2
    assert state(tmp_path) == before


def test_the_current_folder_can_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    synth(tmp_path, "a", "b")
    monkeypatch.chdir(tmp_path)
    synth(Path(), "b", "c", value="2")
    assert names(tmp_path) == ["b.k8s.yaml", "c.k8s.yaml"]
    assert Path.cwd().samefile(tmp_path)


def test_a_folder_behind_a_link_is_written(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "dist").symlink_to("real")
    synth(tmp_path / "dist", "a", "b")
    synth(tmp_path / "dist", "c", "d")
    assert names(tmp_path / "real") == ["c.k8s.yaml", "d.k8s.yaml"]
    assert (tmp_path / "dist").is_symlink()


def test_a_folder_that_cannot_be_written_is_told_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(MeshwrightError, match="cannot write"):
        synth(tmp_path / "file" / "dist", "a")


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        pytest.param({"CDK8S_OUTDIR": "there"}, "there", id="the environment names it"),
        pytest.param({"CDK8S_OUTDIR": ""}, "dist", id="an empty name is none"),
        pytest.param({}, "dist", id="dist by default"),
    ],
)
def test_the_folder_is_the_one_that_cdk8s_would_write(
    named: dict[str, str], expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("CDK8S_OUTDIR", raising=False)
    for name, value in named.items():
        monkeypatch.setenv(name, value)
    assert tree.App().outdir == expected
    assert tree.App(outdir="here").outdir == "here"


def test_an_empty_folder_name_is_an_error() -> None:
    with pytest.raises(MeshwrightError, match="the outdir is empty"):
        tree.App(outdir="").synth()


def test_what_a_killed_run_left_is_cleared_by_the_next(tmp_path: Path) -> None:
    gone = subprocess.Popen([sys.executable, "-c", ""])
    gone.wait()
    private = tmp_path / ".meshwright"
    (private / f"{gone.pid}-dist").mkdir(parents=True)
    (private / f"{gone.pid}-dist" / "a.k8s.yaml").write_text("")
    (private / f"{gone.pid}-dist.sources").write_text("")
    others = [private / f"{os.getppid()}-dist", private / f"{gone.pid}-other"]
    for other in others:
        other.mkdir()
    synth(tmp_path / "dist", "a")
    assert names(tmp_path) == ["dist", "dist/a.k8s.yaml"]
    left = sorted(path.name for path in private.iterdir())
    assert left == sorted([".gitignore", "dist.sources", *(other.name for other in others)])


KILLED = """
import os, sys
from meshwright.tree import exchange, output
if sys.argv[3:]:
    exchange.exchange = lambda one, other: False
calls, stop = 0, int(sys.argv[2])
def counted(call):
    def counting(*arguments, **keywords):
        global calls
        calls += 1
        if calls == stop:
            os.kill(os.getpid(), 9)
        return call(*arguments, **keywords)
    return counting
for name in ("open", "write", "link", "mkdir", "rename", "replace", "unlink", "rmdir", "chmod", "close"):
    setattr(os, name, counted(getattr(os, name)))
output.write_folder(sys.argv[1], WRITTEN, ".yaml")
print(calls)
"""


NEW = {"a.yaml": b"new a", "c.yaml": b"new c", "d.yaml": b"same"}


def killed(dist: Path, stop: int, *options: str, written: Mapping[str, bytes] = NEW) -> int:
    """Write the new folder in a process that ends itself at the given step."""
    program = KILLED.replace("WRITTEN", repr(written))
    done = subprocess.run(
        [sys.executable, "-S", "-c", program, str(dist), str(stop), *options],
        env={"PYTHONPATH": str(Path(__file__).resolve().parents[2] / "constructs")},
        capture_output=True,
        check=False,
    )
    assert done.returncode in (0, -signal.SIGKILL), done.stderr
    return done.returncode


def clean(folder: Path) -> bool:
    """Tell whether nothing of a killed run is left."""
    private = folder / ".meshwright"
    return {path.name for path in folder.iterdir()} <= {"dist", ".meshwright"} and (
        not private.exists() or [path.name for path in private.iterdir()] == [".gitignore"]
    )


def content(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_where_folders_cannot_change_places_the_next_run_puts_all_right(tmp_path: Path) -> None:
    for stop in range(1, 100):
        dist = tmp_path / str(stop) / "dist"
        write_folder(str(dist), {"a.yaml": b"old a", "b.yaml": b"old b", "d.yaml": b"same"}, ".yaml")
        (dist / "README.md").write_text("mine")
        end = killed(dist, stop, "without exchange")
        write_folder(str(dist), NEW, ".yaml")
        assert content(dist) == {**NEW, "README.md": b"mine"}, f"killed at step {stop}"
        assert clean(dist.parent), f"killed at step {stop}"
        if end == 0:
            break
    assert stop > 10


def test_a_kill_at_any_step_leaves_the_old_folder_or_the_new_one(tmp_path: Path) -> None:
    old = {"a.yaml": b"old a", "b.yaml": b"old b", "d.yaml": b"same"}
    seen = set()
    for stop in range(1, 100):
        dist = tmp_path / str(stop) / "dist"
        write_folder(str(dist), old, ".yaml")
        end = killed(dist, stop)
        found = content(dist)
        assert found in (old, NEW), f"killed at step {stop}"
        seen.add(found == NEW)
        write_folder(str(dist), NEW, ".yaml")
        assert clean(dist.parent), f"killed at step {stop}"
        if end == 0:
            break
    assert stop > 8
    assert seen == {False, True}
