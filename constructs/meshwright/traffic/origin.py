"""Where a value was written: provenance travels with every part of the route table."""

from dataclasses import dataclass
from typing import Protocol


class Place(Protocol):
    """The text an object was read from; finds lines only when asked, so that reading stays fast."""

    @property
    def file(self) -> str:
        """Path as the user gave it, ``<stdin>`` or ``REV:PATH``; empty when there is no file."""

    def line_of(self, field: str) -> int:
        """1-based line of ``field`` (such as ``spec.http[1].match[0]``), or of its nearest written parent."""

    def text_of(self, line: int) -> str:
        """Text of a line without its end; empty where there is no such line."""

    @property
    def content(self) -> str:
        """The whole text that the object stands in."""


@dataclass(frozen=True, slots=True)
class Origin:
    """One field of one Kubernetes object.

    Args:
        resource: Kind, namespace and name: ``VirtualService shop/cart``.
        field: Path inside the object: ``spec.http[1]``; empty for the whole object.
        place: The text behind it, where there is one.
    """

    resource: str
    field: str = ""
    place: Place | None = None
