"""Values are what Kubernetes reads: the table was recorded from sigs.k8s.io/yaml, by which kubectl reads manifests."""

import json
from pathlib import Path

import yaml
from hypothesis import given
from hypothesis import strategies as st

from meshwright.manifests import read_text
from meshwright.manifests.documents import read_chunks
from meshwright.manifests.nodes import YamlProblem, read

TABLE = Path(__file__).resolve().parents[1] / "data" / "yaml" / "as_kubernetes_reads_it.jsonl"
ROWS = [json.loads(line) for line in TABLE.read_text().splitlines()]


def as_kubernetes_holds_it(value):
    """Numbers beyond 64 bits become floats when Kubernetes reads the JSON."""
    if isinstance(value, dict):
        return {key: as_kubernetes_holds_it(each) for key, each in value.items()}
    if isinstance(value, list):
        return [as_kubernetes_holds_it(each) for each in value]
    if isinstance(value, int) and not isinstance(value, bool) and not -(2**63) <= value < 2**64:
        return float(value)
    return value


def exactly(value):
    """Tell 1 from True and 1.0."""
    return json.dumps(as_kubernetes_holds_it(value), sort_keys=True)


def test_the_table_is_long():
    assert len(ROWS) > 500


def test_every_text_reads_as_kubernetes_reads_it():
    different = []
    for row in ROWS:
        chunks = list(read_chunks(row["yaml"]))
        ours = [value for chunk in chunks for value in chunk.documents] or [None]
        if row.get("refused"):
            if not any(chunk.unreadable for chunk in chunks):
                different.append((row["yaml"], "refused", ours))
        elif any(chunk.unreadable for chunk in chunks) or exactly(ours[0]) != exactly(json.loads(row["json"])):
            different.append((row["yaml"], row["json"], ours))
    assert different == []


def test_the_exact_reader_alone_reads_the_same():
    different = []
    for row in ROWS:
        try:
            documents = read(row["yaml"], 1)
            ours = documents[0].root.value if documents and documents[0].root else None
            expected = None if row.get("refused") else exactly(json.loads(row["json"]))
            if expected != exactly(ours):
                different.append((row["yaml"], expected, ours))
        except YamlProblem:
            if not row.get("refused"):
                different.append((row["yaml"], row["json"], "refused"))
    assert different == []


SCALARS = st.one_of(
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12),
    st.integers(-(2**63), 2**63 - 1),
    st.booleans(),
    st.none(),
    st.sampled_from(
        ["yes", "on", "010", "1e3", "2001-01-01", "~", "0x1F", "1_000", "=", "<<", "*a", "&a", "!a", "- a"]
    ),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text("abcxyz-./", min_size=1), inner, max_size=4),
    max_leaves=12,
)


@given(VALUES)
def test_reads_back_what_was_written_as_json(value):
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "spec": value}
    (resource,) = read_text(json.dumps(body))
    assert exactly(resource.body) == exactly(body)


@given(VALUES)
def test_reads_back_what_was_written_as_yaml(value):
    body = {"apiVersion": "v1", "kind": "ConfigMap", "metadata": {"name": "a"}, "spec": value}
    (resource,) = read_text(yaml.safe_dump(body, default_style='"', allow_unicode=True))
    assert exactly(resource.body) == exactly(body)


@given(st.lists(st.sampled_from(ROWS), min_size=1, max_size=4))
def test_both_readers_agree_wherever_the_fast_one_is_trusted(rows):
    readable = [
        row for row in rows if not row.get("refused") and "\n" not in row["yaml"] and row["yaml"].startswith("a: ")
    ]
    text = "".join(f"- {row['yaml'].removeprefix('a: ')}\n" for row in readable if row["yaml"][3:4] not in "|>")
    chunks = list(read_chunks(text))
    if not any(chunk.unreadable for chunk in chunks):
        exact = [document.root.value if document.root else None for document in read(text, 1)] or [None]
        assert exactly(list(chunks[0].documents)) == exactly(exact)
