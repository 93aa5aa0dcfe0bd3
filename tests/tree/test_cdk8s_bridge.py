"""Genuine cdk8s constructs in a tree of ours, and constructs of ours in a genuine tree."""

import textwrap
from pathlib import Path
from typing import Any

import pytest

from meshwright import tree
from meshwright.errors import Errors, MeshwrightError
from meshwright.tree.cdk8s_bridge import service_ref

pytestmark = pytest.mark.jsii
cdk8s: Any = pytest.importorskip("cdk8s", reason="needs meshwright[cdk8s]")
constructs: Any = pytest.importorskip("constructs", reason="needs meshwright[cdk8s]")
kplus: Any = pytest.importorskip("cdk8s_plus_27", reason="needs meshwright[cdk8s]")


def written(outdir: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in outdir.iterdir()}


def both(program: str, tmp_path: Path) -> tuple[dict[str, str], dict[str, str]]:
    """The files that a program writes with cdk8s, and with only its import changed."""
    out = []
    for module in ("cdk8s", "meshwright.tree"):
        outdir = tmp_path / module
        exec(textwrap.dedent(program).format(module=module, outdir=str(outdir)), {})
        out.append(written(outdir))
    return out[0], out[1]


def test_a_program_of_cdk8s_writes_the_same_with_the_import_changed(tmp_path: Path) -> None:
    theirs, ours = both(
        """
        from {module} import ApiObject, ApiObjectMetadata, App, Chart, JsonPatch, Lazy, Names, OwnerReference

        class Web(Chart):
            def __init__(self, scope, id, *, replicas, **kwargs):
                super().__init__(scope, id, **kwargs)
                spec = {{"replicas": replicas, "template": {{"spec": {{"containers": [{{"name": "a"}}]}}}}}}
                self.web = ApiObject(self, "web", api_version="apps/v1", kind="Deployment",
                                     metadata=ApiObjectMetadata(labels={{"app": "web", "on": "yes"}}, annotations={{}}))
                self.web.add_json_patch(JsonPatch.add("/spec", spec))
                self.web.add_json_patch(JsonPatch.remove("/spec/template/spec/containers/0"))
                spec["replicas"] = 99
                self.web.metadata.add_annotation("note", "two\\nlines")
                self.web.metadata.add("generation", 3)
                self.web.metadata.add_owner_reference(api_version="v1", kind="X", name="x", uid="1")
                account = ApiObject(self, "account", api_version="v1", kind="ServiceAccount", metadata={{"name": "sa"}})
                self.web.add_dependency(account)

            def generate_object_name(self, api_object):
                return f"{{self.node.id}}-{{api_object.node.id}}-{{api_object.kind}}".lower()

        app = App(outdir={outdir!r}, output_file_extension=".yaml", record_construct_metadata=True)
        web = Web(app, "web", replicas=3, namespace="shop", labels={{"team": "a"}})
        jobs = Chart(app, "jobs", disable_resource_name_hashes=True)
        job = ApiObject(jobs, "night", api_version="batch/v1", kind="CronJob")
        assert job.api_group == "batch" and ApiObject.of(job) is not None and Chart.of(job).node.id == "jobs"
        web.add_dependency(jobs)
        app.synth()
        """,
        tmp_path,
    )
    assert ours == theirs
    assert sorted(theirs) == ["0000-jobs.yaml", "0001-web.yaml", "construct-metadata.json"]


def test_genuine_constructs_join_the_file_as_if_all_were_genuine(tmp_path: Path) -> None:
    def fill(kit: Any, chart: Any, scope: Any, before: Any, after: Any) -> None:
        first = before("first")
        deployment = kplus.Deployment(scope, "dep", containers=[kplus.ContainerProps(image="nginx", port_number=80)])
        service = deployment.expose_via_service(ports=[kplus.ServicePort(port=3000, target_port=80)])
        after("last")
        first.node.add_dependency(service)

    def objects(kit: Any, scope: Any) -> Any:
        return lambda id: kit.ApiObject(scope, id, api_version="v1", kind="ConfigMap")

    for kit, name in ((cdk8s, "theirs"), (tree, "ours")):
        app = kit.App(outdir=str(tmp_path / name))
        chart = kit.Chart(app, "shop", namespace="prod", labels={"team": "a"})
        inner = tree.Construct(chart, "inner") if kit is tree else constructs.Construct(chart, "inner")
        before = objects(kit, inner)
        fill(kit, chart, chart.cdk8s if kit is tree else chart, before, objects(kit, chart))
        app.synth()
    assert written(tmp_path / "ours") == written(tmp_path / "theirs")
    assert "meshwright" not in written(tmp_path / "ours")["shop.k8s.yaml"]


