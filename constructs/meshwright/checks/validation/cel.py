"""Whether a text is an expression of CEL. Source: the Common Expression Language specification, "Syntax"."""

import re
from collections.abc import Callable
from functools import lru_cache

_ESCAPE = r"(?:\\(?:[abfnrtv\"'`\\?]|[xX][0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}|[0-3][0-7]{2}))"
_QUOTED = "|".join(
    (
        rf'"""(?:{_ESCAPE}|[^\\])*?"""',
        rf"'''(?:{_ESCAPE}|[^\\])*?'''",
        rf'"(?:{_ESCAPE}|[^\\"\n\r])*"',
        rf"'(?:{_ESCAPE}|[^\\'\n\r])*'",
    )
)
_RAW = "|".join((r'[rR]"""(?s:.)*?"""', r"[rR]'''(?s:.)*?'''", r'[rR]"[^"\n\r]*"', r"[rR]'[^'\n\r]*'"))
_TOKEN = re.compile(
    r"(?P<space>[\t \r\n\f]+|//[^\n]*)"
    rf"|(?P<text>[bB]?(?:{_RAW}|{_QUOTED}))"
    r"|(?P<number>(?:[0-9]+\.[0-9]+(?:[eE][+-]?[0-9]+)?|[0-9]+[eE][+-]?[0-9]+|\.[0-9]+(?:[eE][+-]?[0-9]+)?))"
    r"|(?P<whole>(?:0x[0-9a-fA-F]+|[0-9]+)[uU]?)"
    r"|(?P<name>[A-Za-z_][A-Za-z0-9_]*)"
    r"|(?P<sign>==|!=|<=|>=|&&|\|\||[<>!?:.,()\[\]{}+\-*/%])"
)
_RESERVED = frozenset(
    [
        "as",
        "break",
        "const",
        "continue",
        "else",
        "for",
        "function",
        "if",
        "import",
        "let",
        "loop",
        "package",
        "namespace",
        "return",
        "var",
        "void",
        "while",
    ]
)
_WORDS = frozenset(("true", "false", "null", "in"))
_LEVELS = (("||",), ("&&",), ("<", "<=", ">=", ">", "==", "!=", "in"), ("+", "-"), ("*", "/", "%"))
_MACROS = {"all": (2,), "exists": (2,), "exists_one": (2,), "existsOne": (2,), "filter": (2,), "map": (2, 3)}
_DEEPEST = 200

Shape = str
"""What an expression is, as far as macros ask: a ``name``, a ``field`` of something, or ``other``."""


class _Wrong(Exception):
    """The text is no expression."""


@lru_cache(maxsize=512)
def cel_problem(expression: str) -> str:
    """Return why a text is no expression; empty when it is one."""
    try:
        parser = _Parser(_tokens(expression))
        parser.expression()
        parser.end()
    except _Wrong as problem:
        return str(problem)
    return ""


def _tokens(expression: str) -> list[tuple[str, str]]:
    found, place = [], 0
    while place < len(expression):
        token = _TOKEN.match(expression, place)
        if token is None:
            raise _Wrong(f"nothing begins with {expression[place]!r}")
        kind = token.lastgroup or ""
        if kind == "whole":
            _check_range(token[0])
        if kind != "space":
            found.append((kind, token[0]))
        place = token.end()
    return found


def _check_range(digits: str) -> None:
    unsigned = digits[-1] in "uU"
    if int(digits.rstrip("uU"), 0 if digits.startswith("0x") else 10) >= 1 << (64 if unsigned else 63):
        raise _Wrong(f"{digits} is too large")


