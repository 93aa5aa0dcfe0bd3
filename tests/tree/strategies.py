"""Random values and trees, rich in what a writer of YAML gets wrong."""

from typing import Any

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

PIECES = [
    *["a", "Z", "e", "E", "0", "1", "9", "60", " ", "  ", "\t", "\n", "\n\n", "\r", "\r\n", ":", ": ", "#", " #"],
    *["-", "- ", "---", "...", "%", "?", "? ", "'", '"', "\\", "{", "}", "[", "]", ",", "&", "*", "!", "|", ">", "@"],
    *["`", "=", "<<", "~", "null", "Null", "true", "yes", "No", "y", "n", "on", "off", ".inf", "-.INF", ".nan", "_"],
    *[".", "+", "0x", "0b", "0o", "1e3", "e5", "2001-01-01", "T", "12:30:45", "\u00e9", "\u2028", "\u0085", "\u00a0"],
    *["\ufeff", "\U0001f600", "\ud800", "\udc00", "\x00", "\x07", "\x0b", "\x1b", "\x1f", "\x7f", "\x9f", "\ue000"],
    *["\uffff", "\u200b", "中文", "$", "/", "word word ", "k" * 50, "a line that is long enough to matter\n"],
]
numberlike = st.text("0123456789+-._eExXbo:TZ abcdef", min_size=1, max_size=9)
timestamps = st.from_regex(
    r"[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([tT ] ?[0-9]{1,2}:[0-9]{2}:[0-9]{2}(\.[0-9]*)?( ?Z)?)?", fullmatch=True
)
strings = st.one_of(
    st.sampled_from(PIECES),
    st.lists(st.sampled_from(PIECES), max_size=12).map("".join),
    st.builds(lambda piece, times: piece * times, st.sampled_from(PIECES), st.sampled_from([7, 40, 80, 400, 1100])),
    numberlike,
    timestamps,
    st.text(max_size=12),
)
numbers = st.one_of(
    st.integers(-1000, 1000),
    st.integers(),
    st.sampled_from(
        [2**53, 2**53 + 1, 2**63, -(2**64), 10**20, 10**21, 10**22 + 1, 10**309, 0.0, -0.0, 1e21, 1e-6, 1e-7]
    ),
    st.floats(allow_nan=False, allow_infinity=False),
)
atoms = st.one_of(strings, strings, numbers, st.sampled_from([None, True, False]))
values = st.recursive(
    atoms,
    lambda inner: st.one_of(st.lists(inner, max_size=4), st.dictionaries(strings, inner, max_size=5)),
    max_leaves=12,
)
lazy_values = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(strings.filter(lambda key: key != "__proto__"), inner, max_size=5),
        st.builds(lambda value: {"$lazy": value}, inner),
    ),
    max_leaves=10,
)


