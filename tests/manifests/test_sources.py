"""Where manifests come from, and which files of a folder are manifests."""

import io
import subprocess

import pytest

from meshwright.errors import InputError
from meshwright.manifests import read, read_folder, read_revision, read_stream, read_text
from tests.manifests.objects import service

JSON = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "one"}}'


def names(resources):
    return [resource.name for resource in resources]


def files(folder, contents):
    for path, text in contents.items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        (folder / path).write_text(text)


def test_reads_yaml_and_json_below_a_folder_sorted_by_path(tmp_path):
    json = '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "three"}}'
    files(tmp_path, {"b/two.yml": service("two"), "a.yaml": service("one"), "c.json": json, "d.txt": service("no")})
    assert names(read_folder(tmp_path)) == ["one", "two", "three"]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        pytest.param("values.yaml", "replicas: 2\nimage: {tag: 010}\n", id="Helm values"),
        pytest.param("values.yaml", "a: 1\na: 2\n", id="values with a key twice"),
        pytest.param("Chart.yaml", "apiVersion: v2\nname: chart\n", id="a chart's description"),
        pytest.param("package.json", '{"name": "a", "private": true}', id="JSON of another tool"),
        pytest.param("requests.json", "[]", id="a list"),
        pytest.param("empty.yaml", "", id="an empty file"),
        pytest.param("comments.yaml", "# nothing\n---\n", id="only comments"),
        pytest.param(".hidden/a.yaml", service("hidden"), id="a hidden folder"),
        pytest.param("README.md", service("no"), id="another kind of file"),
        pytest.param(
            "kustomization.yaml",
            "apiVersion: kustomize.config.k8s.io/v1beta1\nkind: Kustomization\nresources: [a.yaml]\n",
            id="Kustomize's own file",
        ),
        pytest.param("skaffold.yaml", "apiVersion: skaffold/v4beta13\nkind: Config\n", id="another tool's own file"),
    ],
)
def test_passes_over(tmp_path, path, text):
    files(tmp_path, {"app.yaml": service(), path: text})
    assert names(read_folder(tmp_path)) == ["shop"]


def test_a_document_that_is_no_object_beside_objects_is_an_error(tmp_path):
    files(tmp_path, {"app.yaml": service() + "---\nreplicas: 2\n"})
    with pytest.raises(InputError, match=r"app.yaml:9: no Kubernetes object: apiVersion and kind missing"):
        read_folder(tmp_path)


def test_a_file_that_looks_like_a_manifest_must_be_one(tmp_path):
    files(tmp_path, {"app.yaml": service(), "b.yaml": "spec:\n  apiVersion: v1\n  kind: Service\n  metadata: {}\n"})
    with pytest.raises(InputError, match=r"b.yaml:1: no Kubernetes object"):
        read_folder(tmp_path)


