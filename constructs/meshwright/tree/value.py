"""What may stand in a field of an object, and the plain data it means: JSON's types, read as JavaScript reads them."""

OTHER, STRING, MAP, LIST, ATOM = range(5)


class _Kinds(dict[type, int]):
    """How to treat a value of a type, found once for each type."""

    def __missing__(self, kind: type) -> int:
        found = OTHER
        if issubclass(kind, dict):
            found = MAP
        elif issubclass(kind, list | tuple):
            found = LIST
        self[kind] = found
        return found


kinds = _Kinds({str: STRING, int: ATOM, float: ATOM, bool: ATOM, type(None): ATOM})


def plain(value: object) -> object:
    """Turn a value that is not plain data into one that is, at its top: what stands in it may still not be.

    A Lazy (``produce()``), a token (``resolve()``) and a typed message (``to_json()``) are asked; a member of an enum
    counts as its value.

    Raises:
        TypeError: There is no way to write it.
    """
    while True:
        if kinds[type(value)] != OTHER:
            return value
        if isinstance(value, str):
            return str.__str__(getattr(value, "_value_", value))  # of an enum: its value, whatever its class shows
        if isinstance(value, int):
            return int(value)
        if isinstance(value, float):
            return float(value)
        for way in ("to_json", "produce", "resolve"):
            method = getattr(value, way, None)
            if callable(method) and not isinstance(value, type):
                value = method()
                break
        else:
            if not hasattr(value, "_value_"):
                raise TypeError(f"can't render non-simple object of type '{type(value).__name__}'")
            value = value.value  # type: ignore[attr-defined]


def key_text(key: object) -> str:
    """The text of a key, as JSON has it.

    Raises:
        TypeError: It is nothing that JSON takes as a key.
    """
    if isinstance(key, str):
        return str.__str__(key)
    if key is True or key is False or key is None:
        return {True: "true", False: "false", None: "null"}[key]
    if isinstance(key, int):
        return int.__repr__(key)
    raise TypeError(f"a key must be a string, not {key!r} of type '{type(key).__name__}'")


def is_index(key: str) -> bool:
    """Would JavaScript take the key for an index of an array? Such keys come first, in the order of the numbers."""
    return (
        key[:1] in "123456789" and len(key) < 11 and key.isascii() and key.isdecimal() and int(key) < 4294967295
    ) or key == "0"


def in_javascript_order(keys: "list[str]", by_name: bool) -> "list[str]":
    """Order keys as JavaScript lists them: indices first, the others as they were put in, or by name if ``by_name``."""
    indices = sorted((key for key in keys if is_index(key)), key=int)
    others = [key for key in keys if not is_index(key)]
    if by_name:
        others.sort(key=lambda key: key.encode("utf-16-be", "surrogatepass"))
    return indices + others


def string_keys(value: "dict[object, object]") -> "dict[str, object]":
    """The same mapping with every key as text."""
    return {key_text(key): item for key, item in value.items()}


def _finite(value: object) -> object:
    if isinstance(value, float) and value - value != 0:
        raise ValueError(f"{value} is no number that JSON can hold")
    return value


def plain_copy(value: object) -> object:
    """Copy a value as deep plain data: every Lazy asked, every message rendered, in the order it stands there.

    A key of a mapping whose value is None is left out, as on the way from Python to cdk8s.
    """
    kind = kinds[type(value)]
    if kind == OTHER:
        value = plain(value)
        kind = kinds[type(value)]
    if kind == MAP:
        items = {key_text(key): plain_copy(item) for key, item in value.items()}  # type: ignore[attr-defined]
        return {key: item for key, item in items.items() if item is not None}
    if kind == LIST:
        return [plain_copy(item) for item in value]  # type: ignore[attr-defined]
    return _finite(value)


def clean_copy(value: object, sort: bool = True, drop_empty: bool = False) -> object:
    """Copy a value as cdk8s cleans the fields of an object: keys sorted, those without a value left out.

    Args:
        value: Any value.
        sort: Whether to sort the keys.
        drop_empty: Whether empty lists and mappings count as no value, as in ``metadata``; returns None for one.
    """
    kind = kinds[type(value)]
    if kind == OTHER:
        value = plain(value)
        kind = kinds[type(value)]
    if kind == MAP:
        items: dict[str, object] = string_keys(value)  # type: ignore[arg-type]
        out: dict[str, object] = {}
        for key in in_javascript_order(list(items), sort):
            item = clean_copy(items[key], sort, drop_empty)
            if item is not None:
                out[key] = item
        return None if drop_empty and not out else out
    if kind == LIST:
        if drop_empty and not value:
            return None
        return [clean_copy(item, sort, drop_empty) for item in value]  # type: ignore[attr-defined]
    return _finite(value)


def culprit(value: object, path: str = "") -> str:
    """The path of the field in a value that cannot be written: ``spec.ports[0].port``."""
    kind = kinds[type(value)]
    children: list[tuple[str, object]] = []
    if kind == MAP:
        dot = "." if path else ""
        children = [(f"{path}{dot}{key}", item) for key, item in value.items()]  # type: ignore[attr-defined]
    elif kind == LIST:
        children = [(f"{path}[{at}]", item) for at, item in enumerate(value)]  # type: ignore[arg-type, var-annotated]
    for where, item in children:
        try:
            plain_copy(item)
        except (TypeError, ValueError):
            return culprit(item, where)
    return path
