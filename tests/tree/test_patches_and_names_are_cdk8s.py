"""JSON patches and names are those of the real cdk8s."""

import json
from typing import Any

import pytest
from hypothesis import strategies as st

from meshwright import tree
from meshwright.errors import MeshwrightError
from meshwright.tree.yaml_text import document
from tests.tree.reference import ask_cdk8s
from tests.tree.strategies import collected, ids
from tests.tree.test_trees_are_cdk8s import patch

plain = st.recursive(
    st.sampled_from(["x", "", None, 0, 1, True, 1.5]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4), st.dictionaries(st.sampled_from(["a", "b", "1", "a/b", "~"]), inner, max_size=4)
    ),
    max_leaves=8,
)
documents = st.fixed_dictionaries({"a": plain, "b": plain, "list": st.lists(plain, max_size=3)})
paths = st.one_of(
    st.sampled_from(["", "/a", "/b", "/list", "/list/0", "/list/1", "/list/-", "/a/b", "/a/a~1b/0", "/new", "/b/~0"]),
    st.lists(st.sampled_from(["a", "b", "list", "0", "1", "-"]), min_size=1, max_size=4).map(
        lambda s: "/" + "/".join(s)
    ),
)
operations = st.one_of(
    st.fixed_dictionaries({"op": st.sampled_from(["add", "replace", "test"]), "path": paths, "value": plain}),
    st.fixed_dictionaries({"op": st.just("remove"), "path": paths}),
    st.fixed_dictionaries({"op": st.sampled_from(["copy", "move"]), "path": paths, "from": paths}),
)


def reaches_into_nothing(problem: str) -> bool:
    """JavaScript sets fields of a text or a number without a word; here that is an error."""
    return "a JSON patch cannot" in problem


@pytest.mark.jsii
def test_random_patches_change_a_document_as_cdk8s_changes_it() -> None:
    cases = collected(st.fixed_dictionaries({"document": documents, "patches": st.lists(operations, max_size=3)}), 500)
    compared = 0
    for case, theirs in zip(cases, ask_cdk8s([{"ask": "patched", **case} for case in cases]), strict=True):
        mine: dict[str, Any]
        try:
            mine = {"answer": document(tree.JsonPatch.apply(case["document"], *map(patch, case["patches"])), False)}
        except ValueError as problem:
            mine = {"error": str(problem)}
        if "error" in mine and ("error" in theirs or reaches_into_nothing(mine["error"])):
            continue
        if theirs.get("answer") == "\n":  # nothing at all, which JavaScript tells from null
            theirs = {"answer": "null\n"}
        compared += 1
        assert mine == theirs, json.dumps(case)
    assert compared > 100


@pytest.mark.jsii
def test_random_paths_get_the_names_that_cdk8s_gives() -> None:
    options = st.fixed_dictionaries(
        {},
        optional={
            "delimiter": st.sampled_from(["-", "_", "", ".", "ab", "$"]),
            "maxLen": st.sampled_from([1, 7, 8, 10, 20, 63, 300]),
            "includeHash": st.booleans(),
            "extra": st.lists(st.sampled_from(["x", "default", "a/b", "Ünï"]), max_size=2),
        },
    )
    cases = collected(
        st.fixed_dictionaries(
            {
                "ask": st.just("named"),
                "ids": st.lists(st.one_of(ids, st.sampled_from(["_a", "a.", "-", "A\nB", "İK"])), max_size=4),
                "method": st.sampled_from(["toDnsLabel", "toLabelValue"]),
                "options": options,
            }
        ),
        500,
    )
    for case, theirs in zip(cases, ask_cdk8s(cases), strict=True):
        construct: tree.Construct = tree.App()
        for id in case["ids"]:
            construct = tree.Construct(construct, id)
        name = tree.Names.to_dns_label if case["method"] == "toDnsLabel" else tree.Names.to_label_value
        given = case["options"]
        try:
            mine = name(
                construct,
                delimiter=given.get("delimiter"),
                extra=given.get("extra"),
                include_hash=given.get("includeHash"),
                max_len=given.get("maxLen"),
            )
        except MeshwrightError:
            assert "error" in theirs, case
        else:
            assert theirs == {"answer": mine}, case
