"""The quick way to lines finds what the exact reader finds, or declines."""

import json
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from meshwright.manifests.nodes import YamlProblem, read
from meshwright.manifests.outline import outline

TABLE = Path(__file__).resolve().parents[1] / "data" / "yaml" / "as_kubernetes_reads_it.jsonl"
TEXTS = [json.loads(line)["yaml"] for line in TABLE.read_text().splitlines()]
BLOCK = """\
---
# a comment
spec:
  hosts: [a, "b"]  # another
  http:
  - match:
    - uri: {prefix: /}
      name: "one: two"
    - name: three

    route:
      - destination:
          host: shop
  -
    name: last
  - - deep
    - deeper: 'x'
other: http://example.com/#anchor
empty:
"""


def paths(node, path=""):
    yield path
    for key, child in node.children.items():
        yield from paths(child, f"{path}[{key}]" if isinstance(key, int) else f"{path}.{key}".lstrip("."))


def different_lines(text):
    """Paths whose lines the two ways see differently; none where the quick one declines."""
    quick = outline(text, 1)
    if quick is None:
        return []
    try:
        documents = read(text, 1)
    except YamlProblem:
        return []
    root = documents[0].root if documents else None
    return [path for path in paths(root) if root.line_of(path) != quick.line_of(path)] if root and root.children else []


def test_speaks_of_plain_block_texts():
    assert outline(BLOCK, 1) is not None
    assert different_lines(BLOCK) == []


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a: |\n  b: c\n", id="a block of text"),
        pytest.param("a: 'b\n  c: d'\n", id="quotes over two lines"),
        pytest.param("a: [b,\n  c]\n", id="brackets over two lines"),
        pytest.param("a: b\n  c\n", id="a plain text over two lines"),
        pytest.param("a: &x b\n", id="an anchor"),
        pytest.param('"a": b\n', id="a quoted key"),
        pytest.param("? a\n: b\n", id="a marked key"),
        pytest.param("on: a\n", id="a key that is no string"),
        pytest.param("a: b: c\n", id="no YAML"),
        pytest.param("a b: c\n", id="a key with a space"),
        pytest.param("a:\n- b c: d\n", id="an item with a key with a space"),
        pytest.param("a: b\n...\n", id="an end mark"),
        pytest.param('{"a": 1}\n', id="JSON"),
    ],
)
def test_declines(text):
    assert outline(text, 1) is None


KEYS = st.sampled_from(["a", "b", "name", "spec", "x-y", "e.f/g", "on", "1"])
LEAVES = st.one_of(
    st.sampled_from(["x", "a b", "1s", "/a", "a: b", "yes", "#", "- a", "two\nlines", "", "é"]), st.integers(0, 9)
)
TREES = st.recursive(LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3))


@given(st.dictionaries(KEYS, TREES, min_size=1), st.sampled_from([2, 4]), st.booleans())
def test_finds_the_lines_of_what_a_program_wrote(tree, indent, tight):
    text = yaml.safe_dump(tree, indent=indent, width=20 if tight else 1000, default_flow_style=None if tight else False)
    assert different_lines(text) == []


@given(st.lists(st.sampled_from(TEXTS), min_size=1, max_size=3))
def test_finds_the_lines_of_odd_texts(texts):
    for text in ("\n".join(texts), "".join(f"k{place}:\n  - {text}\n" for place, text in enumerate(texts))):
        assert different_lines(text) == []


@given(st.text(alphabet="ab:- \n#'\"[]{}.,|>&*?1", max_size=40))
def test_never_fails_and_never_misleads(text):
    assert different_lines(text) == []