def test_follows_links_to_files_but_not_to_folders(tmp_path):
    files(tmp_path, {"dist/a.yaml": service("one"), "else/b.yaml": service("two"), "else/c.yaml": service("three")})
    (tmp_path / "dist" / "b.yaml").symlink_to(tmp_path / "else" / "b.yaml")
    (tmp_path / "dist" / "else").symlink_to(tmp_path / "else")
    (tmp_path / "dist" / "loop").symlink_to(tmp_path / "dist")
    assert names(read_folder(tmp_path / "dist")) == ["one", "two"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(service("a") + "---\n" + service("b"), ["a", "b"], id="two documents"),
        pytest.param("---\n---\n" + service("a") + "---\n", ["a"], id="empty documents"),
        pytest.param(
            "--- # first\n" + service("a") + "--- # second\n" + service("b"), ["a", "b"], id="comments at the separator"
        ),
        pytest.param(service("a").replace("\n", "\r\n") + "---\r\n" + service("b"), ["a", "b"], id="lines of Windows"),
        pytest.param("%YAML 1.1\n---\n" + service("a"), ["a"], id="a directive"),
        pytest.param("apiVersion: v1\nkind: List\nitems: []\n", [], id="an empty List"),
        pytest.param(JSON + "\n" + JSON.replace("one", "two"), ["one", "two"], id="one JSON object after the other"),
        pytest.param("---\n" + JSON + "\n---\n" + service("b"), ["one", "b"], id="JSON among YAML"),
        pytest.param("{apiVersion: v1, kind: Service, metadata: {name: a}}", ["a"], id="YAML in braces"),
        pytest.param("apiVersion: v1\nkind: ConfigMapList\nitems: null\n", [], id="a List of nothing"),
        pytest.param(
            "apiVersion: v1\nkind: ServiceList\nitems:\n- metadata: {name: a}\n- metadata: {name: b}\n",
            ["a", "b"],
            id="items of a typed List need no kind",
        ),
        pytest.param(
            "apiVersion: v1\nkind: List\nitems:\n- apiVersion: v1\n  kind: List\n  items:\n"
            "  - {apiVersion: v1, kind: Service, metadata: {name: a}}\n",
            ["a"],
            id="a List in a List",
        ),
        pytest.param(
            "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-}\n---\n"
            "apiVersion: batch/v1\nkind: Job\nmetadata: {generateName: run-}\n",
            ["run-", "run-"],
            id="generated names may come twice",
        ),
    ],
)
def test_takes_apart(text, expected):
    assert names(read_text(text)) == expected


def test_items_of_a_typed_list_take_its_kind():
    (resource,) = read_text("apiVersion: apps/v1\nkind: DeploymentList\nitems:\n- metadata: {name: a}\n")
    assert (resource.kind, resource.api_version, resource.body["kind"]) == ("Deployment", "apps/v1", "Deployment")


@pytest.mark.parametrize(
    ("text", "namespace"),
    [
        pytest.param(service(namespace="store"), "store", id="the one that is written"),
        pytest.param(service(), "team", id="else the one asked for"),
        pytest.param(service(namespace='""'), "team", id="an empty one counts as none"),
        pytest.param("apiVersion: v1\nkind: Namespace\nmetadata: {name: a}\n", "", id="none for a Namespace"),
        pytest.param(
            "apiVersion: rbac.authorization.k8s.io/v1\nkind: ClusterRole\nmetadata: {name: a, namespace: b}\n",
            "",
            id="none for a kind of the whole cluster, even if written",
        ),
        pytest.param(
            "apiVersion: example.com/v1\nkind: Namespace\nmetadata: {name: a}\n", "team", id="the group counts"
        ),
    ],
)
def test_the_namespace_is(text, namespace):
    (resource,) = read_text(text, default_namespace="team")
    assert resource.namespace == namespace


def test_learns_the_scope_of_kinds_from_their_definitions():
    definition = (
        "apiVersion: apiextensions.k8s.io/v1\nkind: CustomResourceDefinition\nmetadata: {name: shops.example.com}\n"
        "spec: {group: example.com, names: {kind: Shop}, scope: Cluster}\n"
    )
    shop, _ = read_text("apiVersion: example.com/v1\nkind: Shop\nmetadata: {name: a}\n---\n" + definition)
    assert shop.namespace == ""


def test_reads_a_stream():
    assert names(read_stream(io.BytesIO(service().encode()))) == ["shop"]


