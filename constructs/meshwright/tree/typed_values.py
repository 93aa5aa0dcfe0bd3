"""The check behind typed constructs: values as the user gave them -> values as they go on the wire, or `Wrong`.

A generated module holds a table; a message of it is compiled to a function when it is first used. What was wrong, and
where, is found by `typed_problems` in a second, slower pass.
"""

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    Convert = Callable[[Any], Any]

_REMEMBERED = 4096  # strings known to pass, for each limited type


class Wrong(Exception):
    """A value does not fit its type."""


class MessageTypes:
    """The messages of one generated module. At run time a message is the dict of its fields, in the user's spelling.

    Args:
        module: Its ``__name__``; types of its neighbours are written ``neighbour:Name``.
        table: Message -> its fields, or (its fields, one_of, rules). A field is ``name!>wire:type=default``: ``!`` if
            it is required, ``>wire`` if that differs, the default as a number. Fields are divided by ``;``. A type is
            a name, of a list or map followed by that of its items; ``@`` and a number add limits.
        values: What the numbers mean: limits as pairs, defaults, strange names (``>@number``).
    """

    __slots__ = ("_compiled", "_declared", "module", "table", "values")

    def __init__(self, module: str, table: "dict[str, Any]", values: "tuple[Any, ...]") -> None:
        self.module = module
        self.table = table
        self.values = values
        self._declared: dict[str, Any] = {}
        self._compiled: dict[str, Convert] = {}

    def __call__(self, name: str) -> "Any":
        """Return the class of a message: the ``__getattr__`` of the module.

        Raises:
            AttributeError: There is none.
        """
        if name not in self.table:
            raise AttributeError(f"module {self.module!r} has no attribute {name!r}")
        return dict

    def find(self, name: str) -> "tuple[MessageTypes, str]":
        """Return where a message is declared."""
        neighbour, colon, name = name.rpartition(":")
        if not colon:
            return self, name
        package = self.module.rpartition(".")[0]
        found: MessageTypes = __import__(f"{package}.{neighbour}", fromlist=["TYPES"]).TYPES
        return found, name

    def message(self, name: str) -> "Convert":
        """Return the function that checks and converts a message."""
        convert = self._compiled.get(name)
        if convert is None:
            types, own = self.find(name)
            convert = self._compiled[name] = _message(types, own) if types is self else types.message(own)
        return convert

    def written(self, name: str) -> "tuple[dict[str, tuple[str, str]], list[str], Any, Any]":
        """Return the fields of a message as (wire name, type as written), the required ones, one_of and rules."""
        entry = self.table[name]
        text, one_of, rules = (entry, (), ()) if type(entry) is str else entry
        fields: dict[str, tuple[str, str]] = {}
        required = []
        for field in text.split(";") if text else ():
            head, _, kind = field.partition(":")
            own, renamed, wire = head.partition(">")
            needed = own[-1] == "!"
            if needed:
                own = own[:-1]
            if not renamed:
                wire = own
            elif wire[0] == "@":
                wire = self.values[int(wire[1:])]
            fields[own] = wire, kind
            if needed:
                required.append(wire)
        return fields, required, one_of, rules

    def type(self, text: str) -> "Any":
        """Read a type: a name, or a tuple of a name, the type of the items of a list or map, and limits as pairs."""
        first, _, item = text.partition("=")[0].partition(" ")
        base, limited, number = first.partition("@")
        limits = self.values[int(number)] if limited else ()
        if item:
            return base, self.type(item), *limits
        return (base, *limits) if limits else base

    def declared(self, name: str) -> "tuple[dict[str, Any], list[str], Any, Any]":
        """Return a message: its fields as (wire name, type) or (wire name, type, default), required, one_of, rules."""
        known = self._declared.get(name)
        if known is None:
            fields, *others = self.written(name)
            read = {
                own: (wire, self.type(text), *(self.values[int(one)] for one in text.split("=")[1:]))
                for own, (wire, text) in fields.items()
            }
            known = self._declared[name] = (read, *others)
        return known


