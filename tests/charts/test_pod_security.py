"""What containers of apps may do: the Pod Security Standard "restricted", and what is said beyond it."""

from typing import Any

import kubernetes_validate
import pytest

from meshwright.charts import Autoscaling, HttpApp, PodSecurity, Resources
from meshwright.checks.pod_standards import violations
from meshwright.tree import Testing
from tests.charts.constructs import refused, shop


def deployment(security: PodSecurity | None = None, **fields: Any) -> dict[str, Any]:
    chart = shop()
    HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080, security=security, **fields)
    found: dict[str, Any] = next(each for each in Testing.synth(chart) if each["kind"] == "Deployment")
    assert kubernetes_validate.validate(found, "1.34", strict=True) == "1.34"
    return found


def broken(found: dict[str, Any]) -> list[str]:
    return [each.said for each in violations(found["spec"]["template"])]


@pytest.mark.parametrize(
    "security",
    [
        pytest.param(None, id="nothing said"),
        pytest.param(
            PodSecurity(user=1000, group=1000, writable=["/tmp", "/var/cache/cart"]), id="folders to write to"
        ),
        pytest.param(PodSecurity(capabilities={"NET_BIND_SERVICE": "listens on port 80"}), id="a port below 1024"),
    ],
)
def test_apps_are_restricted(security: PodSecurity | None) -> None:
    found = deployment(security)
    assert broken(found) == []
    assert "annotations" not in found["metadata"]
    assert found["spec"]["template"]["spec"]["automountServiceAccountToken"] is False


def test_folders_to_write_to_are_the_only_ones() -> None:
    pod = deployment(PodSecurity(writable=["/tmp", "/var/cache/cart"]))["spec"]["template"]["spec"]
    assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True
    assert pod["volumes"] == [{"name": "tmp", "emptyDir": {}}, {"name": "var-cache-cart", "emptyDir": {}}]
    assert pod["containers"][0]["volumeMounts"] == [
        {"name": "tmp", "mountPath": "/tmp"},
        {"name": "var-cache-cart", "mountPath": "/var/cache/cart"},
    ]


def test_an_app_that_writes_nowhere_has_no_volume() -> None:
    pod = deployment(PodSecurity(writable=[]))["spec"]["template"]["spec"]
    assert pod["containers"][0]["securityContext"]["readOnlyRootFilesystem"] is True
    assert "volumes" not in pod


def test_what_goes_beyond_is_written_down_with_its_reason() -> None:
    security = PodSecurity(
        as_root="its image of 2019; to be rebuilt",
        privilege_escalation="calls sudo",
        capabilities={"SYS_TIME": "sets the clock", "NET_BIND_SERVICE": "port 80"},
        no_seccomp="needs bpf",
    )
    found = deployment(security)
    assert broken(found) == [
        "has the seccomp profile Unconfined",
        "may run as root",
        "container 'cart' adds the capability SYS_TIME",
        "container 'cart' does not forbid privilege escalation",
    ]
    assert found["metadata"]["annotations"] == {
        "meshwright.dev/ignore": "MW911 runs as root: its image of 2019, to be rebuilt, may gain rights: calls sudo, "
        "keeps SYS_TIME: sets the clock, may use any system call: needs bpf"
    }


@pytest.mark.parametrize(
    ("security", "said"),
    [
        pytest.param(PodSecurity(user=0), "user is 0, which is root", id="root without a reason"),
        pytest.param(PodSecurity(as_root=" "), "there is no reason why it runs as root", id="an empty reason"),
        pytest.param(PodSecurity(capabilities={"KILL": ""}), "no reason why it keeps KILL", id="no reason for one"),
        pytest.param(
            PodSecurity(capabilities={"CAP_KILL": "x"}), "capabilities has 'CAP_KILL'", id="the kernel's name"
        ),
        pytest.param(PodSecurity(writable=["tmp"]), "writable has 'tmp'", id="a path that is not whole"),
        pytest.param(PodSecurity(writable=["/"]), "writable has '/'", id="everything"),
        pytest.param(PodSecurity(writable=["/a/../etc"]), "writable has '/a/../etc'", id="a path with dots"),
        pytest.param(PodSecurity(user=-1), "user is -1", id="no user id"),
    ],
)
def test_refuses(security: PodSecurity, said: str) -> None:
    chart = shop()
    HttpApp(chart, "cart", versions={"v1": "cart:1"}, port=8080, security=security)
    assert any(said in line for line in refused(chart))


@pytest.mark.parametrize(
    ("given", "written"),
    [
        ("1000m", "1"),
        ("0.5", "500m"),
        ("1500m", "1500m"),
        ("1024Mi", "1Gi"),
        ("0.5Gi", "512Mi"),
        ("1.5Ki", "1536"),
        ("1000", "1k"),
        ("1024", "1024"),
        ("0", "0"),
        ("0.0001", "100u"),
        ("2000M", "2G"),
    ],
)
def test_quantities_are_written_as_the_api_server_does(given: str, written: str) -> None:
    found = deployment(resources=Resources(memory=given), autoscaling=Autoscaling(max_replicas=2, memory=50))
    container = found["spec"]["template"]["spec"]["containers"][0]
    assert container["resources"] == {"requests": {"memory": written}, "limits": {"memory": written}}
