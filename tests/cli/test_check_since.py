"""``meshwright check --since``: what a change brings, and nothing that was there before."""

import subprocess

import pytest
from click.testing import CliRunner

from meshwright.cli import main

SERVICE = """\
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec: {ports: [{name: http, port: 80}]}
---
"""
ROUTES = """\
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: cart, namespace: shop}
spec:
  hosts: [cart]
  http:
"""
RULE = "  - {match: [{uri: {prefix: /%s}}], route: [{destination: {host: cart, subset: %s}}]}\n"


@pytest.fixture
def git(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)

    def git(*arguments):
        own = ("-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "init.defaultBranch=main")
        subprocess.run(["git", *own, *arguments], check=True, capture_output=True)

    git("init")
    (tmp_path / "dist").mkdir()
    return git


def write(tmp_path, *rules):
    (tmp_path / "dist" / "shop.yaml").write_text(SERVICE + ROUTES + "".join(RULE % rule for rule in rules))


def check(*arguments):
    result = CliRunner().invoke(main, ["check", *arguments])
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    return result.exit_code, result.output


def commit(git):
    git("add", "-A")
    git("commit", "-m", "x")


def test_tells_only_what_the_change_brings(git, tmp_path):
    write(tmp_path, ("a", "v1"))
    commit(git)
    assert check()[0] == 1
    assert check("--since", "HEAD") == (0, "1 suppressed\n")
    write(tmp_path, ("a", "v1"), ("b", "v2"))
    status, output = check("--since", "HEAD")
    assert status == 1
    assert 'subset "v2"' in output and 'subset "v1"' not in output
    assert output.endswith("1 error, 1 suppressed\n")


def test_rules_that_moved_are_not_new(git, tmp_path):
    write(tmp_path, ("a", "v1"), ("b", "v2"))
    commit(git)
    (tmp_path / "dist" / "shop.yaml").rename(tmp_path / "dist" / "renamed.yaml")
    write(tmp_path, ("b", "v2"), ("a", "v1"))
    (tmp_path / "dist" / "renamed.yaml").unlink()
    assert check("--since", "HEAD")[0] == 0


def test_the_same_mistake_once_more_is_new(git, tmp_path):
    write(tmp_path, ("a", "v1"))
    commit(git)
    write(tmp_path, ("b", "v1"), ("a", "v1"))
    status, output = check("--since", "HEAD")
    assert (status, output.splitlines()[-1]) == (1, "1 error, 1 suppressed")


def test_a_folder_that_was_not_there_is_new_as_a_whole(git, tmp_path):
    (tmp_path / "README.md").write_text("x")
    commit(git)
    write(tmp_path, ("a", "v1"))
    status, output = check("--since", "HEAD")
    assert status == 1
    assert "So everything found in dist is told." in output


def test_a_change_that_mends_what_could_not_be_read_is_not_kept_from_it(git, tmp_path):
    (tmp_path / "dist" / "shop.yaml").write_text("kind: [")
    commit(git)
    write(tmp_path)
    (tmp_path / "dist" / "shop.yaml").write_text(SERVICE.removesuffix("---\n"))
    assert check("--since", "HEAD", "--quiet")[0] == 0


def test_an_absolute_folder_is_found_in_the_revision_too(git, tmp_path):
    write(tmp_path, ("a", "v1"))
    commit(git)
    assert check(str(tmp_path / "dist"), "--since", "HEAD") == (0, "1 suppressed\n")


@pytest.mark.parametrize("revision", ["no-such-branch", "", "--help"])
def test_an_unknown_revision_is_2(git, tmp_path, revision):
    write(tmp_path)
    commit(git)
    assert check("--since", revision)[0] == 2


def test_standard_input_has_no_revision(git):
    result = CliRunner().invoke(main, ["check", "-", "--since", "HEAD"], input=SERVICE)
    assert result.exit_code == 2
    assert "standard input has no other revision" in result.output
