"""Each object and field knows its line."""

import io

import pytest

from meshwright.manifests import read_stream, read_text

ROUTES = """\
# rendered
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata:
  name: shop
  annotations:
    example.com/owner: me
spec:
  hosts: [shop, "*.shop"]
  http:
  - match:
    - uri:
        prefix: /cart
    route:
    - destination: {host: cart}
  -
    route:
    - destination:
        host: shop
"""
SECOND = f"{ROUTES}---\n{ROUTES.replace('name: shop', 'name: again')}"
LIST = """\
apiVersion: v1
kind: List
items:
- apiVersion: v1
  kind: Service
  metadata: {name: one}
- apiVersion: v1
  kind: Service
  metadata:
    name: two
"""


@pytest.mark.parametrize(
    ("field", "line"),
    [
        pytest.param("", 2, id="an object begins at its first key"),
        pytest.param("spec.http", 10, id="a field"),
        pytest.param("spec.http[0].match[0]", 12, id="an item of a list"),
        pytest.param("spec.http[0].match[0].uri.prefix", 13, id="a deep field"),
        pytest.param("spec.http[0].route[0].destination.host", 15, id="a field in braces"),
        pytest.param("spec.http[1]", 17, id="an item on the line after its dash"),
        pytest.param("spec.hosts[1]", 9, id="an item in brackets"),
        pytest.param("spec.http[1].timeout", 17, id="a field that is not written stands at its parent"),
        pytest.param("spec.http[7].match", 10, id="an item that is not written stands at its list"),
        pytest.param("metadata.annotations.example.com/owner", 7, id="a key with dots"),
        pytest.param("status", 2, id="a missing part stands at the object"),
    ],
)
def test_finds_the_line_of(field, line):
    (resource,) = read_text(ROUTES)
    assert resource.place.line_of(field) == line


def test_counts_from_the_top_of_the_file():
    first, second = read_text(SECOND, file="a.yaml")
    assert second.place.file == "a.yaml"
    assert second.place.line_of("") == 22
    assert second.place.line_of("spec.http[0].match[0]") - first.place.line_of("spec.http[0].match[0]") == 20


def test_finds_lines_inside_lists():
    one, two = read_text(LIST)
    assert (one.place.line_of(""), one.place.line_of("metadata.name")) == (4, 6)
    assert (two.place.line_of("kind"), two.place.line_of("metadata.name")) == (8, 10)


def test_finds_lines_in_json():
    text = '{\n "apiVersion": "v1",\n "kind": "Service",\n "metadata": {\n  "name": "a"\n }\n}\n'
    (resource,) = read_text(text)
    assert resource.place.line_of("metadata.name") == 5


def test_finds_lines_in_one_json_object_after_the_other():
    text = '\n{"apiVersion": "v1", "kind": "Service", "metadata": {\n"name": "a"}}'
    first, second = read_text(text + text.replace('"a"', '"b"'))
    assert [each.place.line_of("metadata.name") for each in (first, second)] == [3, 5]


def test_falls_back_to_the_document_where_json_is_no_yaml():
    text = "---\n" + '{"apiVersion": "v1", "kind": "Service", "metadata": {"name": "\\ud83d\\ude00"}}'
    (resource,) = read_text(text)
    assert resource.name == "😀"
    assert resource.place.line_of("metadata.name") in (1, 2)


def test_keeps_the_text_of_a_stream():
    (resource,) = read_stream(io.BytesIO(ROUTES.encode()))
    assert (resource.place.file, resource.place.line_of("spec.http[1]")) == ("<stdin>", 17)


def test_fields_taken_over_by_a_merge_stand_where_they_were_written():
    text = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\nbase: &x\n  b: 1\nmore:\n  <<: *x\n  c: 2\n"
    (resource,) = read_text(text)
    assert resource.body["more"] == {"b": 1, "c": 2}
    assert resource.place.line_of("more.b") == 5
    assert resource.place.line_of("more.c") == 8


def test_an_origin_carries_file_and_line():
    (resource,) = read_text(ROUTES, file="dist/a.yaml", default_namespace="store")
    origin = resource.origin("spec.http[1]")
    assert (origin.resource, origin.place.file, origin.place.line_of(origin.field)) == (
        "VirtualService store/shop",
        "dist/a.yaml",
        17,
    )
