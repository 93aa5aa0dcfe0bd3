"""CEL, the language of `x-kubernetes-validations`, as a Python expression over JSON-shaped data."""

import ast
import re
from collections.abc import Callable

from meshwright.bindings.patterns import python_pattern

_TOKEN = re.compile(
    r"""\s+|(?P<number>\d+\.\d+|\d+)|(?P<string>[rR]?(?:\"\"\".*?\"\"\"|'''.*?'''|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'))"""
    r"|(?P<name>[A-Za-z_]\w*)|(?P<sign>\|\||&&|==|!=|<=|>=|[-+*/%!<>?:.,()\[\]{}])",
    re.DOTALL,
)
_LEVELS: tuple[dict[str, str], ...] = (
    {"||": "or"},
    {"&&": "and"},
    {"==": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">=", "in": "in"},
    {"+": "+", "-": "-"},
    {"*": "*", "%": "%"},
)
_METHODS: dict[str, Callable[[str, list[str]], str]] = {
    "size": lambda on, _: f"len({on})",
    "contains": lambda on, args: f"({args[0]} in {on})",
    "startsWith": lambda on, args: f"{on}.startswith({args[0]})",
    "endsWith": lambda on, args: f"{on}.endswith({args[0]})",
    "matches": lambda on, args: f"cel.matches({on}, {_pattern(args[0])})",
    "substring": lambda on, args: f"{on}[{':'.join(args)}{':' if len(args) == 1 else ''}]",
    "split": lambda on, args: f"{on}.split({args[0]})",
    "lowerAscii": lambda on, _: f"{on}.lower()",
    "upperAscii": lambda on, _: f"{on}.upper()",
    "trim": lambda on, _: f"{on}.strip()",
    "replace": lambda on, args: f"{on}.replace({', '.join(args)})",
    "getScheme": lambda on, _: f"{on}.scheme",
    "getHost": lambda on, _: f"{on}.netloc",
    "getHostname": lambda on, _: f"({on}.hostname or '')",
    "getEscapedPath": lambda on, _: f"{on}.path",
}
_FUNCTIONS: dict[str, Callable[[list[str]], str]] = {
    "size": lambda args: f"len({args[0]})",
    "int": lambda args: f"int({args[0]})",
    "string": lambda args: f"str({args[0]})",
    "duration": lambda args: f"cel.duration({args[0]})",
    "url": lambda args: f"cel.url({args[0]})",
    "isURL": lambda args: f"cel.is_url({args[0]})",
    "isIP": lambda args: f"cel.is_ip({args[0]})",
}
_MACROS = {
    "all": "all({body} for {name} in {on})",
    "exists": "any({body} for {name} in {on})",
    "exists_one": "(sum(bool({body}) for {name} in {on}) == 1)",
    "filter": "[{name} for {name} in {on} if {body}]",
    "map": "[{body} for {name} in {on}]",
}
_LITERALS = {"true": "True", "false": "False", "null": "None"}


class Untranslatable(Exception):
    """The rule uses something that has no meaning here, or none known to this module."""


def translate(rule: str) -> str:
    """Translate a rule to Python.

    Returns:
        An expression over ``self`` and ``cel`` (meshwright.tree.cel_values) that is true where the rule holds, and
        that raises KeyError, IndexError or ValueError where CEL ends in an error.

    Raises:
        Untranslatable: The rule compares with an earlier state (``oldSelf``), or uses an unknown function.
    """
    return _Parser(rule).whole()


