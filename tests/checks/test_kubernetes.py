"""What ``--kubernetes VERSION`` decides: versions that are gone, and the schemas of those that are there."""

import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from meshwright.cli import main
from tests.checks.findings import findings_in, told

SCALER = """
apiVersion: autoscaling/v2beta2
kind: HorizontalPodAutoscaler
metadata: {name: cart, namespace: shop}
spec: {maxReplicas: 5, scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: cart}}
"""
SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: shop}
spec:
  selector: {app: cart}
  ports: [{name: http, port: %s}]
  %s
"""
SAMPLES = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "samples"


@pytest.mark.parametrize(
    ("version", "severity"),
    [
        pytest.param("", "warning", id="nobody says which version it is for"),
        pytest.param("1.26", "error", id="the version that removed it"),
        pytest.param("v1.31.2", "error", id="a later one"),
        pytest.param("1.25", "note", id="the last one that has it"),
    ],
)
def test_a_version_that_is_gone(version, severity):
    found = told(findings_in(SCALER, kubernetes=version))
    assert [each.severity for each in found if each.code == "MW831"] == [severity]


@pytest.mark.parametrize(
    ("port", "more", "found"),
    [
        pytest.param("80", "", [], id="it fits"),
        pytest.param("eighty", "", [("spec.ports[0].port", "error")], id="a value of another type"),
        pytest.param("80", "tpye: NodePort", [("spec.tpye", "warning")], id="a field that is dropped"),
    ],
)
def test_an_object_is_held_to_the_schema_of_the_version(port, more, found):
    findings = told(findings_in(SERVICE % (port, more), kubernetes="1.31"))
    assert [(each.origin.field, each.severity) for each in findings if each.code == "MW832"] == found


def test_a_field_is_known_from_its_version_on():
    text = SERVICE % ("80", "trafficDistribution: PreferClose")
    codes = {
        version: [each.code for each in told(findings_in(text, kubernetes=version))] for version in ("1.28", "1.31")
    }
    assert codes == {"1.28": ["MW832"], "1.31": []}


@pytest.mark.skipif(not SAMPLES.is_dir(), reason="Istio's samples are not beside this repository")
@pytest.mark.parametrize("file", sorted(SAMPLES.rglob("*.yaml")), ids=lambda file: str(file.relative_to(SAMPLES)))
def test_istios_samples_fit(file):
    assert [
        each.wrong for each in findings_in(file.read_text(), kubernetes="1.31") if each.code in ("MW831", "MW832")
    ] == []


@pytest.mark.parametrize(
    ("version", "told_of"),
    [
        pytest.param("new", "'new' is no version of Kubernetes. Write it as 1.31", id="no version"),
        pytest.param("1.999", "there are no schemas of Kubernetes 1.999.", id="one that is not known yet"),
    ],
)
def test_a_version_that_cannot_be_checked_is_unusable_input(tmp_path, version, told_of):
    (tmp_path / "shop.yaml").write_text(SERVICE % ("80", ""))
    result = CliRunner().invoke(main, ["check", str(tmp_path), "--kubernetes", version])
    assert result.exit_code == 2
    assert told_of in result.output


def test_without_its_package_the_option_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "kubernetes_validate.utils", None)
    (tmp_path / "shop.yaml").write_text(SERVICE % ("80", ""))
    result = CliRunner().invoke(main, ["check", str(tmp_path), "--kubernetes", "1.31"])
    assert result.exit_code == 2
    assert "pip install 'meshwright[schemas]'" in result.output


def test_without_the_option_the_package_is_not_loaded():
    import subprocess

    code = (
        "import sys; from tests.checks.findings import findings_in;"
        "findings_in(sys.argv[1]); sys.exit('kubernetes_validate' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code, SCALER], check=False).returncode == 0


@pytest.mark.parametrize(
    ("port", "more", "found"),
    [
        pytest.param("80", "", [], id="it fits"),
        pytest.param("80", "externalIPs: null", [], id="null counts as absent"),
        pytest.param("eighty", "", [("MW801", "spec.ports[0].port")], id="a value of another type"),
        pytest.param("80", "tpye: NodePort", [("MW802", "spec.tpye")], id="a field that is dropped"),
    ],
)
def test_without_a_version_the_own_schemas_decide(port, more, found):
    findings = told(findings_in(SERVICE % (port, more)))
    assert [(each.code, each.origin.field) for each in findings if each.code in ("MW801", "MW802")] == found


def test_a_kind_of_another_version_is_left_alone():
    assert [each.code for each in told(findings_in(SCALER)) if each.code in ("MW801", "MW802")] == []
