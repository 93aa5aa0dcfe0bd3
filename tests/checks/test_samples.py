"""Istio's own samples, deployed as its documentation does, have nothing in them that is wrong but one rule."""

from pathlib import Path

import pytest

from meshwright.checks import Inventory, check_mesh
from meshwright.checks.rules import CHECKS
from meshwright.frontends import compile_mesh
from meshwright.manifests import read

SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "samples"
BOOKINFO = SAMPLES / "bookinfo"
NEEDS = {
    "virtual-service-details-v2.yaml": "bookinfo-details-v2.yaml",
    "virtual-service-ratings-db.yaml": "bookinfo-ratings-v2.yaml",
    "virtual-service-ratings-mysql.yaml": "bookinfo-ratings-v2-mysql.yaml",
    "virtual-service-ratings-mysql-vm.yaml": "bookinfo-ratings-v2-mysql-vm.yaml",
}
"""The workloads that a step of the documentation adds."""

pytestmark = pytest.mark.skipif(not SAMPLES.is_dir(), reason="Istio's samples are not beside this repository")


DEAD = {"fault-injection-details-v1.yaml": ["MW201"]}
"""A rule behind one without conditions, which istiod does not send to any proxy."""


PASSWORDS = ("bookinfo-mysql.yaml", "bookinfo-ratings-v2-mysql-vm.yaml", "bookinfo-ratings-v2-mysql.yaml")
"""Files with a database's password in them, which is told."""


def _findings(*files):
    resources = {(str(each), each.place.file): each for file in files for each in read(str(file))}
    return check_mesh(Inventory(compile_mesh(resources.values())), CHECKS)


def _told(*files):
    resources = {str(each): each for file in files for each in read(str(file))}
    findings = check_mesh(Inventory(compile_mesh(resources.values())), CHECKS)
    told = [each for each in findings if each.severity in ("error", "warning")]
    assert [each for each in told if each.code == "MW871" and not each.file.endswith(PASSWORDS)] == []
    return [each.code for each in told if each.code != "MW871"]


def test_the_passwords_in_samples_are_told():
    files = [BOOKINFO / "platform" / "kube" / name for name in PASSWORDS]
    found = {each.file for each in _findings(*files) if each.code == "MW871"}
    assert found == {str(file) for file in files}


@pytest.mark.parametrize("file", sorted(SAMPLES.rglob("*.yaml")), ids=lambda file: str(file.relative_to(SAMPLES)))
def test_a_file_by_itself_has_nothing_wrong_in_it(file):
    assert _told(file) == DEAD.get(file.name, [])


@pytest.mark.parametrize("file", sorted((BOOKINFO / "networking").glob("*.yaml")), ids=lambda file: file.name)
def test_a_step_of_bookinfo_has_nothing_wrong_in_it(file):
    rules = BOOKINFO / "networking" / "destination-rule-all.yaml"
    kube = BOOKINFO / "platform" / "kube"
    more = [kube / NEEDS[file.name]] if file.name in NEEDS else []
    assert _told(kube / "bookinfo.yaml", *more, rules, file) == DEAD.get(file.name, [])


@pytest.mark.parametrize("file", sorted((BOOKINFO / "gateway-api").glob("*.yaml")), ids=lambda file: file.name)
def test_bookinfo_by_the_gateway_api_has_nothing_wrong_in_it(file):
    kube = BOOKINFO / "platform" / "kube"
    gateway = BOOKINFO / "gateway-api" / "bookinfo-gateway.yaml"
    assert _told(kube / "bookinfo.yaml", kube / "bookinfo-versions.yaml", gateway, file) == []


def test_the_other_samples_have_nothing_wrong_in_them_together():
    files = (
        "httpbin/httpbin.yaml",
        "httpbin/httpbin-gateway.yaml",
        "curl/curl.yaml",
        "tcp-echo/tcp-echo-services.yaml",
    )
    assert _told(*(SAMPLES / file for file in files)) == []
