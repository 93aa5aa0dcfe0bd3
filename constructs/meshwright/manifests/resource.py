"""One Kubernetes object with the place it was read from."""

from dataclasses import dataclass
from typing import Any

from meshwright.traffic.origin import Origin, Place


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One object.

    Args:
        body: The object as JSON-shaped data.
        api_version, kind, name: As written in it.
        namespace: As written, or the reader's default namespace; empty for kinds without one (Namespace, CRDs).
        place: The text it came from.
    """

    body: dict[str, Any]
    api_version: str
    kind: str
    namespace: str
    name: str
    place: Place | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    def origin(self, field: str = "") -> Origin:
        """Return where ``field`` of this object was written."""
        return Origin(str(self), field, self.place)
