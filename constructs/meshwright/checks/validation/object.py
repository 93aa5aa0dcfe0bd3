"""An object as istiod's validator sees it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Judged:
    """One object.

    Args:
        kind, namespace, name: As in its manifest, or the reader's default namespace.
        spec: Without fields that its schema does not know, which a cluster drops before.
        labels, annotations: Of its metadata.
    """

    kind: str
    namespace: str
    name: str
    spec: Mapping[str, Any]
    labels: Mapping[str, Any]
    annotations: Mapping[str, Any]
