"""What synth refuses against the last commit of the folder that it writes. git is real."""

import subprocess
import sys

import pytest

from meshwright.charts import Environment
from meshwright.errors import MeshwrightError
from meshwright.tree import ApiObject, App, Chart

ROUTING = "networking.istio.io/v1"


class Repository:
    """A repository whose program is the app of this test."""

    def __init__(self, folder):
        self.folder = folder

    def git(self, *arguments):
        who = ("-c", "user.name=test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
        run = subprocess.run(["git", *who, *arguments], cwd=self.folder, check=True, capture_output=True, text=True)
        return run.stdout

    def commit(self):
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", "a commit")

    def synth(self, subsets=("v1",), route="v1", extra=0, namespace=True, **settings):
        app = App(outdir=str(self.folder / "dist"), **settings)
        self.fill(Chart(app, "shop"), subsets, route, extra, namespace)
        app.synth()

    def fill(self, chart, subsets=("v1",), route="v1", extra=0, namespace=True):
        def add(kind, name, api_version="v1", **fields):
            metadata = {"name": name, **({} if kind == "Namespace" else {"namespace": "shop"})}
            return ApiObject(chart, f"{kind}-{name}", api_version=api_version, kind=kind, metadata=metadata, **fields)

        server = {"port": {"number": 80, "name": "http", "protocol": "HTTP"}, "hosts": ["*"]}
        add("Gateway", "edge", ROUTING, spec={"selector": {"istio": "ingressgateway"}, "servers": [server]})
        add("Service", "web", spec={"selector": {"app": "web"}, "ports": [{"name": "http", "port": 80}]})
        parts = [{"name": name, "labels": {"version": name}} for name in subsets]
        add("DestinationRule", "web", ROUTING, spec={"host": "web", "subsets": parts})
        if route:
            destination = {"destination": {"host": "web", "subset": route}}
            spec = {"hosts": ["shop.example.com"], "gateways": ["edge"], "http": [{"route": [destination]}]}
            add("VirtualService", "web", ROUTING, spec=spec)
        if namespace:
            add("Namespace", "shop")
        for each in range(extra):
            add("ConfigMap", f"settings-{each}")

    def refused(self, **change):
        with pytest.raises(MeshwrightError) as caught:
            self.synth(**change)
        return str(caught.value).splitlines()

    def text(self):
        return (self.folder / "dist" / "shop.k8s.yaml").read_bytes()


@pytest.fixture
def repository(tmp_path):
    made = Repository(tmp_path)
    made.git("init", "--quiet")
    made.synth()
    made.commit()
    return made


def test_a_change_that_loses_requests_is_refused_and_the_folder_stays(repository):
    before = repository.text()
    told = repository.refused(subsets=("v1", "v2"), route="v2")
    assert told[0].startswith("shop/VirtualService-web (")
    assert "test_gate.py:" in told[0]
    assert "Make 2 commits" in told[1]
    assert repository.text() == before
    assert repository.git("status", "--porcelain") == ""


def test_the_same_change_in_two_commits_passes(repository):
    repository.synth(subsets=("v1", "v2"))
    repository.commit()
    repository.synth(subsets=("v1", "v2"), route="v2")
    repository.commit()
    repository.synth(subsets=("v2",), route="v2")


def test_what_was_committed_counts_and_not_what_was_written(repository):
    repository.synth(subsets=("v1", "v2"))
    repository.refused(subsets=("v1", "v2"), route="v2")


def test_a_change_may_be_accepted(repository, monkeypatch):
    monkeypatch.setenv("MESHWRIGHT_ALLOW_503", "1")
    repository.synth(subsets=("v1", "v2"), route="v2")
    monkeypatch.delenv("MESHWRIGHT_ALLOW_503")
    repository.synth(subsets=("v1", "v2"), route="v2")  # it is written already: nobody asks twice


def test_the_guard_may_only_warn_or_be_off(repository, capsys, monkeypatch):
    repository.synth(subsets=("v1", "v2"), route="v2", guard="warn")
    assert "warning: the change adds subset" in capsys.readouterr().err
    repository.synth()
    monkeypatch.setenv("MESHWRIGHT_GUARD", "off")
    repository.synth(subsets=("v1", "v2"), route="v2")
    assert capsys.readouterr().err == ""


def test_a_namespace_and_the_last_route_of_a_host_go_only_by_name(repository, monkeypatch):
    told = repository.refused(route="", namespace=False)
    assert told[0].startswith(f"HEAD:{repository.folder}/dist/shop.k8s.yaml:")
    assert "Namespace/shop would go" in told[0]
    assert "shop.example.com would go" in told[1]
    monkeypatch.setenv("MESHWRIGHT_ALLOW_PRUNE", "Namespace/shop,shop.example.com")
    repository.synth(route="", namespace=False)


def test_more_than_a_share_goes_only_if_that_is_said(repository, monkeypatch):
    repository.synth(extra=15)
    repository.commit()
    [told] = repository.refused(extra=9)
    assert "6 of 20 objects (30 %) would go" in told
    monkeypatch.setenv("MESHWRIGHT_ALLOW_PRUNE", "30%")
    repository.synth(extra=9)


def test_objects_that_other_files_of_the_folder_hold_count_too(repository):
    by_hand = repository.folder / "dist" / "by-hand.yaml"
    by_hand.write_text(
        "".join(f"---\n{{apiVersion: v1, kind: ConfigMap, metadata: {{name: m{i}}}}}\n" for i in range(20))
    )
    repository.synth(extra=8)
    repository.commit()
    repository.synth(extra=2)


def test_folders_of_environments_that_hold_the_same_objects_are_compared_one_by_one(tmp_path):
    repository = Repository(tmp_path)
    repository.git("init", "--quiet")

    def synth(*subsets, route):
        app = App(outdir=str(tmp_path / "dist"))
        for name in ("dev", "prod"):
            environment = Environment(name, namespace="shop", host_suffix="example.com")
            repository.fill(environment.chart(app, "shop"), subsets, route if name == "dev" else "v1")
        app.synth()

    synth("v1", route="v1")
    repository.commit()
    with pytest.raises(MeshwrightError) as caught:
        synth("v1", "v2", route="v2")
    told = str(caught.value).splitlines()
    assert len(told) == 2
    assert told[0].startswith("dev/shop/VirtualService-web (")


@pytest.mark.parametrize("committed", [False, True], ids=["a repository without a commit", "one without the folder"])
def test_the_first_synth_is_not_hindered_in(tmp_path, committed):
    repository = Repository(tmp_path)
    repository.git("init", "--quiet")
    if committed:
        (tmp_path / "README.md").write_text("text")
        repository.commit()
    repository.synth()
    repository.synth(subsets=("v1", "v2"), route="v2")


def test_nothing_is_asked_without_git(tmp_path):
    Repository(tmp_path).synth()
    Repository(tmp_path).synth(subsets=("v1", "v2"), route="v2")


def test_a_folder_of_a_repository_that_lies_below_its_root_is_compared_too(tmp_path):
    Repository(tmp_path).git("init", "--quiet")
    inner = tmp_path / "teams" / "shop"
    inner.mkdir(parents=True)
    repository = Repository(inner)
    repository.synth()
    repository.commit()
    repository.refused(subsets=("v1", "v2"), route="v2")


def test_a_commit_that_cannot_be_read_is_told_and_hinders_nobody(repository, capsys):
    (repository.folder / "dist" / "shop.k8s.yaml").write_text("apiVersion: [\nkind: metadata:")
    repository.commit()
    repository.synth()
    assert "could not be compared with the last commit" in capsys.readouterr().err


def test_what_changes_nothing_loads_nothing(repository):
    program = (
        "import sys; from meshwright.tree import App, Chart; app = App(outdir='elsewhere'); Chart(app, 'x');"
        "app.synth(); app.synth();"
        "print([name for name in ('subprocess', 'meshwright.changes', 're2') if name in sys.modules])"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], cwd=repository.folder.parent, capture_output=True, text=True, check=True
    )
    assert run.stdout.strip() == "[]"
