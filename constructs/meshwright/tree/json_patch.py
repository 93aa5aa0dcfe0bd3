"""JSON Patch (RFC 6902) as cdk8s applies it: forgiving where a target is missing, by value."""

from meshwright.tree.value import LIST, MAP, kinds, plain_copy

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


class JsonPatch:
    """One change of a document; made by `add`, `remove`, `replace`, `copy`, `move` and `test`."""

    __slots__ = ("_from", "_op", "_path", "_value")

    def __init__(self, op: str, path: str, value: "Any" = None, from_: str = "") -> None:
        self._op = op
        self._path = path
        self._value = _snapshot(value)
        self._from = from_

    @staticmethod
    def add(path: str, value: "Any") -> "JsonPatch":
        """Set a field, or insert into a list before the index; ``-`` is the end of a list."""
        return JsonPatch("add", path, value)

    @staticmethod
    def remove(path: str) -> "JsonPatch":
        """Take out a field or an element of a list."""
        return JsonPatch("remove", path)

    @staticmethod
    def replace(path: str, value: "Any") -> "JsonPatch":
        """Put another value in the place of one."""
        return JsonPatch("replace", path, value)

    @staticmethod
    def copy(from_: str, path: str) -> "JsonPatch":
        """Copy a value to another place."""
        return JsonPatch("copy", path, from_=from_)

    @staticmethod
    def move(from_: str, path: str) -> "JsonPatch":
        """Move a value to another place."""
        return JsonPatch("move", path, from_=from_)

    @staticmethod
    def test(path: str, value: "Any") -> "JsonPatch":
        """Make sure of a value; if it is another, the whole patch fails."""
        return JsonPatch("test", path, value)

    @staticmethod
    def apply(document: "Any", *ops: "JsonPatch") -> "Any":
        """Apply changes to a document, in their order.

        Returns:
            The new document; the given one is left as it is.

        Raises:
            ValueError: A change does not fit the document.
        """
        out = plain_copy(document)
        for op in ops:
            out = op._apply(out)
        return out

    def _apply(self, document: "Any") -> "Any":
        op, path = self._op, self._path
        if op in ("copy", "move"):
            value = _snapshot(_get(document, self._from, self))
            if op == "move":
                if path == "":
                    return value
                document = JsonPatch("remove", self._from)._apply(document)
            return _put(document, path, value, self)
        if op == "test":
            if not _holds(document, path, self):
                raise ValueError(f"the test of {path!r} in a JSON patch failed")
            return document
        if op == "remove":
            return _remove(document, path, self)
        value = plain_copy(self._value)
        return _put(document, path, value, self) if op == "add" else _replace(document, path, value, self)


def _snapshot(value: "Any") -> "Any":
    """Copy lists and mappings, so that a later change of them changes no patch; a Lazy stays one until synth."""
    kind = kinds[type(value)]
    if kind == MAP:
        return {key: _snapshot(item) for key, item in value.items()}
    if kind == LIST:
        return [_snapshot(item) for item in value]
    return 0 if value == 0 and isinstance(value, float) else value  # JSON of JavaScript knows no negative zero


def _steps(path: str) -> "list[str]":
    if path and path[0] != "/":
        raise ValueError(f"the path {path!r} of a JSON patch must start with /")
    return [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]


def _parent(document: "Any", path: str, patch: JsonPatch) -> "tuple[Any, Any]":
    """The collection that a path ends in, and the last step: a key, or an index of a list."""
    *steps, last = _steps(path)
    here = document
    walked = ""
    for step in [*steps, None]:
        if not isinstance(here, dict | list):
            missing = "there is nothing" if here is None else f"there is {here!r}"
            raise ValueError(f"a JSON patch cannot {patch._op} {path!r}: {missing} at {walked!r}")
        if step is not None:
            here = _child(here, _place(here, step))
            walked += "/" + step
    return here, _place(here, last)


def _place(here: "Any", step: str) -> "Any":
    if not isinstance(here, list):
        return step
    if step == "-":
        return len(here)
    if step.isascii() and step.isdigit():
        return int(step)
    raise ValueError(f"a JSON patch cannot use {step!r} as an index of a list")


def _child(here: "Any", place: "Any") -> "Any":
    if isinstance(here, list):
        return here[place] if place < len(here) else None
    return here.get(place)


def _get(document: "Any", path: str, patch: JsonPatch) -> "Any":
    return document if path == "" else _child(*_parent(document, path, patch))


def _holds(document: "Any", path: str, patch: JsonPatch) -> bool:
    if path != "":
        here, place = _parent(document, path, patch)
        if place >= len(here) if isinstance(here, list) else place not in here:
            return False
    return _equal(_get(document, path, patch), plain_copy(patch._value))


def _put(document: "Any", path: str, value: "Any", patch: JsonPatch) -> "Any":
    if path == "":
        return value
    here, place = _parent(document, path, patch)
    if isinstance(here, list):
        here.insert(place, value)
    else:
        here[place] = value
    return document


def _replace(document: "Any", path: str, value: "Any", patch: JsonPatch) -> "Any":
    if path == "":
        return value
    here, place = _parent(document, path, patch)
    if isinstance(here, list):
        here.extend([None] * (place + 1 - len(here)))
    here[place] = value
    return document


def _remove(document: "Any", path: str, patch: JsonPatch) -> "Any":
    if path == "":
        return None
    here, place = _parent(document, path, patch)
    if isinstance(here, dict):
        here.pop(place, None)
    elif place < len(here):
        del here[place]
    return document


def _equal(one: "Any", other: "Any") -> bool:
    """Equality of JSON, where True is not 1."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equal(one[key], other[key]) for key in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equal, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and bool(one == other)
