"""Istio objects as the frontend reads them, tolerant of whatever stands in them.

A cluster refuses an object whose fields have wrong types, and drops fields it does not know, before istiod sees
them; here such fields read as if they were absent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from meshwright.manifests.resource import Resource
from meshwright.traffic import Origin

if TYPE_CHECKING:
    from meshwright.frontends.istio.gateways import Server

ROUTE_SEMANTICS = "internal.istio.io/route-semantics"
"""The annotation of a VirtualService that was made of something else: ``ingress`` or ``gateway``."""

MESH = "mesh"
"""The reserved gateway name that means every sidecar."""


NEWEST = "~"
"""The creation time of what is not in a cluster yet; as text it sorts behind every date."""


def section(value: object) -> Mapping[str, Any]:
    """Return ``value`` if it is a mapping, else an empty one."""
    return value if isinstance(value, dict) else {}


def entries(value: object) -> list[Any]:
    """Return ``value`` if it is a list, else an empty one."""
    return value if isinstance(value, list) else []


def texts(value: object) -> tuple[str, ...]:
    """Return the strings of a list."""
    return tuple(item for item in value if isinstance(item, str)) if isinstance(value, list) else ()


def text(value: object) -> str:
    """Return ``value`` if it is a string, else an empty one."""
    return value if isinstance(value, str) else ""


def integer(value: object) -> int:
    """Return a whole number, also one written as text; 0 for anything else."""
    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    if isinstance(value, float):
        return int(value) if value == value and abs(value) < 1 << 63 else 0
    if isinstance(value, str) and value.lstrip("-").isascii() and value.lstrip("-").isdigit():
        return int(value)
    return 0


def port_number(selector: object) -> int:
    """Return the number of a port selector (``{number: 80}``), 0 without one."""
    return integer(selector.get("number")) if isinstance(selector, dict) else 0


@dataclass(slots=True, eq=False)
class Config:
    """One Istio object.

    Args:
        resource: Where it was read from.
        domain: Suffix of short host names in it, such as ``cluster.local``; may be empty.
        created: Creation time as text, for ordering. What has none is not in a cluster yet, and so the newest.
        complete: Names in it are complete: it was made from the Gateway API.
    """

    resource: Resource
    namespace: str
    name: str
    spec: Mapping[str, Any]
    annotations: Mapping[str, Any]
    domain: str
    created: str = NEWEST
    complete: bool = False
    title: str = field(init=False)
    servers: "list[Server] | None" = field(default=None, init=False)
    """Of a Gateway, once `gateways.servers_of` has read them."""

    def __post_init__(self) -> None:
        self.title = str(self.resource)

    @classmethod
    def of(cls, resource: Resource, domain: str) -> "Config":
        """Read a resource."""
        body = resource.body
        metadata = section(body.get("metadata"))
        annotations = section(metadata.get("annotations"))
        return cls(
            resource,
            resource.namespace,
            resource.name,
            section(body.get("spec")),
            annotations,
            domain,
            str(metadata.get("creationTimestamp") or NEWEST),
            annotations.get(ROUTE_SEMANTICS) == "gateway",
        )

    def origin(self, field: str = "") -> Origin:
        """Return where ``field`` was written."""
        resource = self.resource
        return Origin(self.title, field, resource.place) if resource.origins is None else resource.origin(field)


def by_age(configs: Iterable[Config]) -> list[Config]:
    """Sort as istiod does before it merges: oldest first, then by name and namespace."""
    return sorted(configs, key=lambda config: (config.created, config.name, config.namespace))
