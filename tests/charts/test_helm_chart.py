"""Helm charts as part of ours: what comes in, by which name it is reached, and what hostile ones cannot do."""

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from meshwright.charts import HelmChart, HttpRoutes, Route
from meshwright.charts.render_program import digest
from meshwright.errors import MeshwrightError
from meshwright.tree import Chart, JsonPatch, Testing
from tests.charts.constructs import refused
from tests.charts.helm import chart_folder, find_helm, namespace_shop, packed

SERVICE = """
apiVersion: v1
kind: Service
metadata: {name: "{{ .Release.Name }}-web", namespace: "{{ .Release.Namespace }}"}
spec:
  ports: [{name: http, port: {{ .Values.port }}}]
  selector: {app: web}
"""
CONFIG = """
apiVersion: v1
kind: ConfigMap
metadata: {name: settings}
data: {debug: "{{ .Values.debug }}", version: "{{ .Capabilities.KubeVersion.Version }}"}
"""


@pytest.fixture(autouse=True)
def helm(monkeypatch: pytest.MonkeyPatch) -> None:
    find_helm(monkeypatch)


def included(path: Path, chart: Chart | None = None, **fields: Any) -> HelmChart:
    scope = chart or namespace_shop()
    pin = digest(scope, path)
    return HelmChart(scope, "cache", **{"path": path, "version": "1.2.3", "digest": pin, **fields})


def test_objects_come_with_values_release_and_namespace(tmp_path: Path) -> None:
    chart = namespace_shop()
    path = packed(chart_folder(tmp_path / "cache", service=SERVICE, config=CONFIG))
    included(path, chart, values={"port": 6379, "debug": "yes"}, kubernetes_version="1.33.1")
    config, service = Testing.synth(chart)
    assert config["metadata"] == {"name": "settings", "namespace": "shop"}
    assert config["data"] == {"debug": "yes", "version": "v1.33.1"}
    assert service["metadata"] == {"name": "cache-web", "namespace": "shop"}
    assert service["spec"]["ports"] == [{"name": "http", "port": 6379}]


def test_a_service_of_it_is_a_target_and_any_object_can_be_patched(tmp_path: Path) -> None:
    chart = namespace_shop()
    cache = included(chart_folder(tmp_path / "cache", service=SERVICE), chart, values={"port": 80})
    cache.object("Service", "cache-web").add_json_patch(JsonPatch.add("/spec/type", "ClusterIP"))
    HttpRoutes(chart, "routes", hosts=["cache.example.com"], routes=[Route(to=cache.backend("cache-web", 80))])
    service, routes = Testing.synth(chart)
    assert service["spec"]["type"] == "ClusterIP"
    destination = routes["spec"]["http"][0]["route"][0]["destination"]
    assert destination == {"host": "cache-web.shop.svc.cluster.local", "port": {"number": 80}}


def test_an_object_that_is_not_there_is_refused_with_those_that_are(tmp_path: Path) -> None:
    cache = included(chart_folder(tmp_path / "cache", service=SERVICE), values={"port": 80})
    with pytest.raises(MeshwrightError, match=r"it has no Service 'cache'. Of this kind there are: cache-web"):
        cache.object("Service", "cache")


def test_a_port_that_a_service_of_it_does_not_have_is_refused(tmp_path: Path) -> None:
    chart = namespace_shop()
    cache = included(chart_folder(tmp_path / "cache", service=SERVICE), chart, values={"port": 80})
    HttpRoutes(chart, "routes", hosts=["cache.example.com"], routes=[Route(to=cache.backend("cache-web", 81))])
    assert "Service 'cache-web' has no port 81" in refused(chart)[0]


def test_a_changed_chart_is_refused_with_its_digest(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = chart_folder(tmp_path / "cache", service=SERVICE)
    pin = digest(namespace_shop(), path)
    (path / "templates" / "more.yaml").write_text(CONFIG)
    monkeypatch.chdir(tmp_path)
    with pytest.raises(MeshwrightError, match=rf"the digest of cache is sha256:[0-9a-f]{{64}}, not {pin}"):
        included(path, digest=pin)


def test_another_version_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MeshwrightError, match=r"the version of the chart is '1.3.0', not '1.2.3'"):
        included(chart_folder(tmp_path / "cache", version="1.3.0", service=SERVICE))


def test_what_helm_says_is_told_in_one_line(tmp_path: Path) -> None:
    path = chart_folder(tmp_path / "cache", broken='{{ fail "no \x1b[31mway" }}')
    with pytest.raises(MeshwrightError, match=r"helm says: .*no") as told:
        included(path)
    assert "\x1b" not in str(told.value)
    assert len(str(told.value).splitlines()) == 1


