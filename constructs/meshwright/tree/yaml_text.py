"""The text of a YAML document, byte for byte what cdk8s writes, straight from the tree's values."""

from meshwright.tree.value import LIST, MAP, OTHER, STRING, in_javascript_order, key_text, kinds, plain, string_keys
from meshwright.tree.yaml_scalars import is_tame, key, number, string

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_CACHED = 128  # longer strings are seldom repeated


class _Values(dict[str, "str | None"]):
    """A string as a value, None where its text depends on the indentation; worked out once for each string."""

    def __missing__(self, text: str) -> "str | None":
        out: str | None
        if is_tame(text):
            out = text
        elif "\n" in text:
            out = None
        else:
            out = string(text, "  ")
        if len(text) <= _CACHED:
            self[text] = out
        return out


class _Keys(dict[str, "str | None"]):
    """A key with its colon, None where it takes a closer look at the place; worked out once for each key."""

    def __missing__(self, text: str) -> "str | None":
        out: str | None = text + ":"
        if len(text) > _CACHED:
            return None
        if not is_tame(text):
            out = key(text, False)
            if out != key(text, True):
                out = None
        self[text] = out
        return out


_values = _Values()
_keys = _Keys()


def document(value: object, clean: bool = True) -> str:
    """Write one document, without ``---``.

    Args:
        value: Data of JSON's types, or what renders to them (`value.plain`).
        clean: Sort keys and leave out those that are None, as cdk8s does with the fields of an object.

    Raises:
        ValueError: A number is not finite.
        TypeError: A value cannot be rendered.
    """
    out: list[str] = []
    _write("", value, "", "", out, clean)
    return "".join(out)


def object_text(api_version: str, kind: str, metadata: "dict[str, Any]", fields: "dict[str, Any]") -> "str | None":
    """Write a Kubernetes object as cdk8s does: first what it is, then its other fields by name.

    Args:
        api_version: Of the object.
        kind: Of the object.
        metadata: Fields as the API spells them; empty ones are left out.
        fields: All other fields.

    Returns:
        The document, or None if it is one of those that take a closer look.
    """
    out = [f"apiVersion: {_values[api_version]}\nkind: {_values[kind]}\nmetadata:\n"]
    for name in sorted(metadata):
        item = metadata[name]
        if type(item) is str:
            out.append(f"  {_keys[name]} {_values[item] or string(item, '    ')}\n")
        elif type(item) is dict:
            if not item:
                continue
            for part in item.values():
                if type(part) is not str:
                    return None
            out.append(f"  {_keys[name]}\n    ")
            write_map(item, "    ", out, True)
        elif item is not None:
            return None
    if fields:
        if min(fields) < ":":
            return None
        write_map(fields, "", out, True)
    return "".join(out)


def write_map(value: "dict[str, Any]", pad: str, out: "list[str]", clean: bool) -> None:
    """Append the lines of a mapping; the pad of its first line stands there already. Empty, it appends nothing.

    Args:
        value: The mapping.
        pad: Spaces before its keys.
        out: Where to append.
        clean: As in `document`.
    """
    try:
        names = sorted(value) if clean else list(value)
        if names[0] < ":" if clean else min(names) < ":":
            names = in_javascript_order(names, clean)
        elif clean and not names[-1].isascii():
            names = in_javascript_order(names, True)
    except TypeError:  # a key is no string
        value = string_keys(value)  # type: ignore[arg-type]
        names = in_javascript_order(list(value), clean)
    inner = pad + "  "
    lead = ""
    for name in names:
        item = value[name]
        head = _keys[name]
        if type(item) is str and head is not None:  # most values are text
            out.append(f"{lead}{head} {_values[item] or string(item, inner)}\n")
            lead = pad
            continue
        kind = kinds[type(item)]
        if kind == OTHER:
            item = plain(item)
            kind = kinds[type(item)]
        if item is None and clean:
            continue
        if head is None:
            head = key(key_text(name), not pad)
            if head.startswith("? "):  # too long to be followed by its value
                _write(f"{lead}{head}\n{pad}: ", item, inner, inner, out, clean)
                lead = pad
                continue
        if kind == STRING:
            out.append(f"{lead}{head} {_values[item] or string(item, inner)}\n")
        elif kind == MAP and item:
            mark = len(out)
            out.append(f"{lead}{head}\n{inner}")
            write_map(item, inner, out, clean)
            if len(out) == mark + 1:
                out[mark] = f"{lead}{head} {{}}\n"
        elif kind == LIST and item:
            out.append(f"{lead}{head}\n")
            _write_list(item, inner, inner, out, clean)
        else:
            out.append(f"{lead}{head} {_atom(item)}\n")
        lead = pad


def _write_list(value: "list[Any]", pad: str, lead: str, out: "list[str]", clean: bool) -> None:
    """Append the lines of a list that is not empty: ``lead`` before the first dash, ``pad`` before the others."""
    inner = pad + "  "
    for item in value:
        kind = kinds[type(item)]
        if kind == STRING:
            out.append(f"{lead}- {_values[item] or string(item, inner)}\n")
        else:
            _write(f"{lead}- ", item, inner, inner, out, clean)
        lead = pad


def _write(lead: str, item: object, pad: str, indent: str, out: "list[str]", clean: bool) -> None:
    """Append a value of any kind behind ``lead``; a collection starts on the same line and goes on after ``pad``."""
    kind = kinds[type(item)]
    if kind == OTHER:
        item = plain(item)
        kind = kinds[type(item)]
    if kind == STRING:
        out.append(f"{lead}{string(item, indent)}\n")  # type: ignore[arg-type]
    elif kind == MAP and item:
        mark = len(out)
        out.append(lead)
        write_map(item, pad, out, clean)  # type: ignore[arg-type]
        if len(out) == mark + 1:
            out[mark] = f"{lead}{{}}\n"
    elif kind == LIST and item:
        _write_list(item, pad, lead, out, clean)  # type: ignore[arg-type]
    else:
        out.append(f"{lead}{_atom(item)}\n")


def _atom(value: object) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    if value is None:
        return "null"
    if isinstance(value, int | float):
        return number(value)
    return "{}" if isinstance(value, dict) else "[]"
