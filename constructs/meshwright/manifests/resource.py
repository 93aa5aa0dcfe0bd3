"""One Kubernetes object with the place it was read from."""

from collections.abc import Mapping
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
        origins: For an object made from others: where each part was written, by field path; ``""`` is the whole.
    """

    body: dict[str, Any]
    api_version: str
    kind: str
    namespace: str
    name: str
    place: Place | None = None
    origins: Mapping[str, Origin] | None = None

    def __str__(self) -> str:
        return f"{self.kind} {self.namespace}/{self.name}" if self.namespace else f"{self.kind} {self.name}"

    def origin(self, field: str = "") -> Origin:
        """Return where ``field`` of this object, or its nearest parent, was written."""
        if self.origins is not None:
            nearest = field
            while nearest and nearest not in self.origins:
                nearest = nearest[: max(nearest.rfind("."), nearest.rfind("["), 0)]
            return self.origins[nearest]
        return Origin(str(self), field, self.place)
