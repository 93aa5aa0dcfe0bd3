"""The short way for objects that come in great numbers: a function for each shape they come in, without a loop.

A program that makes hundreds of objects of a kind makes them with the same few lines, so that the same fields are there
each time. For such a shape Python code is written that names these fields one by one. Which fields are there decides
about required and excluding ones, so that only types and limits remain to be asked. Whatever does not have the shape
goes the general way.
"""

from meshwright.tree.typed_values import OPEN, MessageTypes, compiled, unusual

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from typing import Any

    from meshwright.tree.typed_values import Convert

_SHAPES = 4  # the most for one kind
_STUDIED = 48  # objects looked at for their shape
_REPEATED = 4  # how often a shape is seen before it is worth the writing
_LINES = 400
_ITEMS = 8
_PLAIN: "dict[str, dict[type, str]]" = {
    "str": {str: "str"},
    "int": {int: "int"},
    "number": {float: "float"},
    "bool": {bool: "bool"},
    "int_or_str": {int: "int", str: "str"},
    "quantity": {int: "int", float: "float", str: "str"},
}


class _TooLong(Exception):
    """There is too much in an object for a function of its own."""


def quicken(types: MessageTypes, name: str, install: "Callable[[Convert], None]") -> None:
    """Replace a function that does what ``types.message(name)`` does, again and again as shapes are learned.

    Args:
        types: The types of the module.
        name: The message.
        install: Takes the function that is to be asked from then on.
    """
    general = types.message(name)
    if types.declared(name)[3]:  # rules over the whole need it in one piece
        install(general)
        return
    seen: dict[str, int] = {}
    studied = learned = 0
    head: Convert

    def study(value: "Any") -> "Any":
        nonlocal studied, learned, head
        out = general(value)
        if studied < _STUDIED and learned < _SHAPES:
            studied += 1
            code = _Code(head)
            text = code.function(types, name, value)
            seen[text] = seen.get(text, 0) + 1
            if text and seen[text] == _REPEATED:
                exec(text, code.names)
                learned += 1
                head = code.names["straight"]
                install(head)
        return out

    head = study
    install(study)


class _Code:
    """The text of a function for one shape, and what its names mean; ``other`` takes values of other shapes."""

    def __init__(self, other: "Convert") -> None:
        self.names: dict[str, Any] = {"unusual": unusual, "other": other}
        self._lines: list[str] = []
        self._variables = 0

    def function(self, types: MessageTypes, name: str, value: "Any") -> str:
        """Write the function for values with the shape of one that has passed; empty if it is not worth it."""
        try:
            result = self._message(types, name, value, "value")
        except _TooLong:
            return ""
        body = "".join(f"        {line}\n" for line in self._lines)
        caught = "    except (KeyError, ValueError):  # a field is missing, a list has another length\n"
        caught += "        return other(value)\n"
        return f"def straight(value):\n    try:\n{body}        return {result}\n{caught}"

    def _line(self, text: str) -> None:
        if len(self._lines) == _LINES:
            raise _TooLong
        self._lines.append(text)

    def _variable(self) -> str:
        self._variables += 1
        return f"v{self._variables}"

    def _value(self, types: MessageTypes, declared: "Any", value: "Any", variable: str) -> str:
        """Write the lines that check a value, and return the expression for what goes on the wire."""
        base, limited = (declared, False) if isinstance(declared, str) else (declared[0], len(declared) > 1)
        if base in _PLAIN:
            word = _PLAIN[base].get(type(value))
            if word and not (limited and len(_PLAIN[base]) > 1):
                self._line(f"if type({variable}) is not {word}: return other(value)")
                return self._limited(types, declared, variable) if limited else variable
        elif type(value) is list:
            if base == "list" and len(declared) == 2 and len(value) <= _ITEMS:
                return self._list(types, declared[1], value, variable)
        elif type(value) is dict and all(type(key) is str for key in value):
            if base == "map":
                if len(declared) == 2 and len(value) <= _ITEMS:
                    return self._mapping(types, [(key, key, declared[1]) for key in value], value, variable)
            elif base not in OPEN:
                return self._message(types, base, value, variable)
        return self._general(types, declared, variable)

    def _message(self, types: MessageTypes, name: str, value: "Any", variable: str) -> str:
        home, own = types.find(name)
        fields, _, _, rules = home.declared(own)
        if rules:
            return self._general(types, name, variable)
        wires = {field[0]: field for field in fields.values()}
        found = [(key, *(fields.get(key) or wires[key])[:2]) for key in value]
        return self._mapping(home, found, value, variable)

    def _limited(self, types: MessageTypes, declared: "Any", variable: str) -> str:
        check: Any = compiled(types, declared)[1]
        return f"({variable} if {variable} in {self._name(check.known)} else {self._name(check)}({variable}))"

    def _general(self, types: MessageTypes, declared: "Any", variable: str) -> str:
        kind, inner = compiled(types, declared)
        kind_name, inner_name = self._name(kind), self._name(inner)
        self._line(f"if {variable} is None: return other(value)")
        usual = variable if inner is None else f"{inner_name}({variable})"
        return f"({usual} if type({variable}) is {kind_name} else unusual({kind_name}, {inner_name}, {variable}))"

    def _list(self, types: MessageTypes, item: "Any", value: "Any", variable: str) -> str:
        self._line(f"if type({variable}) is not list: return other(value)")
        names = [self._variable() for _ in value]
        self._line(f"[{', '.join(names)}] = {variable}")
        parts = [self._value(types, item, one, name) for one, name in zip(value, names, strict=True)]
        return f"[{', '.join(parts)}]"

    def _mapping(
        self, types: MessageTypes, fields: "Iterable[tuple[str, str, Any]]", value: "Any", variable: str
    ) -> str:
        self._line(f"if type({variable}) is not dict or len({variable}) != {len(value)}: return other(value)")
        parts = []
        for key, wire, declared in fields:
            name = self._variable()
            self._line(f"{name} = {variable}[{key!r}]")
            if value[key] is None:
                self._line(f"if {name} is not None: return other(value)")
            else:
                parts.append(f"{wire!r}: {self._value(types, declared, value[key], name)}")
        return f"{{{', '.join(parts)}}}"

    def _name(self, value: "Any") -> str:
        """Return a name for what cannot be written down, the same for the same."""
        if value is None:
            return "None"
        for name, known in self.names.items():
            if known is value:
                return name
        name = f"g{len(self.names)}"
        self.names[name] = value
        return name