def test_without_helm_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = chart_folder(tmp_path / "cache", service=SERVICE)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MeshwrightError, match="helm is not on the PATH"):
        included(path)


HOSTILE = {
    "a binding to all rights": (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: RoleBinding\nmetadata: {name: a}\n"
        "roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}\n",
        "RoleBinding 'a' gives every right",
    ),
    "a role with all rights": (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: a}\n"
        "rules: [{apiGroups: ['*'], resources: ['*'], verbs: ['*']}]\n",
        "Role 'a' gives every right",
    ),
    "a role of the cluster": (
        "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a}\n",
        "it brings ClusterRole 'a', a kind that is not admitted",
    ),
    "a Secret": ("apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n", "it brings Secret 'a'"),
    "a webhook": (
        "apiVersion: admissionregistration.k8s.io/v1\nkind: MutatingWebhookConfiguration\nmetadata: {name: a}\n",
        "it brings MutatingWebhookConfiguration 'a'",
    ),
    "an Application that Argo CD would obey": (
        "apiVersion: argoproj.io/v1alpha1\nkind: Application\nmetadata: {name: a}\n",
        "it brings Application 'a'",
    ),
    "an object of another namespace": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: kube-system}\n",
        "ConfigMap 'a' goes to namespace 'kube-system', not to 'shop'",
    ),
    "a hook": (
        "apiVersion: batch/v1\nkind: Job\nmetadata: {name: a, annotations: {helm.sh/hook: pre-install}}\n",
        "Job 'a' is a hook (pre-install)",
    ),
    "a name that leads elsewhere": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: ../../etc/passwd}\n",
        "it brings a ConfigMap of the name '../../etc/passwd'",
    ),
    "a name that a terminal obeys": (
        'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "a\\e[31m"}\n',
        "it brings a ConfigMap of the name 'a\\x1b[31m'",
    ),
    "another password each time": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {password: '{{ randAlphaNum 20 }}'}\n",
        "it renders differently each time",
    ),
}


@pytest.mark.parametrize("sort", HOSTILE)
def test_refuses(sort: str, tmp_path: Path) -> None:
    text, said = HOSTILE[sort]
    chart = namespace_shop()
    included(chart_folder(tmp_path / "cache", hostile=text), chart)
    found = refused(chart)
    assert any(said in line for line in found), found
    assert not any("\x1b" in line for line in found)


def test_what_is_admitted_or_left_out_by_name_is_not_told(tmp_path: Path) -> None:
    chart = namespace_shop()
    texts = {f"t{number}": text for number, (text, _) in enumerate(HOSTILE.values()) if number in (0, 3, 6, 7)}
    included(
        chart_folder(tmp_path / "cache", **texts),
        chart,
        kinds=["Secret"],
        without=["Job/a"],
        namespaces=["kube-system"],
        admin="it looks after the cluster",
    )
    assert sorted(each["kind"] for each in Testing.synth(chart)) == ["ConfigMap", "RoleBinding", "Secret"]


def test_the_same_object_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(MeshwrightError, match="ConfigMap shop/settings is already defined"):
        included(chart_folder(tmp_path / "cache", one=CONFIG, two=CONFIG))


def test_leaving_out_what_is_not_there_is_told(tmp_path: Path) -> None:
    chart = namespace_shop()
    included(chart_folder(tmp_path / "cache", service=SERVICE), chart, values={"port": 80}, without=["Secret"])
    assert "without names 'Secret', which is not there" in refused(chart)[0]


def test_crds_come_only_if_they_are_named_and_live_outside_namespaces(tmp_path: Path) -> None:
    path = chart_folder(tmp_path / "cache", service=SERVICE)
    crd = {"apiVersion": "apiextensions.k8s.io/v1", "kind": "CustomResourceDefinition", "metadata": {"name": "a.b.c"}}
    (path / "crds").mkdir()
    (path / "crds" / "crd.yaml").write_text(json.dumps(crd))
    chart = namespace_shop()
    included(path, chart, values={"port": 80})
    assert "it brings CustomResourceDefinition 'a.b.c'" in refused(chart)[0]
    chart = namespace_shop()
    included(path, chart, values={"port": 80}, kinds=["CustomResourceDefinition"])
    assert Testing.synth(chart)[0]["metadata"] == {"name": "a.b.c"}


def test_a_link_out_of_the_chart_is_refused(tmp_path: Path) -> None:
    path = chart_folder(tmp_path / "cache", service=SERVICE)
    (path / "files").symlink_to("/etc")
    with pytest.raises(MeshwrightError, match="is a link or a device"):
        included(path, digest="sha256:0")