def _message(types: MessageTypes, name: str) -> "Convert":
    written, required, one_of, rules = types.written(name)
    fields: dict[str, tuple[str, Any, Convert | None]] = {}

    def found(key: str) -> "tuple[str, Any, Convert | None]":
        """Compile a field when it is first met; both spellings of its name lead to it."""
        known = written.get(key)
        if known is None:
            known = next((one for one in written.values() if one[0] == key), None)
        if known is None:
            raise Wrong
        field = fields[key] = (known[0], *compiled(types, types.type(known[1])))
        return field

    groups = [frozenset(group) for group in one_of]
    demands = bool(required or one_of or rules)
    fill = rules and filler(types, name)

    def convert(value: "Any") -> "Any":
        out = {}
        for key, item in value.items():
            try:
                wire, kind, inner = fields[key]
            except KeyError:
                wire, kind, inner = found(key)
            if type(item) is kind:
                out[wire] = item if inner is None else inner(item)
            elif item is not None:
                out[wire] = unusual(kind, inner, item)
        if demands:
            for wire in required:
                if wire not in out:
                    raise Wrong
            if groups and len(out) > 1:
                for group in groups:
                    if len(group & out.keys()) > 1:
                        raise Wrong
            if rules:
                keep(rules, fill(out) if fill else out)
        return out

    return convert


def keep(rules: "Any", value: "Any") -> None:
    """Ask the rules of a value.

    Raises:
        Wrong: One does not hold.
    """
    for holds, _ in rules:
        if not asked(holds, value):
            raise Wrong


def asked(holds: "Callable[[Any], Any]", value: "Any") -> bool:
    """Ask one rule; where it cannot be answered before synth (a Lazy stands in the way), it counts as kept."""
    try:
        return bool(holds(value))
    except (LookupError, ValueError):
        return False
    except (TypeError, AttributeError):
        return True


def compiled(types: MessageTypes, declared: "Any") -> "tuple[Any, Convert | None]":
    """Return the Python type of the plain case, and what remains to be checked of it."""
    if isinstance(declared, str):
        if declared[0].isupper() or ":" in declared:
            home, name = types.find(declared)
            return dict, home.message(name)
        return OPEN.get(declared) or (_BASES[declared], None)
    base = declared[0]
    if base == "list":
        limits = dict(declared[2:])
        return list, _list(types, declared[1], limits)
    if base == "map":
        limits = dict(declared[2:])
        return dict, _map(types, declared[1], limits)
    kind, inner = OPEN.get(base) or (_BASES[base], None)
    return kind, inner or _Limited(dict(declared[1:]))


def _list(types: MessageTypes, item: "Any", limits: "dict[str, Any]") -> "Convert":
    kind, inner = compiled(types, item)
    fill = "rules" in limits and filler(types, ("list", item))

    def scalars(value: "Any") -> "Any":
        for one in value:
            if type(one) is not kind:
                return [one if type(one) is kind else unusual(kind, None, one) for one in value]
        return value[:]

    if inner is None and not limits:
        return scalars

    def convert(value: "Any") -> "Any":
        out = []
        for one in value:
            if type(one) is kind:
                out.append(one if inner is None else inner(one))
            else:
                out.append(unusual(kind, inner, one))
        if limits and broken(limits, fill(out) if fill else out):
            raise Wrong
        return out

    return convert


def _map(types: MessageTypes, item: "Any", limits: "dict[str, Any]") -> "Convert":
    kind, inner = compiled(types, item)
    fill = "rules" in limits and filler(types, ("map", item))

    def convert(value: "Any") -> "Any":
        out = {}
        for key, one in value.items():
            if type(key) is not str:
                key = text_of(key)
            if type(one) is kind:
                out[key] = one if inner is None else inner(one)
            elif one is not None:
                out[key] = unusual(kind, inner, one)
        if limits and broken(limits, fill(out) if fill else out):
            raise Wrong
        return out

    return convert


class _Limited:
    """The check of a scalar's limits."""

    __slots__ = ("_limits", "known")

    def __init__(self, limits: "dict[str, Any]") -> None:
        self._limits = limits
        self.known: set[Any] = set()  # values that pass

    def __call__(self, value: "Any") -> "Any":
        if value not in self.known:
            if broken(self._limits, value):
                raise Wrong
            if len(self.known) < _REMEMBERED:
                self.known.add(value)
        return value