class _Parser:
    """Reads tokens by recursive descent; each method takes one part of the grammar."""

    def __init__(self, tokens: list[tuple[str, str]]) -> None:
        self._tokens = tokens
        self._place = 0
        self._depth = 0
        self._is_type = False

    def end(self) -> None:
        """Take the end."""
        if self._place < len(self._tokens):
            raise _Wrong(f"{self._tokens[self._place][1]} is not expected")

    def _see(self, *signs: str) -> bool:
        if self._place >= len(self._tokens):
            return False
        kind, word = self._tokens[self._place]
        return word in signs and (kind == "sign" or word in _WORDS)

    def _take(self, *signs: str) -> str:
        if not self._see(*signs):
            raise _Wrong(f"{' or '.join(signs)} is missing")
        return self._next()[1]

    def _next(self) -> tuple[str, str]:
        if self._place >= len(self._tokens):
            raise _Wrong("it ends too early")
        self._place += 1
        return self._tokens[self._place - 1]

    def expression(self) -> Shape:
        """Take an expression."""
        self._depth += 1
        if self._depth > _DEEPEST:
            raise _Wrong("it nests too deeply")
        shape = self._binary(0)
        if self._see("?"):
            self._next()
            self._binary(0)
            self._take(":")
            self.expression()
            shape = "other"
        self._depth -= 1
        return shape

    def _binary(self, level: int) -> Shape:
        if level == len(_LEVELS):
            return self._unary()
        shape = self._binary(level + 1)
        while self._see(*_LEVELS[level]):
            self._next()
            self._binary(level + 1)
            shape = "other"
        return shape

    def _unary(self) -> Shape:
        for sign in "!-":
            if self._see(sign):
                while self._see(sign):
                    self._next()
                if sign == "!" and self._see("-"):
                    self._next()
                    if self._place >= len(self._tokens) or self._tokens[self._place][0] not in ("whole", "number"):
                        raise _Wrong("! and - stand together")
                self._member()
                return "other"
        return self._member()

    def _member(self) -> Shape:
        shape = self._primary()
        while self._see(".", "["):
            if self._next()[1] == "[":
                self.expression()
                self._take("]")
                shape = "other"
                continue
            kind, name = self._next()
            if kind != "name" or name in _WORDS:
                raise _Wrong(f"{name} is no name of a field")
            shape = "field"
            if self._see("("):
                self._macro(name, self._arguments(")"))
                shape = "other"
            elif self._see("{") and self._is_type:
                self._fields()
                shape, self._is_type = "other", False
        return shape

    def _primary(self) -> Shape:
        self._is_type = False
        kind, word = self._next()
        if kind in ("text", "number", "whole") or word in ("true", "false", "null"):
            return "other"
        if word == ".":
            kind, word = self._next()
        if kind == "name" and word not in _WORDS:
            return self._named(word)
        if word == "(":
            shape = self.expression()
            self._take(")")
            return shape
        if word == "[":
            self._place -= 1
            self._arguments("]", trailing=True)
        elif word == "{":
            self._place -= 1
            self._entries(self.expression)
        else:
            raise _Wrong(f"{word} is not expected")
        return "other"

    def _named(self, word: str) -> Shape:
        if self._see("("):
            shapes = self._arguments(")")
            if word == "has" and len(shapes) == 1 and shapes[0] != "field":
                raise _Wrong("has() asks for a field, as in has(request.headers)")
            return "other"
        if word in _RESERVED:
            raise _Wrong(f"{word} is a reserved word")
        if self._see("{"):
            self._fields()
            return "other"
        self._is_type = True
        return "name"

    def _macro(self, name: str, shapes: list[Shape]) -> None:
        if len(shapes) in _MACROS.get(name, ()) and shapes[0] != "name":
            raise _Wrong(f"{name}() begins with a name for each element")

    def _arguments(self, closing: str, *, trailing: bool = False) -> list[Shape]:
        self._next()
        shapes: list[Shape] = []
        while not self._see(closing, *"," * trailing):
            shapes.append(self.expression())
            if not self._see(","):
                break
            self._next()
            if self._see(closing) and not trailing:
                raise _Wrong(f"{closing} is not expected")
        if trailing and not shapes and self._see(","):
            self._next()
        self._take(closing)
        return shapes

    def _fields(self) -> None:
        def field() -> Shape:
            kind, name = self._next()
            if kind != "name" or name in _WORDS:
                raise _Wrong(f"{name} is no name of a field")
            return "name"

        self._entries(field)

    def _entries(self, key: Callable[[], Shape]) -> None:
        self._next()
        while not self._see("}", ","):
            key()
            self._take(":")
            self.expression()
            if not self._see(","):
                break
            self._next()
        if self._see(","):
            self._next()
        self._take("}")
