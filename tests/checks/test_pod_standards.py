"""MW911 against the API server's own cases, those of the Go module of its policy."""

import copy
import json
import shutil
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from meshwright.checks.pod_standards import violations
from tests.checks.findings import findings_in

MODULE = "k8s.io/pod-security-admission@v0.36.3"
VERSION = "v1.35"

RESTRICTED: dict[str, Any] = {
    "metadata": {"name": "cart"},
    "spec": {
        "securityContext": {"runAsNonRoot": True, "seccompProfile": {"type": "RuntimeDefault"}},
        "containers": [
            {
                "name": "cart",
                "securityContext": {"allowPrivilegeEscalation": False, "capabilities": {"drop": ["ALL"]}},
            }
        ],
    },
}


@cache
def cases() -> Path:
    """The folder of the cases."""
    if shutil.which("go") is None:
        pytest.skip("needs Go, to fetch the API server's own cases")
    done = subprocess.run(
        ["go", "mod", "download", "-json", MODULE], capture_output=True, text=True, check=False, cwd="/"
    )
    if done.returncode:
        pytest.skip(f"{MODULE} cannot be fetched: {done.stdout[-200:]}")
    return Path(json.loads(done.stdout)["Dir"]) / "test" / "testdata"


def judged(folder: Path) -> dict[str, set[str]]:
    """The levels that each case of a folder breaks."""
    return {
        file.name: {each.level for each in violations(yaml.safe_load(file.read_text()))}
        for file in sorted(folder.glob("*.yaml"))
    }


def test_what_the_api_server_lets_pass_as_restricted_breaks_nothing() -> None:
    found = judged(cases() / "restricted" / VERSION / "pass")
    assert len(found) > 10
    assert {name for name, broken in found.items() if broken} == set()


def test_what_it_refuses_as_restricted_breaks_something() -> None:
    found = judged(cases() / "restricted" / VERSION / "fail")
    assert len(found) > 60
    assert {name for name, broken in found.items() if not broken} == set()


def test_what_it_lets_pass_as_baseline_does_not_break_that() -> None:
    found = judged(cases() / "baseline" / VERSION / "pass")
    assert len(found) > 10
    assert {name for name, broken in found.items() if "baseline" in broken} == set()


def test_what_it_refuses_as_baseline_breaks_that() -> None:
    found = judged(cases() / "baseline" / VERSION / "fail")
    assert len(found) > 30
    assert {name for name, broken in found.items() if "baseline" not in broken} == set()


def changed(**fields: Any) -> dict[str, Any]:
    pod = copy.deepcopy(RESTRICTED)
    pod["spec"].update(fields)
    return pod


def test_a_pod_with_users_of_its_own_may_be_root_in_there() -> None:
    root = {"runAsUser": 0, "seccompProfile": {"type": "RuntimeDefault"}}
    assert [each.said for each in violations(changed(securityContext=root))] == [
        "runs as user 0",
        "container 'cart' is not bound to run as another user than root",
    ]
    assert [*violations(changed(securityContext=root, hostUsers=False))] == []


def test_windows_knows_neither_capabilities_nor_seccomp() -> None:
    containers = [{"name": "cart"}]
    pod = changed(os={"name": "windows"}, containers=containers, securityContext={"runAsNonRoot": True})
    assert [*violations(pod)] == []


@pytest.mark.parametrize(
    "pod",
    [
        pytest.param({"spec": {"containers": "none"}}, id="a text where containers belong"),
        pytest.param({"spec": {"containers": [None, 1, {"securityContext": []}]}}, id="no containers in the list"),
        pytest.param({"spec": None}, id="no spec"),
        pytest.param({"spec": {"volumes": [{"name": "a"}], "securityContext": {"sysctls": [{}]}}}, id="empty things"),
    ],
)
def test_unusable_pods_break_nothing_else(pod: dict[str, Any]) -> None:
    assert all(each.field for each in violations(pod))


WORKLOAD = """
apiVersion: {version}
kind: {kind}
metadata: {{name: cart, namespace: shop}}
spec: {spec}
"""
PODS = json.dumps({"spec": {"hostPID": True, "containers": []}})


@pytest.mark.parametrize(
    ("version", "kind", "spec"),
    [
        pytest.param("v1", "Pod", json.dumps({"hostPID": True, "containers": []}), id="a Pod"),
        pytest.param("apps/v1", "StatefulSet", f'{{"template": {PODS}}}', id="a StatefulSet"),
        pytest.param("batch/v1", "Job", f'{{"template": {PODS}}}', id="a Job"),
        pytest.param("batch/v1", "CronJob", f'{{"jobTemplate": {{"spec": {{"template": {PODS}}}}}}}', id="a CronJob"),
        pytest.param("argoproj.io/v1alpha1", "Rollout", f'{{"template": {PODS}}}', id="a Rollout"),
    ],
)
def test_every_kind_that_makes_pods_is_looked_at(version: str, kind: str, spec: str) -> None:
    found = [
        each for each in findings_in(WORKLOAD.format(version=version, kind=kind, spec=spec)) if each.code == "MW911"
    ]
    assert [(each.severity, each.wrong) for each in found] == [
        ("warning", 'its pods are not "baseline": hostPID is true')
    ]
    assert found[0].line > 0


@pytest.mark.parametrize(
    ("mode", "standard", "severity"),
    [
        pytest.param("enforce", "restricted", "error", id="refused by the cluster"),
        pytest.param("warn", "restricted", "warning", id="warned of by the cluster"),
        pytest.param("enforce", "baseline", "note", id="let pass, and still not hardened"),
    ],
)
def test_the_namespace_says_how_bad_it_is(mode: str, standard: str, severity: str) -> None:
    label = f"pod-security.kubernetes.io/{mode}: {standard}"
    namespace = f"apiVersion: v1\nkind: Namespace\nmetadata: {{name: shop, labels: {{{label}}}}}\n---"
    pod = WORKLOAD.format(version="v1", kind="Pod", spec=json.dumps({"containers": [{"name": "cart"}]}))
    found = [each for each in findings_in(namespace + pod) if each.code == "MW911"]
    assert [each.severity for each in found] == [severity]