def broken(limits: "dict[str, Any]", value: "Any") -> str:
    """Name the first limit that a value of the right type breaks; empty if it keeps them all."""
    for name, limit in limits.items():
        if not LIMITS[name](value, limit):
            return name
    return ""


def _unique(value: "Any", keys: "Any") -> bool:
    seen: list[Any] = []
    for item in value:
        one = tuple(item.get(key) for key in keys) if keys else item
        if one in seen:
            return False
        seen.append(one)
    return True


def _found(value: "Any", pattern: str) -> bool:
    import re

    return not isinstance(value, str) or re.search(pattern, value) is not None


LIMITS: "dict[str, Callable[[Any, Any], bool]]" = {
    "enum": lambda value, limit: value in limit,
    "minimum": lambda value, limit: value >= limit,
    "maximum": lambda value, limit: value <= limit,
    "min_length": lambda value, limit: len(value) >= limit,
    "max_length": lambda value, limit: len(value) <= limit,
    "pattern": _found,
    "unique": _unique,
    "rules": lambda value, limit: all(asked(holds, value) for holds, _ in limit),
}


def json_copy(value: "Any") -> "Any":
    """Copy JSON-shaped data."""
    if isinstance(value, dict):
        return {text_of(key): json_copy(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [json_copy(item) for item in value]
    if value is None or isinstance(value, str | int | float):
        return value
    if hasattr(value, "to_json"):
        return json_copy(value.to_json())
    if hasattr(value, "produce") or hasattr(value, "resolve"):
        return value
    raise Wrong


def text_of(key: "Any") -> str:
    """Return the key of a mapping as JSON has it: ``{8080: ...}`` is ``{"8080": ...}``.

    Raises:
        Wrong: It is neither text nor a whole number.
    """
    if isinstance(key, str):
        return str.__str__(getattr(key, "_value_", key))
    if isinstance(key, int) and not isinstance(key, bool):
        return str(key)
    raise Wrong


class AnyJson:
    """The type that no value has, so that every value takes the long way."""


class IntOrStr(AnyJson):
    """A whole number or a string."""


class Quantity(AnyJson):
    """A number or a string."""


_BASES: "dict[str, Any]" = {"str": str, "int": int, "number": float, "bool": bool}
OPEN: "dict[str, tuple[Any, Convert | None]]" = {
    "json": (AnyJson, json_copy),
    "object": (dict, json_copy),
    "int_or_str": (IntOrStr, None),
    "quantity": (Quantity, None),
}


def unusual(kind: "Any", inner: "Convert | None", value: "Any") -> "Any":
    """Convert a value whose type is not the plain one: a tuple, a subclass, a message, a Lazy.

    Raises:
        Wrong: It does not fit.
    """
    if (kind is Quantity or kind is IntOrStr) and type(value) is str:
        return value if inner is None else inner(value)
    if kind is AnyJson and inner is not None:
        return inner(value)
    if kind is dict and hasattr(value, "to_json"):
        value = value.to_json()
    elif hasattr(value, "produce") or hasattr(value, "resolve"):
        from meshwright.tree.typed_later import Later

        return Later(value, kind, inner)
    if not fits(kind, value):
        raise Wrong
    if kind is list:
        value = list(value)
    elif kind is str:
        value = str.__str__(getattr(value, "_value_", value))
    return value if inner is None else inner(value)


def fits(kind: "Any", value: "Any") -> bool:
    """Whether a value has the type, in the wider sense of what a user may pass for it."""
    if isinstance(value, bool):
        return kind is bool
    if kind is IntOrStr:
        return isinstance(value, int | str)
    if kind is Quantity:
        return isinstance(value, int | float | str)
    if kind is float:
        return isinstance(value, int | float)
    if kind is list:
        return isinstance(value, list | tuple)
    return isinstance(value, kind)


def filler(types: MessageTypes, declared: "Any") -> "Convert | None":
    """Return a function that fills in the schema's defaults, as the cluster does before it asks the rules."""
    from meshwright.tree.typed_defaults import filled, has_defaults

    if not has_defaults(types, declared, set()):
        return None
    return lambda value: filled(types, declared, value)
