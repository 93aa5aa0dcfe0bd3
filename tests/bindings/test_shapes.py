"""Objects in great numbers: the short way gives what the general way gives."""

import copy
from importlib import import_module
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from meshwright.errors import Errors
from meshwright.imports.istio.networking import Gateway, VirtualService
from meshwright.tree import App, Chart, Lazy
from meshwright.tree.typed_shapes import quicken
from meshwright.tree.typed_values import Wrong

TYPES: Any = import_module("meshwright.imports.istio.networking").TYPES
APPS: Any = import_module("meshwright.imports.kubernetes.apps").TYPES
CORE: Any = import_module("meshwright.imports.kubernetes.core").TYPES
ROUTES: dict[str, Any] = {
    "hosts": ["a.example.com"],
    "gateways": None,
    "http": [
        {
            "name": "api",
            "match": [{"uri": {"prefix": "/api"}, "headers": {"x": {"exact": "1"}}, "ignoreUriCase": True}],
            "timeout": "5s",
            "retries": {"attempts": 3, "per_try_timeout": "2s"},
            "route": [
                {"destination": {"host": "a", "port": {"number": 80}}, "weight": 80},
                {"destination": {"host": "b"}},
            ],
        },
        {"redirect": {"uri": "/b"}, "cors_policy": {"allow_origins": [], "allow_headers": ["x", "y"]}},
    ],
}
POD: dict[str, Any] = {
    "metadata": {"labels": {"app": "a"}, "annotations": {}},
    "spec": {
        "containers": [
            {
                "name": "a",
                "resources": {"requests": {"cpu": "1", "memory": 5}, "limits": {"cpu": 0.5}},
                "ports": [{"container_port": 80}],
                "liveness_probe": {"http_get": {"port": "http"}, "initial_delay_seconds": 5},
            }
        ]
    },
}
VALUES = st.sampled_from(
    [
        None,
        "x",
        "",
        "1h",
        0,
        -1,
        7,
        1.5,
        True,
        [],
        ["a"],
        ("a",),
        {},
        {"exact": "b"},
        {"host": "h"},
        {1: "a"},
        {"a": None},
    ]
)


class Text(str):
    """A string of a class of its own."""


def quick(types: Any, name: str) -> Any:
    installed: list[Any] = []
    quicken(types, name, installed.append)
    return lambda value: installed[-1](value)


def given_or_refused(convert: Any, value: Any) -> Any:
    try:
        return convert(copy.deepcopy(value))
    except Wrong:
        return Wrong


def changed(data: st.DataObject, value: Any) -> None:
    """Change one thing somewhere inside."""
    while True:
        inner = [one for one in (value.values() if isinstance(value, dict) else value) if isinstance(one, dict | list)]
        if not inner or data.draw(st.integers(0, 2)) == 0:
            break
        value = data.draw(st.sampled_from(inner))
    if isinstance(value, list):
        value.append(copy.deepcopy(data.draw(VALUES)))
        return
    known = st.sampled_from(sorted(value) or ["host"])
    key = data.draw(
        known | st.sampled_from(["name", "exact", "regex", "weight", "perTryTimeout", "unknown", Text("name")])
    )
    if data.draw(st.booleans()) and key in value:
        del value[key]
    else:
        value[key] = copy.deepcopy(data.draw(VALUES))


@pytest.mark.parametrize(
    ("types", "name", "usual"),
    [
        pytest.param(TYPES, "VirtualService", ROUTES, id="a VirtualService"),
        pytest.param(CORE, "PodTemplateSpec", POD, id="a pod of another module's messages"),
        pytest.param(APPS, "Deployment", {"selector": {"match_labels": {"a": "b"}}, "template": POD}, id="nested"),
        pytest.param(TYPES, "ServiceEntry", {"hosts": ["a.com"], "ports": [{"number": 80, "name": "a"}]}, id="rules"),
    ],
)
@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_the_short_way_gives_what_the_general_way_gives(types: Any, name: str, usual: Any, data: st.DataObject) -> None:
    convert, general = quick(types, name), types.message(name)
    for _ in range(8):
        convert(usual)
    for _ in range(3):
        value = copy.deepcopy(usual)
        for _ in range(data.draw(st.integers(0, 2))):
            changed(data, value)
        expected = given_or_refused(general, value)
        made = given_or_refused(convert, value)
        assert repr(made) == repr(expected) and made == expected


def test_values_are_copied_the_short_way() -> None:
    convert = quick(TYPES, "VirtualService")
    for _ in range(8):
        value = copy.deepcopy(ROUTES)
        made = convert(value)
        value["hosts"].append("b")
        value["http"][0]["match"][0]["uri"]["prefix"] = "/"
        value["http"][1]["cors_policy"]["allow_headers"].clear()
        assert made["hosts"] == ["a.example.com"] and made["http"][0]["match"][0]["uri"] == {"prefix": "/api"}
        assert made["http"][1]["corsPolicy"] == {"allowOrigins": [], "allowHeaders": ["x", "y"]}


class Late:
    """Known at synth only."""

    def produce(self) -> str:
        return "late"


def test_a_lazy_among_many_objects_is_asked_at_synth() -> None:
    chart = Chart(App(), "c")
    routes = [{"route": [{"destination": {"host": "a"}}]}]
    for number in range(600):
        host: Any = Lazy.any(Late()) if number == 500 else f"a-{number}"
        VirtualService(chart, f"vs-{number}", hosts=[host], http=routes)  # type: ignore[arg-type]
    documents = chart.to_json()
    assert [one["spec"]["hosts"] for one in documents[499:502]] == [["a-499"], ["late"], ["a-501"]]


def test_what_is_wrong_with_one_of_many_objects_is_told() -> None:
    chart = Chart(App(), "c")
    for number in range(600):
        port: Any = {"number": "http" if number == 500 else 80, "name": "a", "protocol": "HTTP"}
        Gateway(chart, f"g-{number}", servers=[{"hosts": ["*"], "port": port}])
    with pytest.raises(Errors, match=r"c/g-500 .*servers\[0\].port.number is 'http'"):
        chart.to_json()
