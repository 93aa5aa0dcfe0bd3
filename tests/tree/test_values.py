"""What may stand in a field, and what becomes of it."""

import datetime
import enum
from typing import Any

import pytest

from meshwright import tree
from meshwright.errors import MeshwrightError


def written(**fields: Any) -> dict[str, Any]:
    chart = tree.Chart(tree.App(), "shop")
    tree.ApiObject(chart, "x", api_version="v1", kind="X", **fields)
    text = tree.App.of(chart).synth_yaml()
    [json] = tree.Testing.synth(chart)
    assert tree.Yaml.stringify(json) == text
    return {key: value for key, value in json.items() if key not in ("apiVersion", "kind", "metadata")}


class Colour(enum.StrEnum):
    RED = "red"


class Level(enum.IntEnum):
    HIGH = 3


class Plain(enum.Enum):
    ON = "on"


class Message(dict[str, Any]):
    """A message that is a mapping."""


class Spec:
    def to_json(self) -> Any:
        return {"b": Plain.ON, "a": None}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        pytest.param(Colour.RED, "red", id="a member of an enum of texts"),
        pytest.param(Level.HIGH, 3, id="a member of an enum of numbers"),
        pytest.param(Plain.ON, "on", id="a member of any enum"),
        pytest.param((1, 2), [1, 2], id="a tuple"),
        pytest.param(Message(b=1, a=None, c=Message()), {"b": 1, "c": {}}, id="a subclass of dict"),
        pytest.param(Spec(), {"b": "on"}, id="what renders itself"),
        pytest.param(tree.Lazy.any(lambda: [Spec()]), [{"b": "on"}], id="a lazy value with a message"),
        pytest.param({1: "a", False: "b", None: "c"}, {"1": "a", "false": "b", "null": "c"}, id="keys not text"),
        pytest.param([None, {"a": None}], [None, {}], id="nothing in a list stays, in a mapping it goes"),
    ],
)
def test_values_become_plain_data(value: Any, expected: Any) -> None:
    assert written(spec=value) == {"spec": expected}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        pytest.param({"at": datetime.date(2026, 1, 1)}, r"spec\.at of X .*type 'date'", id="a date"),
        pytest.param([{"a": [1, {2}]}], r"spec\[0\]\.a\[1\] of X .*type 'set'", id="a set deep inside"),
        pytest.param({"x": float("nan")}, r"spec\.x of X .*nan is no number", id="no number"),
        pytest.param({"x": [float("inf")]}, r"spec\.x\[0\] of X .*inf is no number", id="an endless number"),
        pytest.param({"x": b"1"}, r"type 'bytes'", id="bytes"),
        pytest.param({("a",): 1}, r"a key must be a string", id="a key that is a tuple"),
    ],
)
def test_a_value_that_cannot_be_written_is_told_with_its_field(value: Any, told: str) -> None:
    with pytest.raises(MeshwrightError, match=told):
        written(spec=value)


def test_a_value_that_holds_itself_is_told() -> None:
    value: dict[str, Any] = {}
    value["again"] = value
    with pytest.raises(MeshwrightError, match="a value holds itself"):
        written(spec=value)


def test_a_patch_that_does_not_fit_is_told_with_its_path() -> None:
    chart = tree.Chart(tree.App(), "shop")
    one = tree.ApiObject(chart, "x", api_version="v1", kind="X", spec={"a": 1})
    one.add_json_patch(tree.JsonPatch.add("/spec/b/c", 1))
    with pytest.raises(MeshwrightError, match=r"X shop-x-.* cannot be patched: a JSON patch cannot add '/spec/b/c'"):
        tree.Testing.synth(chart)


def test_a_patch_keeps_the_value_it_was_given() -> None:
    chart = tree.Chart(tree.App(), "shop")
    one = tree.ApiObject(chart, "x", api_version="v1", kind="X")
    spec: dict[str, Any] = {"hosts": ["a"], "late": tree.Lazy.any(lambda: spec["hosts"])}
    one.add_json_patch(tree.JsonPatch.add("/spec", spec))
    spec["hosts"].append("b")
    assert tree.Testing.synth(chart)[0]["spec"] == {"hosts": ["a"], "late": ["a", "b"]}