def collected(strategy: st.SearchStrategy[Any], count: int) -> list[Any]:
    """That many values of a strategy, so that they can be asked about in one go."""
    out: list[Any] = []

    @settings(
        max_examples=count,
        phases=[Phase.generate],
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(strategy)
    def collect(value: Any) -> None:
        out.append(value)

    collect()
    return out


ids = st.one_of(
    st.sampled_from(
        ["a", "b", "web", "api", "Default", "Resource", "0", "1", "2", "10", "A_b.c", "x" * 70, "déjà vu", "a/b"]
    ),
    st.text("abcdefgh-0123456789", min_size=1, max_size=8),
)
labels = st.dictionaries(
    st.sampled_from(["app", "team", "1", "x.io/y"]), st.sampled_from(["a", "yes", "1", ""]), max_size=3
)
metadata = st.fixed_dictionaries(
    {},
    optional={
        "name": st.sampled_from(["web", "yes", "some.name", "UPPER_case!"]),
        "namespace": st.sampled_from(["shop", "1"]),
        "labels": labels,
        "annotations": labels,
        "finalizers": st.lists(st.sampled_from(["a/b", "c"]), max_size=2),
        "generateName": st.just("web-"),
    },
)
field_values = st.recursive(
    st.one_of(st.sampled_from(["a", "yes", "8080", "a b: c", "two\nlines\n", None, True, 1, 1.5, -0.0]), strings),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3),
        st.dictionaries(st.sampled_from(["a", "b", "10", "9", "é", "\U0001f600", "\uffff", "Z"]), inner, max_size=4),
        st.builds(lambda value: {"$lazy": value}, inner),
    ),
    max_leaves=6,
)
patches = st.lists(
    st.one_of(
        st.builds(
            lambda op, path, value: {"op": op, "path": path, "value": value},
            st.sampled_from(["add", "replace"]),
            st.sampled_from(["/spec", "/data", "/metadata/annotations", "/9"]),
            st.sampled_from(["x", {"b": None, "a": {}, "1": []}, [1, None, -0.0], {}]),
        ),
        st.builds(
            lambda path: {"op": "replace", "path": path, "value": "x:1"}, st.sampled_from(["/kind", "/metadata/name"])
        ),
        st.builds(lambda path: {"op": "remove", "path": path}, st.sampled_from(["/spec", "/data", "/nothing"])),
        st.builds(
            lambda op, path: {"op": op, "from": path, "path": "/copied"},
            st.sampled_from(["copy", "move"]),
            st.sampled_from(["/apiVersion", "/spec", "/nothing"]),
        ),
    ),
    max_size=2,
)


def _object(id: str) -> st.SearchStrategy[dict[str, Any]]:
    options = st.fixed_dictionaries(
        {
            "apiVersion": st.sampled_from(["v1", "apps/v1", "g.x/v1"]),
            "kind": st.sampled_from(["Service", "CronJob", "Null"]),
        },
        optional={"metadata": metadata, "spec": field_values, "data": field_values, "zeta": field_values},
    )
    return st.fixed_dictionaries(
        {"type": st.just("object"), "id": st.just(id), "options": options}, optional={"patches": patches}
    )


def _container(id: str, kind: str, in_chart: bool, depth: int) -> st.SearchStrategy[dict[str, Any]]:
    options = st.just({})
    if kind == "chart":
        options = st.fixed_dictionaries(
            {},
            optional={
                "namespace": st.sampled_from(["shop", "on"]),
                "labels": labels,
                "disableResourceNameHashes": st.booleans(),
            },
        )
    inside = in_chart or kind == "chart"
    return st.fixed_dictionaries(
        {"type": st.just(kind), "id": st.just(id), "options": options, "children": _children(inside, depth - 1)}
    )


def _children(in_chart: bool, depth: int) -> st.SearchStrategy[list[dict[str, Any]]]:
    if depth == 0:
        return st.just([])
    kinds = ["object", "object", "object", "construct", "chart"] if in_chart else ["chart", "chart", "construct"]

    def child(id: str) -> st.SearchStrategy[dict[str, Any]]:
        return st.sampled_from(kinds).flatmap(
            lambda kind: _object(id) if kind == "object" else _container(id, kind, in_chart, depth)
        )

    unique = st.lists(ids, max_size=4, unique_by=lambda id: id.replace("/", "--"))
    return unique.flatmap(lambda names: st.tuples(*map(child, names)).map(list))


trees = st.fixed_dictionaries(
    {
        "ask": st.just("tree"),
        "children": _children(False, 3),
        "links": st.lists(st.tuples(st.integers(0, 99), st.integers(0, 99)), max_size=3),
        "options": st.fixed_dictionaries(
            {
                "layout": st.sampled_from(
                    ["FILE_PER_APP", "FILE_PER_CHART", "FILE_PER_RESOURCE", "FOLDER_PER_CHART_FILE_PER_RESOURCE"]
                )
            },
            optional={"outputFileExtension": st.just(".yaml"), "recordConstructMetadata": st.booleans()},
        ),
    }
)
