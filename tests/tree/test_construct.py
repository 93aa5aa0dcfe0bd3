"""Constructs and their nodes, with the meaning of the package constructs."""

import itertools
from typing import Any

import pytest

from meshwright import tree
from meshwright.errors import ConfigurationError, Errors


def chart() -> tree.Chart:
    return tree.Chart(tree.App(), "shop")


def test_a_path_is_the_ids_from_below_the_root() -> None:
    top = chart()
    inner = tree.Construct(tree.Construct(top, "a/b\nc"), "x")
    assert inner.node.path == "shop/a--b--c/x"
    assert [one.node.id for one in inner.node.scopes] == ["", "shop", "a--b--c", "x"]
    assert inner.node.root is top.node.scope
    assert str(inner) == inner.to_string() == "shop/a--b--c/x"
    assert str(tree.App()) == "<root>"


def test_children_that_are_numbers_come_first_by_size() -> None:
    top = chart()
    for id in ("b", "10", "9", "01", "a", "4294967295"):
        tree.Construct(top, id)
    assert [one.node.id for one in top.node.children] == ["9", "10", "b", "01", "a", "4294967295"]


def test_all_constructs_are_found_parents_or_children_first() -> None:
    top = chart()
    tree.Construct(tree.Construct(top, "a"), "b")
    tree.Construct(top, "c")
    assert [one.node.id for one in top.node.find_all()] == ["shop", "a", "b", "c"]
    order = tree.ConstructOrder.POSTORDER
    assert [one.node.id for one in top.node.find_all(order)] == ["b", "a", "c", "shop"]


@pytest.mark.parametrize(
    ("break_it", "told"),
    [
        pytest.param(lambda top: tree.Construct(top, ""), "the id is empty", id="an id is needed"),
        pytest.param(
            lambda top: [tree.Construct(top, "a"), tree.Construct(top, "a")],
            r"shop/a \(.*test_construct.py:\d+\): there is already a Construct with name 'a' in Chart \[shop\]",
            id="siblings have ids of their own",
        ),
        pytest.param(
            lambda top: [top.node.scope.node.lock(), tree.Construct(top, "a")],
            'cannot add children to "shop" during synthesis',
            id="a locked tree takes no more",
        ),
        pytest.param(lambda top: top.node.find_child("a"), "no child with id: 'a'", id="a child must be there"),
        pytest.param(lambda top: top.node.get_context("a"), "no context value present for a", id="so must context"),
        pytest.param(
            lambda top: [tree.Construct(top, "a"), top.node.set_context("k", 1)],
            "cannot set context after children have been added: a",
            id="context comes before children",
        ),
        pytest.param(
            lambda top: [tree.Construct(top, "Default"), tree.Construct(top, "Resource"), top.node.default_child],
            'both a child "Resource" and a child "Default"',
            id="there is one default child",
        ),
        pytest.param(lambda top: tree.ApiObject.of(top), "cannot find a", id="of finds an object"),
        pytest.param(
            lambda top: tree.ApiObject(top.node.scope, "x", api_version="v1", kind="X"),
            "cannot find a parent chart",
            id="an object stands in a chart",
        ),
        pytest.param(
            lambda top: tree.ApiObject(top, "x", api_version="a/b/c", kind="X"),
            "invalid apiVersion a/b/c",
            id="an api version has one slash",
        ),
        pytest.param(
            lambda top: tree.ApiObject(top, "x", api_version="v1", kind="X", metadata={"label": {}}),
            "metadata has no field 'label'",
            id="metadata has the fields of the API",
        ),
    ],
)
def test_misuse_is_told_with_the_place(break_it: Any, told: str) -> None:
    with pytest.raises(ConfigurationError, match=told):
        break_it(chart())


def test_children_can_be_found_and_removed() -> None:
    top = chart()
    child = tree.Construct(top, "a/b")
    assert top.node.find_child("a/b") is top.node.try_find_child("a--b") is child
    assert top.node.try_remove_child("a--b")
    assert not top.node.try_remove_child("a--b")
    assert tree.Construct(top, "a/b") is not child


def test_the_default_child_is_found_or_set() -> None:
    top = chart()
    wrapper = tree.Construct(top, "wrapper")
    inner = tree.ApiObject(wrapper, "Resource", api_version="v1", kind="X")
    other = tree.ApiObject(wrapper, "other", api_version="v1", kind="Y")
    assert tree.ApiObject.of(wrapper) is inner
    wrapper.node.default_child = other
    assert tree.ApiObject.of(wrapper) is other