def test_one_word_names_every_source(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    files(tmp_path, {"dist/a.yaml": service("folder"), "a:b.yaml": service("colon")})
    assert names(read("dist")) == ["folder"]
    assert names(read("dist/a.yaml")) == ["folder"]
    assert names(read("a:b.yaml")) == ["colon"]


class Stdin:
    buffer = io.BytesIO(service("piped").encode())


def test_a_dash_is_standard_input(monkeypatch):
    monkeypatch.setattr("sys.stdin", Stdin)
    assert names(read("-")) == ["piped"]


@pytest.fixture
def repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable, raising=False)
    files(
        tmp_path,
        {
            "dist/a.yaml": service("one"),
            "dist/sub/b.yaml": service("two"),
            "dist/values.yaml": "a: 1\n",
            "dist/.github/c.yaml": service("hidden"),
            "charts/x/Chart.yaml": "name: x\n",
            "charts/x/templates/a.yaml": "{{ x }}\n",
        },
    )
    (tmp_path / "dist" / "link.yaml").symlink_to("../dist/linked.txt")
    files(tmp_path, {"dist/linked.txt": service("linked")})
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    for arguments in (["init", "-q", "-b", "main"], ["add", "-A"], ["commit", "-q", "-m", "first"], ["tag", "v1"]):
        subprocess.run([*git, *arguments], check=True)
    files(tmp_path, {"dist/a.yaml": service("changed")})
    return tmp_path


def test_reads_a_folder_of_a_revision_and_not_what_changed_since(repository):
    resources = read_revision("main:dist")
    assert names(resources) == ["one", "linked", "two"]
    assert resources[0].place.file == "main:dist/a.yaml"
    assert resources[0].place.line_of("spec.ports") == 6


@pytest.mark.parametrize("source", ["v1:dist/a.yaml", "HEAD:dist/a.yaml", "main:./dist/a.yaml"])
def test_reads_a_file_of_a_revision(repository, source):
    assert names(read(source)) == ["one"]


def test_a_revision_is_read_as_it_is_stored(repository):
    files(repository, {".gitattributes": "dist export-ignore\n*.yaml eol=crlf\n"})
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run([*git, "add", ".gitattributes"], check=True)
    subprocess.run([*git, "commit", "-q", "-m", "attributes"], check=True)
    resources = read_revision("main:dist")
    assert names(resources) == ["one", "linked", "two"]
    assert "\r" not in resources[0].place.text.content


def test_a_revision_counts_paths_from_the_current_folder(repository, monkeypatch):
    monkeypatch.chdir(repository / "dist")
    assert names(read_revision("main:sub")) == ["two"]
    assert names(read_revision("main:")) == ["one", "linked", "two"]


@pytest.mark.parametrize(
    ("source", "wrong"),
    [
        pytest.param("nowhere:dist", "no git revision 'nowhere' here", id="no such revision"),
        pytest.param("main:gone", "no 'gone' in revision 'main'", id="no such path"),
        pytest.param("main:../..", "lies outside the repository", id="a path that leads out"),
        pytest.param("--help:dist", "is no git revision", id="an option instead of a revision"),
        pytest.param(":dist", "is no git revision", id="no revision"),
        pytest.param("main:charts", "a Helm chart", id="a chart"),
        pytest.param("main:dist/values.yaml", "no Kubernetes object", id="a file without objects"),
    ],
)
def test_an_unusable_revision_is_an_error(repository, source, wrong):
    with pytest.raises(InputError, match=r".+") as caught:
        read_revision(source)
    assert wrong in caught.value.wrong


def test_a_link_out_of_a_revision_is_an_error(repository):
    (repository / "dist" / "out.yaml").symlink_to("/etc/hostname")
    subprocess.run(["git", "add", "-A"], check=True)
    tree = subprocess.run(["git", "write-tree"], check=True, capture_output=True, text=True).stdout.strip()
    commit = ["git", "-c", "user.name=t", "-c", "user.email=t@example.com", "commit-tree", "-m", "out", tree]
    made = subprocess.run(commit, check=True, capture_output=True, text=True).stdout.strip()
    with pytest.raises(InputError, match=r"dist/out.yaml: a symbolic link to nothing in this revision"):
        read_revision(f"{made}:dist")


def test_says_when_there_is_no_repository(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    with pytest.raises(InputError, match="no git repository here"):
        read("main:dist")


def test_says_when_there_is_no_git(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="the program git is not installed"):
        read("main:dist")