class _Parser:
    def __init__(self, rule: str) -> None:
        self._tokens = _tokens(rule)
        self._at = 0
        self._bound = {"self": "self"}

    def whole(self) -> str:
        code = self._ternary()
        if self._peek():
            raise Untranslatable(f"unexpected {self._peek()!r}")
        return code

    def _peek(self) -> str:
        return self._tokens[self._at] if self._at < len(self._tokens) else ""

    def _next(self) -> str:
        token = self._peek()
        self._at += 1
        return token

    def _expect(self, sign: str) -> None:
        if self._next() != sign:
            raise Untranslatable(f"no {sign!r} where one must be")

    def _ternary(self) -> str:
        condition = self._binary(0)
        if self._peek() != "?":
            return condition
        self._next()
        yes = self._ternary()
        self._expect(":")
        return f"({yes} if {condition} else {self._ternary()})"

    def _binary(self, level: int) -> str:
        if level == len(_LEVELS):
            return self._unary()
        code = self._binary(level + 1)
        while self._peek() in _LEVELS[level]:
            sign = _LEVELS[level][self._next()]
            code = f"({code} {sign} {self._binary(level + 1)})"
        return code

    def _unary(self) -> str:
        if self._peek() == "!":
            self._next()
            return f"(not {self._unary()})"
        if self._peek() == "-":
            self._next()
            return f"(-{self._unary()})"
        return self._member(self._primary())

    def _member(self, code: str) -> str:
        while self._peek() in (".", "["):
            if self._next() == "[":
                code = f"{code}[{self._ternary()}]"
                self._expect("]")
                continue
            name = self._next()
            if self._peek() != "(":
                code = f"{code}[{name!r}]"
            elif name in _MACROS:
                code = self._macro(code, name)
            else:
                code = self._method(code, name)
        return code

    def _macro(self, on: str, macro: str) -> str:
        self._expect("(")
        name = self._next()
        if not name.isidentifier():
            raise Untranslatable(f"{macro}() binds {name!r}")
        self._expect(",")
        outer = self._bound.get(name)
        self._bound[name] = f"{name}_"
        body = self._ternary()
        if outer is None:
            del self._bound[name]
        else:
            self._bound[name] = outer
        self._expect(")")
        return _MACROS[macro].format(on=on, name=f"{name}_", body=body)

    def _method(self, on: str, name: str) -> str:
        args = self._arguments()
        if name not in _METHODS:
            raise Untranslatable(f"it calls {name}()")
        return _METHODS[name](on, args)

    def _arguments(self) -> list[str]:
        self._expect("(")
        args = []
        while self._peek() != ")":
            args.append(self._ternary())
            if self._peek() == ",":
                self._next()
        self._next()
        return args

    def _primary(self) -> str:
        token = self._next()
        if token == "(":
            code = self._ternary()
            self._expect(")")
            return code if code.startswith("(") else f"({code})"
        if token == "[":
            self._at -= 1
            return self._list()
        if token[:1].isdigit():
            return token
        if token[-1:] in ("'", '"'):
            return _string(token)
        if token in _LITERALS:
            return _LITERALS[token]
        if token == "{" and self._peek() == "}":
            self._next()
            return "{}"
        return self._name(token)

    def _list(self) -> str:
        self._next()
        items = []
        while self._peek() != "]":
            items.append(self._ternary())
            if self._peek() == ",":
                self._next()
        self._next()
        return f"[{', '.join(items)}]"

    def _name(self, token: str) -> str:
        if token == "has":
            self._expect("(")
            path = self._ternary()
            self._expect(")")
            owner, _, key = path.rpartition("[")
            return f"({key[:-1]} in {owner})"
        if self._peek() == "(":
            if token not in _FUNCTIONS:
                raise Untranslatable(f"it calls {token}()")
            return _FUNCTIONS[token](self._arguments())
        if token not in self._bound:
            raise Untranslatable(
                "it compares with the object's earlier state" if token == "oldSelf" else f"it reads {token!r}"
            )
        return self._bound[token]


def _pattern(code: str) -> str:
    """Write a literal pattern as Python reads it."""
    try:
        return repr(python_pattern(ast.literal_eval(code)))
    except (ValueError, SyntaxError):
        raise Untranslatable("its pattern has no form here") from None


def _tokens(rule: str) -> list[str]:
    tokens, at = [], 0
    while at < len(rule):
        found = _TOKEN.match(rule, at)
        if found is None:
            raise Untranslatable(f"unexpected {rule[at]!r}")
        at = found.end()
        if found.lastgroup:
            tokens.append(found[0])
    return tokens


def _string(token: str) -> str:
    raw = token[0] in "rR"
    body = token[1:] if raw else token
    quotes = 3 if body[:3] in ('"""', "'''") else 1
    text = body[quotes:-quotes]
    return repr(text if raw else re.sub(r"\\(.)", _escape, text))


def _escape(found: re.Match[str]) -> str:
    return {"n": "\n", "t": "\t", "r": "\r"}.get(found[1], found[1])