def test_resolvers_replace_values_and_what_they_give_is_resolved_again() -> None:
    seen = []

    class Shout:
        def resolve(self, context: tree.ResolutionContext) -> None:
            seen.append(".".join(context.key))
            if context.value == "loud":
                context.replace_value(tree.Lazy.any(lambda: "LOUD"))

    app = tree.App(resolvers=[Shout()])
    chart = tree.Chart(app, "shop", labels={"a": "loud"})
    tree.ApiObject(chart, "x", api_version="v1", kind="X", spec={"b": ["loud", None]})
    [json] = tree.Testing.synth(chart)
    assert json["spec"] == {"b": ["LOUD", None]}
    assert json["metadata"]["labels"] == {"a": "LOUD"}
    assert "spec.b.0" in seen
    assert "LOUD" in app.synth_yaml()


def test_the_environment_can_keep_keys_in_their_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CDK8S_DISABLE_SORT", "1")
    chart = tree.Chart(tree.App(), "shop")
    tree.ApiObject(chart, "x", api_version="v1", kind="X", spec={"b": 1, "a": 2})
    assert tree.App.of(chart).synth_yaml().endswith("spec:\n  b: 1\n  a: 2\n")


def test_metadata_can_be_changed_until_synth() -> None:
    chart = tree.Chart(tree.App(), "shop", namespace="prod", labels={"team": "a"})
    one = tree.ApiObject(chart, "x", api_version="apps/v1", kind="X", metadata={"labels": {"app": "x"}})
    one.metadata.add_label("team", "b")
    one.metadata.add_annotation("note", "n")
    one.metadata.add_finalizers("f/g")
    one.metadata.add_owner_reference(api_version="v1", kind="K", name="n", uid="u", controller=True)
    one.metadata.add("name", "other")
    one.metadata.add("generateName", "x-")
    assert (one.metadata.get_label("app"), one.metadata.namespace, one.api_group) == ("x", "prod", "apps")
    assert one.metadata.to_json() == {
        "annotations": {"note": "n"},
        "finalizers": ["f/g"],
        "generateName": "x-",
        "labels": {"app": "x", "team": "b"},
        "name": one.name,
        "namespace": "prod",
        "ownerReferences": [{"apiVersion": "v1", "controller": True, "kind": "K", "name": "n", "uid": "u"}],
    }
    assert chart.labels == {"team": "a"}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        pytest.param(tree.Duration.minutes(90).to_iso_string(), "PT1H30M", id="hours and minutes"),
        pytest.param(tree.Duration.hours(25).to_iso_string(), "PT1D1H", id="days and hours"),
        pytest.param(tree.Duration.parse("PT1D2H3M4S").to_seconds(), 93784, id="parsed"),
        pytest.param(tree.Duration.seconds(90).to_minutes(integral=False), 1.5, id="a fraction if wanted"),
        pytest.param(tree.Duration.seconds(3661).to_human_string(), "1 hour 1 minute", id="in words"),
        pytest.param(tree.Size.mebibytes(512).as_string(), "512Mi", id="a size as Kubernetes has it"),
        pytest.param(tree.Size.gibibytes(2).to_mebibytes(), 2048, id="a size in another unit"),
        pytest.param(
            tree.Size.kibibytes(1500).to_mebibytes(rounding=tree.SizeRoundingBehavior.FLOOR), 1, id="a size rounded"
        ),
        pytest.param(tree.Cron.schedule(minute="5", week_day="1").expression_string, "5 * * * 1", id="a schedule"),
        pytest.param(tree.Cron.annually().expression_string, "0 0 1 1 *", id="a yearly schedule"),
    ],
)
def test_amounts_are_told_as_cdk8s_tells_them(given: Any, expected: Any) -> None:
    assert given == expected


@pytest.mark.parametrize(
    "call",
    [
        pytest.param(lambda: tree.Duration.seconds(90).to_minutes(), id="a fraction of a minute"),
        pytest.param(lambda: tree.Duration.parse("1h"), id="no ISO duration"),
        pytest.param(lambda: tree.Duration.days(-1), id="a negative duration"),
        pytest.param(lambda: tree.Size.kibibytes(1500).to_mebibytes(), id="a fraction of a size"),
    ],
)
def test_amounts_that_do_not_fit_are_errors(call: Any) -> None:
    with pytest.raises(ValueError, match=r"cannot|not a valid"):
        call()