def test_neither_the_environment_nor_the_cluster_nor_files_around_it_can_be_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TOKEN", "hunter2")
    monkeypatch.setenv("HELM_NAMESPACE", "stolen")
    (tmp_path / "secret.txt").write_text("hunter2")
    looking = """
apiVersion: v1
kind: ConfigMap
metadata: {name: a}
data:
  file: {{ .Files.Get "../secret.txt" | quote }}
  found: {{ len (lookup "v1" "Secret" "default" "") | quote }}
  namespace: {{ .Release.Namespace | quote }}
"""
    chart = namespace_shop()
    included(chart_folder(tmp_path / "cache", looking=looking), chart)
    assert Testing.synth(chart)[0]["data"] == {"file": "", "found": "0", "namespace": "shop"}
    with pytest.raises(MeshwrightError, match='function "env" not defined'):
        included(chart_folder(tmp_path / "thief", env='{{ env "TOKEN" }}'))


def test_nothing_is_written_beside_dist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("TMPDIR", str(tmp_path / "tmp"))
    (tmp_path / "tmp").mkdir()
    before = sorted(tmp_path.iterdir())
    path = chart_folder(work / "cache", service=SERVICE)
    chart = namespace_shop()
    included(path, chart, values={"port": 80})
    Testing.synth(chart)
    assert sorted(tmp_path.iterdir()) == before
    assert [*work.iterdir()] == [path]


MODULES = {
    "github.com/bitnami-labs/sealed-secrets@v0.40.0": "helm/sealed-secrets",
    "github.com/fluxcd/flagger@v1.36.1": "charts/flagger",
}


@pytest.mark.parametrize("module", MODULES)
def test_a_chart_that_people_publish_comes_in(module: str, tmp_path: Path) -> None:
    if shutil.which("go") is None:
        pytest.skip("needs Go, to fetch the chart")
    done = subprocess.run(
        ["go", "mod", "download", "-json", module], capture_output=True, text=True, cwd="/", check=False
    )
    if done.returncode:
        pytest.skip(f"{module} cannot be fetched")
    path = Path(json.loads(done.stdout)["Dir"]) / MODULES[module]
    described = (path / "Chart.yaml").read_text()
    version = next(line.split()[-1] for line in described.splitlines() if line.startswith("version:"))
    chart = namespace_shop()
    made = included(
        path,
        chart,
        version=version,
        kinds=["CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"],
        namespaces=["kube-system"],
    )
    kinds = [each.kind for each in made.objects]
    assert {"CustomResourceDefinition", "Deployment", "ServiceAccount", "ClusterRole"} <= set(kinds)
    scoped = {each["kind"] for each in Testing.synth(chart) if "namespace" not in each["metadata"]}
    assert scoped == {"CustomResourceDefinition", "ClusterRole", "ClusterRoleBinding"}


def test_the_example_of_the_page_works_with_the_digests_that_it_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "constructs" / "helm-chart.md"
    example = page.read_text().partition("```python\n")[2].partition("```")[0]
    stateful = (
        "apiVersion: apps/v1\nkind: StatefulSet\nmetadata: {name: cache-valkey}\nspec: {serviceName: cache-valkey}\n"
    )
    service = "apiVersion: v1\nkind: Service\nmetadata: {name: cache-valkey}\nspec: {ports: [{port: 6379}]}\n"
    trial = "apiVersion: batch/v1\nkind: Job\nmetadata: {name: cache-test}\n"
    valkey = chart_folder(tmp_path / "valkey", version="0.9.2", stateful=stateful, service=service, trial=trial)
    overlay = tmp_path / "vendor" / "agent" / "overlays" / "prod"
    overlay.mkdir(parents=True)
    (overlay / "kustomization.yaml").write_text("resources: [agent.yaml]\n")
    (overlay / "agent.yaml").write_text(service.replace("cache-valkey", "agent"))
    packed(valkey).rename(tmp_path / "vendor" / "valkey-0.9.2.tgz")
    monkeypatch.chdir(tmp_path)
    for _ in range(2):
        given = {"chart": (chart := namespace_shop())}
        with pytest.raises(MeshwrightError) as told:
            exec(compile(example, "helm-chart.md", "exec"), given)
        example = example.replace("sha256:…", str(told.value).partition(" is ")[2].partition(",")[0], 1)
    exec(compile(example, "helm-chart.md", "exec"), {"chart": (chart := namespace_shop())})
    found = {f"{each['kind']}/{each['metadata']['name']}": each for each in Testing.synth(chart)}
    assert found["StatefulSet/cache-valkey"]["spec"]["replicas"] == 2
    assert "Service/agent" in found
    assert "Job/cache-test" not in found
