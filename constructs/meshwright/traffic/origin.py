"""Where a value was written: provenance travels with every part of the route table."""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class MadeBy:
    """The construct that made an object, and the line of the user's own program behind it.

    Args:
        path: Of the construct in its app: ``demo/web/deployment``.
        file: The program, as seen from where the manifests were read: ``apps/shop.py``.
        line: 1-based; 0 where it is not known.
    """

    path: str
    file: str
    line: int

    @property
    def where(self) -> str:
        """File and line: ``apps/shop.py:12``."""
        return f"{self.file}:{self.line}" if self.line else self.file


class Place(Protocol):
    """The text an object was read from; finds lines only when asked, so that reading stays fast."""

    @property
    def file(self) -> str:
        """Path as the user gave it, ``<stdin>`` or ``REV:PATH``; empty when there is no file."""

    def line_of(self, field: str) -> int:
        """1-based line of ``field`` (such as ``spec.http[1].match[0]``), or of its nearest written parent."""

    def text_of(self, line: int) -> str:
        """Text of a line without its end; empty where there is no such line."""

    def made_by(self, field: str) -> MadeBy | None:
        """What made ``field`` or its nearest parent, where the text is what was synthesised on this machine."""

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

    @property
    def made_by(self) -> MadeBy | None:
        """The construct and the line of Python that made it; ``None`` unless it was synthesised on this machine."""
        return self.place.made_by(self.field) if self.place is not None else None
