"""Arguments of a type that cannot be meant, told in one line each, also those that break something on the way."""

from __future__ import annotations

from meshwright.errors import ConfigurationError, Errors, MeshwrightError
from meshwright.tree.construct import Construct, users_line

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any, TypeVar

    T = TypeVar("T")

_LISTS = ("Sequence", "list", "tuple")


def tells_misfits(kind: type[T]) -> type[T]:
    """Have a class tell of arguments that do not fit, unless it told of something already.

    Raises:
        Errors: From its ``__init__``, where it could not go on: the arguments whose types are not those of its
            signature, also those of values among them.
    """
    init: Any = kind.__init__

    def checked(self: Any, *args: Any, **given: Any) -> None:
        try:
            init(self, *args, **given)
        except MeshwrightError:
            raise
        except (AttributeError, TypeError, ValueError) as broken:
            found = list(_misfits(init, dict(_bound(init, args, given)), ""))
            if not found:
                raise
            raise Errors([_error(self, wrong, remedy) for wrong, remedy in found]) from broken
        if isinstance(self, Construct) and not self.node.validate():
            for wrong, remedy in _misfits(init, dict(_bound(init, args, given)), ""):
                self.node.report(wrong, remedy)

    checked.__wrapped__ = init  # type: ignore[attr-defined]
    checked.__doc__ = init.__doc__
    kind.__init__ = checked  # type: ignore[method-assign]
    return kind


def _bound(init: Any, args: tuple[Any, ...], given: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    names = init.__code__.co_varnames[1 : init.__code__.co_argcount]
    yield from zip(names, args, strict=False)
    yield from given.items()


def _error(of: object, wrong: str, remedy: str) -> MeshwrightError:
    if isinstance(of, Construct) and hasattr(of, "_scope"):
        return of.error(wrong, remedy, users_line())
    return ConfigurationError(f"{type(of).__name__} ({users_line()})", wrong, remedy)


def _misfits(init: Any, given: dict[str, Any], where: str) -> Iterator[tuple[str, str]]:
    for name, value in given.items():
        annotation = init.__annotations__.get(name)
        if isinstance(annotation, str):
            yield from _check(value, annotation, f"{where}{name}")


def _check(value: Any, annotation: str, where: str) -> Iterator[tuple[str, str]]:
    alternatives = _split(annotation, "|")
    fitting = [each for each in alternatives if _fits(value, each)]
    if not fitting:
        said = repr(value) if isinstance(value, str | int | float | list | dict) else f"of type {type(value).__name__}"
        yield f"{where} is {said}", f"Give {' or '.join(alternatives)}"
        return
    inner = _inner(fitting[0])
    if isinstance(value, dict) and len(inner) == 2:
        for key, each in value.items():
            yield from _check(each, inner[1], f"{where}[{key!r}]")
    elif isinstance(value, list | tuple) and inner:
        for position, each in enumerate(value):
            yield from _check(each, inner[0], f"{where}[{position}]")
    elif type(value).__module__.startswith("meshwright.charts.") and not isinstance(value, Construct):
        init: Any = type(value).__init__
        init = getattr(init, "__wrapped__", init)
        known = {name: getattr(value, name) for name in init.__annotations__ if hasattr(value, name)}
        yield from _misfits(init, known, f"{where}.")


def _fits(value: object, said: str) -> bool:
    name = said.partition("[")[0].strip("'\"").rpartition(".")[2]
    names = {base.__name__ for base in type(value).__mro__}
    if name in _LISTS:
        return hasattr(value, "__iter__") and not isinstance(value, str | dict)
    if name == "Mapping":
        return hasattr(value, "items")
    if name == "None":
        return value is None
    if name == "bool":
        return isinstance(value, bool)
    if name in ("int", "float"):
        return not isinstance(value, bool) and (
            isinstance(value, int) or (name == "float" and isinstance(value, float))
        )
    if name == "Literal":
        return isinstance(value, str)
    if name in ("str", "timedelta") or _is_ours(name):
        return name in names
    if name == "Hosts":
        return hasattr(value, "__iter__") and not isinstance(value, dict)
    return name in ("Any", "object") or not isinstance(value, int | float | list | dict)


def _is_ours(name: str) -> bool:
    from meshwright.charts import _HOMES

    return name in _HOMES


def _inner(said: str) -> list[str]:
    name, bracket, rest = said.partition("[")
    return _split(rest[:-1], ",") if bracket and name in (*_LISTS, "Mapping") else []


def _split(text: str, by: str) -> list[str]:
    """Divide what an annotation says at ``by``, but not inside of brackets."""
    parts, depth = [""], 0
    for char in text:
        depth += (char == "[") - (char == "]")
        if char == by and not depth:
            parts.append("")
        else:
            parts[-1] += char
    return [part.strip() for part in parts]