def test_context_is_seen_from_below_and_the_nearest_wins() -> None:
    app = tree.App()
    app.node.set_context("a", 1)
    app.node.set_context("b", 1)
    top = tree.Chart(app, "shop")
    top.node.set_context("b", 2)
    inner = tree.Construct(top, "inner")
    assert (inner.node.get_context("a"), inner.node.get_context("b"), inner.node.try_get_context("c")) == (1, 2, None)
    assert inner.node.get_all_context({"c": 3}) == {"a": 1, "b": 2, "c": 3}


def test_metadata_entries_keep_their_order() -> None:
    top = chart()
    top.node.add_metadata("note", "x")
    top.node.add_metadata("nothing", None)
    top.node.add_metadata("traced", "y", stack_trace=True)
    assert [(one.type, one.data) for one in top.node.metadata] == [("note", "x"), ("traced", "y")]
    assert "test_construct.py" in top.node.metadata[1].trace[0]


def test_mixins_reach_what_they_support() -> None:
    class Mark:
        def supports(self, construct: tree.Construct) -> bool:
            return isinstance(construct, tree.ApiObject)

        def apply_to(self, construct: tree.Construct) -> None:
            construct.metadata.add_label("marked", "1")

    top = chart()
    tree.ApiObject(tree.Construct(top, "a"), "x", api_version="v1", kind="X")
    assert top.with_(Mark()) is top
    assert tree.Testing.synth(top)[0]["metadata"]["labels"] == {"marked": "1"}


def test_a_construct_knows_the_line_of_the_users_program() -> None:
    source = "from meshwright.tree import *\n\nclass Mine(Chart):\n    pass\n\n\nx = Mine(\n    App(), 'a')\n"
    names: dict[str, Any] = {}
    exec(compile(source, "apps/mine.py", "exec"), names)
    assert names["x"].defined_at == "apps/mine.py:7"


def test_all_that_validations_say_is_told_at_once() -> None:
    class Weights:
        def validate(self) -> list[str]:
            return ["weights add up to 90", "there is no route"]

    top = chart()
    top.node.add_validation(Weights())
    inner = tree.Construct(top, "inner")
    inner.node.report("host is empty", "Give a host")
    with pytest.raises(Errors) as caught:
        tree.Testing.synth(top)
    assert [line.split("): ")[1] for line in str(caught.value).splitlines()] == [
        "weights add up to 90",
        "there is no route",
        "host is empty. Give a host",
    ]


def test_dependencies_in_a_circle_are_told_with_the_way_round() -> None:
    top = chart()
    a, b, c = (tree.ApiObject(top, id, api_version="v1", kind="X") for id in "abc")
    a.add_dependency(b)
    b.add_dependency(c)
    c.add_dependency(a)
    with pytest.raises(ConfigurationError, match="dependency cycle detected: shop/a => shop/b => shop/c => shop/a"):
        tree.Testing.synth(top)
    with pytest.raises(ConfigurationError, match="dependency cycle"):
        tree.DependencyGraph(top.node)


def test_a_group_stands_for_its_members() -> None:
    top = chart()
    a, b, c = (tree.ApiObject(top, id, api_version="v1", kind=id) for id in "abc")
    group = tree.DependencyGroup(c)
    group.add(b)
    a.add_dependency(group)
    assert a.node.dependencies == [c, b]
    assert [one["kind"] for one in tree.Testing.synth(top)] == ["c", "b", "a"]
    a.node.remove_dependency(group)
    assert a.node.dependencies == []


def test_the_graph_of_dependencies_can_be_walked() -> None:
    top = chart()
    a, b = (tree.ApiObject(top, id, api_version="v1", kind=id) for id in "ab")
    a.add_dependency(b)
    graph = tree.DependencyGraph(top.node)
    assert graph.topology() == [top, b, a]
    assert graph.root.value is None
    assert [[one.value for one in vertex.outbound] for vertex in graph.root.outbound] == [[], [b]]


def test_a_long_chain_of_dependencies_is_ordered() -> None:
    top = chart()
    objects = [tree.ApiObject(top, f"x{at}", api_version="v1", kind="X", at=at) for at in range(3000)]
    for one, other in itertools.pairwise(objects):
        one.add_dependency(other)
    assert [one["at"] for one in tree.Testing.synth(top)] == list(range(2999, -1, -1))
