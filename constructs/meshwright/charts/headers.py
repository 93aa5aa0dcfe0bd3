"""Changes of headers on the way."""

from __future__ import annotations

from meshwright.charts.given import several

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from meshwright.charts.problem import Part
    from meshwright.imports.istio.networking import HeaderOperations

_TOKEN = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


def is_header_name(name: object) -> bool:
    """Whether ``name`` can be the name of a header (RFC 9110)."""
    return isinstance(name, str) and bool(name) and _TOKEN.issuperset(name)


class HeaderChanges:
    """Headers to set, add and remove.

    Args:
        set: Values that replace what is there.
        add: Values that join what is there.
        remove: Names.

    Source: Istio reference, "Virtual Service", Headers.HeaderOperations.
    """

    __slots__ = ("add", "remove", "set")

    def __init__(
        self,
        *,
        set: Mapping[str, str] | None = None,
        add: Mapping[str, str] | None = None,
        remove: Sequence[str] = (),
    ) -> None:
        self.set = dict(set or {})
        self.add = dict(add or {})
        self.remove = several(remove)

    def check(self, field: str, part: Part, *, host: bool) -> None:
        """Tell what is wrong with it.

        Args:
            field: What it is called in messages.
            host: Whether the Host header may be set.
        """
        if not (self.set or self.add or self.remove):
            part.problem(f"{field} changes nothing", "Give set, add or remove")
        for name in (*self.set, *self.add, *self.remove):
            authority = isinstance(name, str) and name.lower() in ("host", ":authority")
            if authority and (not host or name in self.remove):
                part.problem(
                    f"{field} changes {name!r}, which no header change can", "Use rewrite=Rewrite(authority=…)"
                )
            elif not authority and not is_header_name(name):
                part.problem(f"{field} has {name!r}, which is no header name", "Give letters, digits and dashes")
        for name, value in (*self.set.items(), *self.add.items()):
            if not isinstance(value, str):
                part.problem(f"{field} makes {name} {value!r}", f"Give a text: {str(value)!r}")
            elif any((char < " " and char != "\t") or char == "\x7f" for char in value):
                part.problem(f"{field} makes {name} {value!r}, with a control character", "Leave it out")

    def to_istio(self) -> HeaderOperations:
        """Return the level-1 message."""
        from meshwright.imports.istio.networking import HeaderOperations

        return HeaderOperations(
            set=_texts(self.set) or None, add=_texts(self.add) or None, remove=list(self.remove) or None
        )


def _texts(values: Mapping[str, str]) -> dict[str, str]:
    return {str(name): str(value) for name, value in values.items()}
