"""The GitHub Action and the GitLab component: their shell, run on a real repository against platforms of our own."""

import json
import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.cli.meshes import SHOP
from tests.comments.forges import forge

REPOSITORY = Path(__file__).resolve().parents[2]
ACTION = yaml.safe_load((REPOSITORY / "action.yml").read_text(encoding="utf-8"))
SPEC, COMPONENT = yaml.safe_load_all((REPOSITORY / "templates" / "meshwright.yml").read_text(encoding="utf-8"))
STEPS = {step["name"]: step for step in ACTION["runs"]["steps"]}
AFTER = SHOP.replace("timeout: 3s", "timeout: 5s")
BROKEN = SHOP.replace("subset: v1}, weight", "subset: v9}, weight")
EXPRESSION = re.compile(r"\$\{\{ ([a-z._-]+) \}\}")


def git(folder, *arguments):
    identity = ["-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def executable(path, text):
    path.write_text(text)
    path.chmod(path.stat().st_mode | stat.S_IEXEC)


class Runner:
    """A checkout of a merged pull request, and what a runner gives to steps."""

    def __init__(self, folder, after):
        self.work, self.temp = folder / "work", folder / "temp"
        (self.work / "dist").mkdir(parents=True)
        self.temp.mkdir()
        git(self.work, "init", "--quiet")
        self._commit(SHOP)
        self._commit(after)
        self.bin = folder / "bin"
        self.bin.mkdir()
        self.program = self.bin / "meshwright"
        executable(self.program, f'#!/bin/sh\nexec "{sys.executable}" -m meshwright "$@"\n')
        self.environment = {
            "PATH": f"{self.bin}:{os.environ['PATH']}",
            "HOME": str(folder),
            "PYTHONPATH": os.pathsep.join(sys.path),
        }

    def _commit(self, text):
        (self.work / "dist" / "shop.yaml").write_text(text)
        git(self.work, "add", "dist")
        git(self.work, "commit", "--quiet", "--message", "x")

    def shell(self, text, environment):
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", text],
            cwd=self.work,
            env={**self.environment, **environment},
            capture_output=True,
            text=True,
        )


class Action(Runner):
    """Runs the steps of the action, with what earlier ones wrote as outputs."""

    def __init__(self, folder, after, inputs=(), there=None):
        super().__init__(folder, after)
        self.event = folder / "event.json"
        self.event.write_text(json.dumps({"pull_request": {"number": 7}}))
        self.known = {f"inputs.{name}": each["default"] for name, each in ACTION["inputs"].items()}
        self.known |= {f"inputs.{name}": value for name, value in dict(inputs).items()}
        self.known |= {"inputs.token": "token", "github.event_name": "pull_request", "github.action_path": "here"}
        self.known["steps.install.outputs.program"] = str(self.program)
        self.summary = folder / "summary"
        self.environment |= {
            "RUNNER_TEMP": str(self.temp),
            "GITHUB_STEP_SUMMARY": str(self.summary),
            "GITHUB_REPOSITORY": "shop/mesh",
            "GITHUB_EVENT_PATH": str(self.event),
            "GITHUB_API_URL": there.url if there is not None else "",
            "GITHUB_SHA": "0" * 40,
            "GITHUB_REF": "refs/pull/7/merge",
        }

    def step(self, name):
        step = STEPS[name]
        output = self.temp / "output"
        output.write_text("")
        values = {
            key: EXPRESSION.sub(lambda each: self.known[each[1]], str(value)) for key, value in step["env"].items()
        }
        done = self.shell(step["run"], {**values, "GITHUB_OUTPUT": str(output)})
        for line in output.read_text().splitlines():
            key, _, value = line.partition("=")
            self.known[f"steps.{step['id']}.outputs.{key}"] = value
        return done


def test_no_step_builds_a_program_from_what_it_is_given():
    for step in STEPS.values():
        assert "${{" not in step["run"], step["name"]
        assert step["shell"] == "bash"
    assert all("uses" not in step for step in STEPS.values())


def test_outputs_and_conditions_name_what_is_there():
    named = set(EXPRESSION.findall(json.dumps({"outputs": ACTION["outputs"], "steps": list(STEPS.values())})))
    made = {f"inputs.{name}" for name in ACTION["inputs"]} | {"github.action_path", "github.event_name"}
    for step in STEPS.values():
        found = re.findall(r'echo "(\w+)=[^"]*" >> "\$GITHUB_OUTPUT"', step["run"])
        made |= {f"steps.{step.get('id')}.outputs.{name}" for name in found}
    assert named <= made


def test_a_pull_request_that_changes_traffic_is_checked_compared_and_commented(tmp_path):
    with forge() as there:
        action = Action(tmp_path, AFTER, there=there)
        for name in ("Check", "Compare", "Comment", "Judge"):
            done = action.step(name)
            assert done.returncode == 0, done.stderr
        (body,) = there.bodies()
    assert body.startswith("<!-- meshwright:diff -->\n### Traffic: 1 altered")
    assert "`timeout 3 s → 5 s`" in body
    assert action.summary.read_text() == body
    assert action.known["steps.diff.outputs.changes"] == "true"
    assert json.loads(Path(action.known["steps.check.outputs.sarif"]).read_text())["version"] == "2.1.0"