def test_charts_wait_for_charts_because_of_genuine_constructs(tmp_path: Path) -> None:
    app = tree.App(outdir=str(tmp_path))
    early, late = tree.Chart(app, "b"), tree.Chart(app, "a")
    first = cdk8s.ApiObject(early.cdk8s, "x", api_version="v1", kind="X")
    second = cdk8s.ApiObject(late.cdk8s, "y", api_version="v1", kind="Y")
    first.add_dependency(second)
    app.synth()
    assert sorted(written(tmp_path)) == ["0000-a.k8s.yaml", "0001-b.k8s.yaml"]


def test_an_object_of_ours_waits_for_a_genuine_one_of_another_chart(tmp_path: Path) -> None:
    app = tree.App(outdir=str(tmp_path))
    plain, mixed = tree.Chart(app, "plain"), tree.Chart(app, "mixed")
    genuine = cdk8s.ApiObject(mixed.cdk8s, "x", api_version="v1", kind="X")
    tree.ApiObject(plain, "y", api_version="v1", kind="Y").add_dependency(genuine)
    app.synth()
    assert sorted(written(tmp_path)) == ["0000-mixed.k8s.yaml", "0001-plain.k8s.yaml"]


def test_a_validation_of_a_genuine_construct_stops_the_synth(tmp_path: Path) -> None:
    app = tree.App(outdir=str(tmp_path / "dist"))
    chart = tree.Chart(app, "shop")
    kplus.Ingress(chart.cdk8s, "empty")
    with pytest.raises(Errors, match=r"shop/empty .*: ingress with no rules or default backend"):
        app.synth()
    assert not (tmp_path / "dist").exists()


def test_an_id_taken_by_ours_is_taken_for_genuine_ones() -> None:
    chart = tree.Testing.chart()
    tree.ApiObject(chart, "web", api_version="v1", kind="X")
    with pytest.raises(RuntimeError, match="already a Construct with name 'web'"):
        cdk8s.ApiObject(chart.cdk8s, "web", api_version="v1", kind="X")
    cdk8s.ApiObject(chart.cdk8s, "api", api_version="v1", kind="X")
    with pytest.raises(MeshwrightError, match="already a Construct with name 'api'"):
        tree.ApiObject(chart, "api", api_version="v1", kind="X")


def test_a_genuine_service_tells_its_name_namespace_and_ports() -> None:
    chart = tree.Chart(tree.Testing.app(), "shop", namespace="prod")
    service = kplus.Service(
        chart.cdk8s,
        "web",
        ports=[kplus.ServicePort(port=80, name="http"), kplus.ServicePort(port=9090, name="metrics")],
    )
    ref = service_ref(service)
    assert (ref.name, ref.namespace, ref.ports) == (service.name, "prod", {"http": 80, "metrics": 9090})
    assert ref.chart is chart


def test_only_charts_that_ask_for_it_are_mirrored() -> None:
    app = tree.Testing.app()
    mixed, plain = tree.Chart(app, "mixed"), tree.Chart(app, "plain")
    cdk8s.ApiObject(mixed.cdk8s, "x", api_version="v1", kind="X")
    tree.ApiObject(plain, "y", api_version="v1", kind="Y")
    assert [one.node.id for one in app.cdk8s.node.children] == ["mixed"]
    assert [one["kind"] for one in tree.Testing.synth(mixed)] == ["X"]


class Pair(tree.Construct):
    """A construct of ours with two objects, one after the other."""

    def __init__(self, scope: Any, id: str) -> None:
        super().__init__(scope, id)
        self.one = tree.ApiObject(self, "one", api_version="v1", kind="One", spec={"b": 1, "a": [None, "yes"]})
        self.two = tree.ApiObject(self, "two", api_version="v1", kind="Two", data=tree.Lazy.any(lambda: {"x": "1"}))
        self.one.add_dependency(self.two)


