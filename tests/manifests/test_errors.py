"""What cannot be read says where, what is wrong and what to do."""

import io
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from meshwright.errors import Errors, InputError, MeshwrightError
from meshwright.manifests import read, read_file, read_folder, read_stream, read_text
from meshwright.manifests.text import MAX_BYTES
from tests.manifests.objects import service, virtual_service

BOMB = "a: &a [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join(['*' + before] * 10)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "line", "wrong"),
    [
        pytest.param(
            virtual_service("uri: {prefix: /, prefix: /guestbook}"),
            8,
            'key "prefix" stands twice in one mapping, so its value "/" before it on this line is lost',
            id="a key twice on one line says what is lost",
        ),
        pytest.param(
            service() + "spec:\n  ports: []\n",
            8,
            'key "spec" stands twice in one mapping, so its value {"ports": [{"port": 80}]} of line 5 is lost',
            id="a key twice in a block says what is lost and where it stood",
        ),
        pytest.param(
            '{"apiVersion": "v1", "kind": "Service",\n "kind": "Pod", "metadata": {"name": "a"}}',
            2,
            'key "kind" stands twice in one mapping, so its value "Service" of line 1 is lost',
            id="a key twice in JSON",
        ),
        pytest.param(
            service() + "---\n" + service("other") + "data: {1: a, '1': b}\n",
            16,
            'key "1" stands twice',
            id="two keys that Kubernetes reads as one",
        ),
        pytest.param(
            "apiVersion: v1\nkind: Service\nmetadata:\n\tname: a\n", 4, "a tab in the indentation", id="a tab"
        ),
        pytest.param(
            service() + "spec: {{ .Values.spec }}\n", 8, "this looks like a template", id="a template as a value"
        ),
        pytest.param("{{- if .Values.on }}\n" + service(), 1, "this looks like a template", id="a template as a block"),
        pytest.param(service() + "status: [1, 2\n", 8, "no YAML at 'status: [1, 2'", id="a bracket that stays open"),
        pytest.param(service() + "a: *nowhere\n", 8, "alias *nowhere without an anchor", id="an alias of nothing"),
        pytest.param(
            service() + "hosts:\n- *.example.com\n", 9, "*.example.com begins with *", id="a bare wildcard host"
        ),
        pytest.param(service() + "a: &b [*b]\n", 8, "alias *b stands inside its own anchor", id="an endless alias"),
        pytest.param(service() + BOMB, None, "aliases that expand to more than", id="an anchor bomb"),
        pytest.param(service() + "a: " + "[" * 300 + "]" * 300, 8, "nested deeper than 200 levels", id="deep nesting"),
        pytest.param(service() + "a: " + "{a: " * 5000 + "}" * 5000, 8, "nested deeper", id="very deep nesting"),
        pytest.param(service() + "a: .nan\n", 8, "'.nan' is a number that JSON", id="a number JSON has no word for"),
        pytest.param('{"apiVersion": "v1",\n"a": NaN}', 1, "no Kubernetes object", id="a JSON object with a bare word"),
        pytest.param(service() + "? [a]\n: b\n", 8, "a key that is itself a mapping or a list", id="a list as key"),
        pytest.param(service() + "a: {<<: 1}\n", 8, "<< with something that is no mapping", id="a merge of no mapping"),
        pytest.param(service() + "a: !!int abc\n", 8, "'abc' is no int", id="a tag that lies"),
        pytest.param("kind: Service\nmetadata: {name: a}\n", 1, "apiVersion missing", id="no apiVersion"),
        pytest.param("- a\n- b\n", 1, "a list instead of a Kubernetes object", id="a list"),
        pytest.param("just text\n", 1, "a text instead of a Kubernetes object", id="prose"),
        pytest.param("apiVersion: v1\nkind: Service\n", 1, "Service without metadata", id="no metadata"),
        pytest.param("apiVersion: v1\nkind: Service\nmetadata: {}\n", 3, "Service without a name", id="no name"),
        pytest.param(
            "apiVersion: v1\nkind: Service\nmetadata:\n  name: 2024\n",
            4,
            "is 2024, which is no text",
            id="a number as name",
        ),
        pytest.param(
            service(namespace="no"),
            5,
            "the namespace of Service shop is False",
            id="a namespace that YAML reads as false",
        ),
        pytest.param(
            "apiVersion: v1\nkind: List\nitems:\n- " + "kind: Service\n",
            4,
            "item 0 of List",
            id="an item that is no object",
        ),
        pytest.param(
            "apiVersion: v1\nkind: List\nitems: 3\n", 3, "items of List is no list", id="items that are no list"
        ),
    ],
)
def test_tells_what_is_wrong_and_where(text, line, wrong):
    with pytest.raises(InputError) as caught:
        read_text(text, file="dist/a.yaml")
    assert wrong in caught.value.wrong
    assert caught.value.where.startswith("dist/a.yaml:")
    if line is not None:
        assert caught.value.where == f"dist/a.yaml:{line}"
    assert caught.value.remedy


def test_names_both_places_of_an_object_that_is_there_twice(tmp_path):
    (tmp_path / "a.yaml").write_text(service())
    (tmp_path / "b.yaml").write_text("# again\n" + service())
    with pytest.raises(InputError) as caught:
        read_folder(tmp_path)
    assert caught.value.where == f"{tmp_path}/b.yaml:2"
    assert f"Service default/shop is already defined at {tmp_path}/a.yaml:1" in caught.value.wrong