def test_the_first_manifests_of_a_repository_are_all_new(tmp_path):
    action = Action(tmp_path, AFTER, {"folder": "manifests"})
    (action.work / "manifests").mkdir()
    (action.work / "manifests" / "shop.yaml").write_text(SHOP)
    done = action.step("Compare")
    assert done.returncode == 0, done.stderr
    assert "newly open" in action.summary.read_text()


def test_what_can_never_work_fails_the_job_after_the_comment_is_written(tmp_path):
    action = Action(tmp_path, BROKEN)
    assert action.step("Check").returncode == 0
    assert action.step("Compare").returncode == 0
    done = action.step("Judge")
    assert done.returncode == 1
    assert "::error::meshwright check found" in done.stdout


def test_a_change_of_traffic_fails_the_job_only_where_that_was_asked_for(tmp_path):
    action = Action(tmp_path, AFTER, {"fail-on-change": "true"})
    for name in ("Check", "Compare"):
        action.step(name)
    assert action.step("Judge").returncode == 1


def test_manifests_that_cannot_be_read_stop_the_job(tmp_path):
    action = Action(tmp_path, "a:\n\tb: 1\n")
    assert action.step("Check").returncode == 2


def test_findings_are_packed_for_code_scanning(tmp_path):
    action = Action(tmp_path, BROKEN)
    executable(action.bin / "gh", f'#!/bin/sh\nprintf "%s\\n" "$@" > "{tmp_path}/asked"\n')
    action.step("Check")
    done = action.step("Upload findings")
    assert done.returncode == 0, done.stderr
    asked = (tmp_path / "asked").read_text().splitlines()
    assert "repos/shop/mesh/code-scanning/sarifs" in asked
    packed = next(each.partition("@")[2] for each in asked if each.startswith("sarif=@"))
    unpacked = subprocess.run(
        f'base64 --decode "{packed}" | gunzip', shell=True, check=True, capture_output=True
    ).stdout
    assert json.loads(unpacked)["runs"][0]["results"]


def filled(text, inputs):
    values = {name: each["default"] for name, each in SPEC["spec"]["inputs"].items()} | inputs
    return re.sub(r"\$\[\[ inputs\.([a-z-]+) \]\]", lambda each: str(values[each[1]]).replace("True", "true"), text)


def component(tmp_path, after, there, inputs=(), **environment):
    """Run the script of the GitLab job."""
    runner = Runner(tmp_path, after)
    job = COMPONENT["meshwright"]
    variables = {name: filled(value, dict(inputs)) for name, value in job["variables"].items()}
    platform = {
        "CI_API_V4_URL": there.url,
        "CI_PROJECT_ID": "42",
        "CI_MERGE_REQUEST_IID": "7",
        "CI_MERGE_REQUEST_DIFF_BASE_SHA": "HEAD^1",
        "GITLAB_TOKEN": "token",
    }
    return runner, runner.shell("\n".join(job["script"]), {**platform, **variables, **environment})


@pytest.mark.parametrize(
    ("after", "inputs", "status"),
    [
        pytest.param(AFTER, {}, 0, id="a change of traffic is told and passes"),
        pytest.param(AFTER, {"fail-on-change": True}, 1, id="it fails where that was asked for"),
        pytest.param(BROKEN, {}, 1, id="what can never work fails"),
        pytest.param(BROKEN, {"fail-on": "never"}, 0, id="unless nothing shall"),
    ],
)
def test_a_merge_request_is_checked_compared_and_commented(tmp_path, after, inputs, status):
    with forge() as there:
        runner, done = component(tmp_path, after, there, inputs)
        assert done.returncode == status, done.stderr
        (body,) = there.bodies()
    assert body.startswith("<!-- meshwright:diff -->\n### Traffic: 1 ")
    artifacts = COMPONENT["meshwright"]["artifacts"]
    for name in (*artifacts["paths"], artifacts["reports"]["junit"]):
        assert (runner.work / name).stat().st_size, name


def test_without_a_token_the_report_is_in_the_log(tmp_path):
    with forge() as there:
        _, done = component(tmp_path, AFTER, there, GITLAB_TOKEN="")
        assert there.asked == []
    assert "### Traffic: 1 altered" in done.stdout


def test_the_first_manifests_of_a_project_are_all_new(tmp_path):
    with forge() as there:
        _, done = component(tmp_path, AFTER, there, CI_MERGE_REQUEST_DIFF_BASE_SHA="nowhere")
        assert done.returncode == 0, done.stderr
        assert "newly open" in there.bodies()[0]


def test_a_merged_result_is_compared_with_what_it_is_merged_into(tmp_path):
    with forge() as there:
        base = {"CI_MERGE_REQUEST_TARGET_BRANCH_SHA": "HEAD^1", "CI_MERGE_REQUEST_DIFF_BASE_SHA": "nowhere"}
        _, done = component(tmp_path, AFTER, there, **base)
        assert done.returncode == 0, done.stderr


def test_every_input_of_the_component_is_used():
    used = set(re.findall(r"\$\[\[ inputs\.([a-z-]+) \]\]", json.dumps(COMPONENT)))
    assert used == set(SPEC["spec"]["inputs"])