def test_a_construct_of_ours_becomes_genuine_objects_in_a_genuine_chart(tmp_path: Path) -> None:
    def theirs(chart: Any) -> None:
        scope = constructs.Construct(chart, "pair")
        one = cdk8s.ApiObject(scope, "one", api_version="v1", kind="One")
        one.add_json_patch(cdk8s.JsonPatch.add("/spec", {"a": [None, "yes"], "b": 1}))
        two = cdk8s.ApiObject(scope, "two", api_version="v1", kind="Two")
        two.add_json_patch(cdk8s.JsonPatch.add("/data", {"x": "1"}))
        one.add_dependency(two)
        two.metadata.add_label("mine", "1")

    def ours(chart: Any) -> None:
        pair = Pair(chart, "pair")
        pair.two.metadata.add_label("mine", "1")

    for fill in (theirs, ours):
        app = cdk8s.App(outdir=str(tmp_path / fill.__name__))
        chart = cdk8s.Chart(app, "host", namespace="prod", labels={"team": "a"}, disable_resource_name_hashes=True)
        fill(chart)
        app.synth()
        assert sorted(one.name for one in chart.node.find_all() if cdk8s.ApiObject.is_api_object(one)) == [
            "host-pair-one",
            "host-pair-two",
        ]
    assert written(tmp_path / "ours") == written(tmp_path / "theirs")


def test_a_genuine_chart_that_names_its_objects_names_ours() -> None:
    class Named(cdk8s.Chart):  # type: ignore[misc]
        def generate_object_name(self, api_object: Any) -> str:
            return f"mine-{api_object.node.id}"

    chart = Named(cdk8s.App(), "host")
    ours = tree.ApiObject(chart, "web", api_version="v1", kind="X")
    assert ours.name == "mine-web"
    assert cdk8s.Testing.synth(chart)[0]["metadata"]["name"] == "mine-web"


def test_patches_of_either_kind_change_a_guest() -> None:
    chart = cdk8s.Chart(cdk8s.App(), "host")
    ours = tree.ApiObject(chart, "web", api_version="v1", kind="X", spec={"a": 1})
    ours.add_json_patch(tree.JsonPatch.add("/spec/b", 2))
    cdk8s.ApiObject.of(ours.cdk8s).add_json_patch(cdk8s.JsonPatch.add("/spec/c", 3))
    assert cdk8s.Testing.synth(chart)[0]["spec"] == {"a": 1, "b": 2, "c": 3}


def test_a_validation_of_a_guest_stops_the_genuine_app() -> None:
    chart = cdk8s.Chart(cdk8s.App(), "host")
    tree.Construct(chart, "box").node.report("weight is 120", "Give 0 to 100")
    with pytest.raises(RuntimeError, match=r"\[host/box\] weight is 120. Give 0 to 100"):
        cdk8s.Testing.synth(chart)


def test_what_is_no_construct_is_no_scope() -> None:
    with pytest.raises(MeshwrightError, match="the scope is 'shop'"):
        tree.Chart("shop", "x")


def test_include_reads_yaml_as_cdk8s_does(tmp_path: Path) -> None:
    manifest = tmp_path / "in.yaml"
    manifest.write_text(
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, generation: 1}\ndata: {mode: 0775, on: yes}\n"
        "---\n---\napiVersion: v1\nkind: Secret\n"
    )
    for kit, name in ((cdk8s, "theirs"), (tree, "ours")):
        app = kit.App(outdir=str(tmp_path / name))
        include = kit.Include(kit.Chart(app, "c"), "in", url=str(manifest))
        assert [one.node.id for one in include.api_objects] == ["a-configmap", "object0-secret"]
        app.synth()
    assert written(tmp_path / "ours") == written(tmp_path / "theirs")


def test_a_chart_of_ours_in_a_genuine_app_is_a_genuine_chart(tmp_path: Path) -> None:
    app = cdk8s.App(outdir=str(tmp_path))
    chart = tree.Chart(app, "shop", namespace="prod", labels={"team": "a"})
    ours = tree.ApiObject(chart, "web", api_version="v1", kind="X")
    cdk8s.ApiObject(chart.cdk8s, "api", api_version="v1", kind="Y").add_dependency(ours.cdk8s)
    app.synth()
    assert isinstance(chart.cdk8s, cdk8s.Chart)
    text = (tmp_path / "shop.k8s.yaml").read_text()
    assert text.index("kind: X") < text.index('kind: "Y"')
    assert text.count("namespace: prod") == text.count("team: a") == 2
    assert [one["kind"] for one in tree.Chart.of(ours).to_json()] == ["X", "Y"]