def test_one_name_in_two_namespaces_or_kinds_is_no_duplicate():
    text = service() + "---\n" + service(namespace="other") + "---\n" + service().replace("Service", "ConfigMap")
    assert len(read_text(text)) == 3


def test_two_versions_of_one_kind_are_the_same_object():
    text = virtual_service("uri: {prefix: /}")
    with pytest.raises(InputError, match="already defined"):
        read_text(text + "---\n" + text.replace("istio.io/v1", "istio.io/v1beta1"))


def test_collects_the_problems_of_all_files(tmp_path):
    (tmp_path / "a.yaml").write_text("apiVersion: v1\nkind: Service\nmetadata:\n\tname: a\n")
    (tmp_path / "b.yaml").write_bytes(b"apiVersion: v1\nkind: Caf\xe9\n")
    (tmp_path / "c.yaml").write_text(service())
    with pytest.raises(Errors) as caught:
        read_folder(tmp_path)
    assert [error.where for error in caught.value.errors] == [f"{tmp_path}/a.yaml:4", f"{tmp_path}/b.yaml:2"]
    assert str(caught.value).count("\n") == 1


@pytest.mark.parametrize(
    ("data", "line", "wrong"),
    [
        pytest.param(b"a: b\nc: caf\xe9\n", 2, "byte 0xe9 is not UTF-8", id="Latin-1"),
        pytest.param(b"\x7fELF\x02\x01\x01\x00\x00", 1, "byte 0x02 at offset 4: this is no text", id="a program"),
        pytest.param("a: b\n".encode("utf-16-le"), 1, "byte 0x00", id="UTF-16 without a mark"),
        pytest.param(b"\xff\xfea", 1, "is not UTF-16", id="half a character of UTF-16"),
        pytest.param(b"a: b\n\x1b[31m", 2, "byte 0x1b", id="colours of a terminal"),
    ],
)
def test_tells_bytes_from_text(tmp_path, data, line, wrong):
    (tmp_path / "a.yaml").write_bytes(data)
    with pytest.raises(InputError) as caught:
        read_file(tmp_path / "a.yaml")
    assert caught.value.where == f"{tmp_path}/a.yaml:{line}"
    assert wrong in caught.value.wrong


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_reads_text_with_a_byte_order_mark(tmp_path, encoding):
    (tmp_path / "a.yaml").write_bytes(service("größe").encode(encoding))
    assert [resource.name for resource in read_file(tmp_path / "a.yaml")] == ["größe"]


def test_refuses_a_huge_file_without_reading_it(tmp_path):
    with (tmp_path / "huge.yaml").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    with pytest.raises(InputError, match="MiB of manifests"):
        read_folder(tmp_path)


def test_refuses_an_endless_stream():
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            assert 0 < size <= MAX_BYTES + 1
            return b"a" * size

    with pytest.raises(InputError, match="more than 64 MiB"):
        read_stream(Endless())


def test_a_stream_without_objects_is_an_error():
    with pytest.raises(InputError, match="no Kubernetes object came in"):
        read_stream(io.BytesIO(b"\n---\n# nothing\n"))


@pytest.mark.parametrize("make", [os.mkdir, lambda path: None], ids=["an empty folder", "no folder"])
def test_a_folder_without_objects_is_an_error(tmp_path, make):
    make(tmp_path / "empty")
    with pytest.raises(InputError, match=r"no Kubernetes object|no such folder"):
        read_folder(tmp_path / "empty")


def test_links_in_a_circle_are_an_error(tmp_path):
    (tmp_path / "a.yaml").symlink_to(tmp_path / "b.yaml")
    (tmp_path / "b.yaml").symlink_to(tmp_path / "a.yaml")
    with pytest.raises(Errors, match="cannot be read"):
        read_folder(tmp_path)


def test_a_link_to_nothing_is_an_error(tmp_path):
    (tmp_path / "a.yaml").symlink_to(tmp_path / "gone.yaml")
    with pytest.raises(InputError, match="cannot be read: No such file"):
        read_folder(tmp_path)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_an_error(tmp_path):
    (tmp_path / "a.yaml").write_text(service())
    (tmp_path / "a.yaml").chmod(0)
    with pytest.raises(InputError, match="cannot be read: Permission denied"):
        read_folder(tmp_path)


def test_a_chart_has_to_be_rendered_first(tmp_path):
    (tmp_path / "chart" / "templates").mkdir(parents=True)
    (tmp_path / "chart" / "Chart.yaml").write_text("apiVersion: v2\nname: chart\n")
    (tmp_path / "chart" / "templates" / "service.yaml").write_text(service("{{ .Release.Name }}"))
    with pytest.raises(InputError, match=r"a Helm chart.*helm template .*/chart \| meshwright"):
        read_folder(tmp_path)


def test_names_a_source_that_is_nothing():
    with pytest.raises(InputError, match="no-such-place: no such folder or file"):
        read("no-such-place")


PIECES = [
    "\t",
    "{",
    "[",
    "&a ",
    "*a",
    "<<: ",
    "!x ",
    "- ",
    ": ",
    "\n",
    "'",
    '"',
    "|",
    "\x00",
    "\u2028",
    "{{",
    "%",
    "---\n",
]


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from(PIECES)), max_size=4))
def test_spoilt_manifests_are_read_or_refused(spoilt):
    text = virtual_service("uri: {prefix: /}") + "---\n" + service("other")
    for place, piece in spoilt:
        text = text[:place] + piece + text[place:]
    try:
        for resource in read_text(text):
            assert 0 < resource.place.line_of("metadata.name") <= text.count("\n") + 1
    except MeshwrightError as error:
        assert str(error).startswith("<stdin>")
