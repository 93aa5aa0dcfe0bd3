"""The command `meshwright guard`: two sources, what is refused, the exit status."""

import json

import pytest
from click.testing import CliRunner

from meshwright.cli import main
from tests.changes.meshes import GATEWAY, deployment, routes, rule, service, subsets, to

APP = (GATEWAY, service("web"), deployment("web"))
OLD = "\n---\n".join([*APP, subsets("web", "v1"), routes(rule(to("web", "v1")))])
NEW = "\n---\n".join([*APP, subsets("web", "v1", "v2"), routes(rule(to("web", "v2")))])


@pytest.fixture
def guard(tmp_path):
    def run(before, after, *options):
        (tmp_path / "before.yaml").write_text(before)
        (tmp_path / "after.yaml").write_text(after)
        arguments = ["guard", str(tmp_path / "before.yaml"), str(tmp_path / "after.yaml"), *options]
        return CliRunner().invoke(main, arguments)

    return run


def test_a_change_that_loses_requests_is_refused_with_its_place(guard):
    run = guard(OLD, NEW)
    assert run.exit_code == 1
    assert "after.yaml:" in run.output.splitlines()[0]
    assert "Make 2 commits" in run.output
    assert run.output.splitlines()[-1].endswith("is refused.")


def test_what_is_meant_passes(guard):
    assert guard(OLD, NEW, "--allow-503").exit_code == 0
    gone = guard(OLD, GATEWAY)
    assert gone.exit_code == 1
    assert "--allow-prune shop.example.com" in gone.output
    assert guard(OLD, GATEWAY, "--allow-prune", "shop.example.com").output == "Nothing is refused.\n"


def test_the_share_is_an_option(guard):
    many = "\n---\n".join(service(f"s{each}") for each in range(40))
    some = "\n---\n".join(service(f"s{each}") for each in range(30))
    assert guard(many, some).exit_code == 1
    assert guard(many, some, "--share", "25").exit_code == 0
    assert guard(many, some, "--allow-prune", "25%").exit_code == 0


def test_refusals_are_told_as_json_too(guard):
    told = json.loads(guard(OLD, NEW, "--format", "json").output)
    assert told["refused"] is True
    assert told["refusals"][0]["object"] == "VirtualService shop/web"
    assert json.loads(guard(OLD, OLD, "--format", "json").output) == {"refused": False, "refusals": []}


def test_a_head_without_objects_deletes_everything(guard, tmp_path):
    run = guard(service("web"), "# nothing")
    assert run.exit_code == 1
    assert "1 of 1 objects (100 %) would go" in run.output


def test_what_cannot_be_read_is_no_refusal(tmp_path):
    run = CliRunner().invoke(main, ["guard", str(tmp_path / "nowhere"), str(tmp_path)])
    assert run.exit_code == 2
