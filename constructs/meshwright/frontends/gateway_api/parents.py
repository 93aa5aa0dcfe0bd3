"""Which listeners, or the mesh, a route attaches to.

Source: Gateway API reference, ParentReference and AllowedRoutes; hosts are compared as text, as istiod does.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from meshwright.frontends.gateway_api.classes import GATEWAY_CONTROLLER, WAYPOINT_CONTROLLER, controller_name
from meshwright.frontends.gateway_api.gateways import Parent
from meshwright.frontends.gateway_api.objects import GATEWAY_API, Objects, labels, sections, spec
from meshwright.frontends.gateway_api.references import (
    GATEWAY,
    LISTENER_SET,
    SERVICE,
    SERVICE_ENTRY,
    GroupKind,
    group_kind,
)
from meshwright.frontends.istio.hosts import is_subset, is_wildcard, overlaps
from meshwright.frontends.istio.objects import integer, text, texts
from meshwright.manifests.resource import Resource

MESH = "mesh"

_USE_WAYPOINT = "istio.io/use-waypoint"
_USE_WAYPOINT_NAMESPACE = "istio.io/use-waypoint-namespace"
_MESH_PARENT = Parent(MESH, ())


@dataclass(frozen=True, slots=True)
class Attachment:
    """One parent that takes a route.

    Args:
        parent: A listener, or the mesh.
        kind, namespace, name: The object the route refers to.
        port: The port it asks for, 0 for any.
        index: Position of the reference among ``parentRefs``.
        rivals: Host names of the other listeners of the same port and protocol.
    """

    parent: Parent
    kind: GroupKind
    namespace: str
    name: str
    port: int
    index: int
    rivals: frozenset[str]

    @property
    def in_mesh(self) -> bool:
        """Whether it is a Service or ServiceEntry of the mesh."""
        return self.parent.gateway == MESH

    def isolated(self, host: str) -> bool:
        """Tell whether another listener serves ``host`` in place of this one, as it is more specific."""
        own = self.parent.hostname
        if own and not is_wildcard(own):
            return False
        if own and not overlaps(host, own):
            return True
        return any(len(own) <= len(rival) and is_subset(host, rival) for rival in self.rivals)

    def mesh_hosts(self, objects: Objects, domain_suffix: str) -> list[str]:
        """Return the hosts of the Service or ServiceEntry."""
        if self.kind == SERVICE_ENTRY:
            entry = objects.get(*SERVICE_ENTRY, self.namespace, self.name)
            return list(texts(spec(entry).get("hosts"))) if entry is not None else []
        return [f"{self.name}.{self.namespace}.svc.{domain_suffix}"]


def attachments(
    route: Resource, parents: Mapping[tuple[GroupKind, str, str], Sequence[Parent]], objects: Objects
) -> list[Attachment]:
    """Return what takes a route, in the order in which istiod goes through it."""
    hosts = texts(spec(route).get("hostnames")) if route.kind != "TCPRoute" else ()
    found: list[tuple[str, Attachment]] = []
    for index, reference in enumerate(sections(spec(route).get("parentRefs"))):
        kind = group_kind(reference, GATEWAY)
        namespace = reference.get("namespace")
        namespace = route.namespace if namespace is None else str(namespace)
        name, section = text(reference.get("name")), text(reference.get("sectionName"))
        port = integer(reference.get("port"))
        order = f"{kind[0]}/{kind[1]}/{name}/{section}/{port}.{namespace}"
        if kind in (SERVICE, SERVICE_ENTRY):
            if objects.get(*kind, namespace, name) and not _foreign_waypoint(kind, namespace, name, objects):
                found.append((order, Attachment(_MESH_PARENT, kind, namespace, name, port, index, frozenset())))
        elif kind in (GATEWAY, LISTENER_SET):
            candidates = parents.get((kind, namespace, name), ())
            for parent in candidates:
                meant = port in (0, parent.port) and section in ("", parent.section)
                if meant and route.kind in parent.kinds and _meet(parent, hosts or ("*",), route.namespace):
                    rivals = _rivals(parent, candidates)
                    found.append((order, Attachment(parent, kind, namespace, name, port, index, rivals)))
    found.sort(key=lambda pair: pair[0])
    return sorted((attachment for _, attachment in found), key=lambda attachment: attachment.parent.gateway)


def _rivals(parent: Parent, candidates: Sequence[Parent]) -> frozenset[str]:
    same = (other for other in candidates if (other.port, other.protocol) == (parent.port, parent.protocol))
    return frozenset(other.hostname for other in same) - {parent.hostname}


def _meet(parent: Parent, hosts: Sequence[str], namespace: str) -> bool:
    """Tell whether a listener serves one of these hosts to routes of a namespace."""
    return any(
        allowed in ("*", namespace) and overlaps(hostname, host) for host in hosts for allowed, hostname in parent.hosts
    )


def _foreign_waypoint(kind: GroupKind, namespace: str, name: str, objects: Objects) -> bool:
    """Tell whether the waypoint that a Service uses belongs to another controller, to whom the route is left."""
    target = objects.get(*kind, namespace, name)
    if target is None:
        return False
    found = labels(target)
    if _USE_WAYPOINT not in found:
        found = objects.namespaces.get(namespace, {})
    waypoint = str(found.get(_USE_WAYPOINT, ""))
    if not waypoint or waypoint.lower() == "none":
        return False
    gateway = objects.get(GATEWAY_API, "Gateway", str(found.get(_USE_WAYPOINT_NAMESPACE) or namespace), waypoint)
    if gateway is None:
        return False
    controller = controller_name(text(spec(gateway).get("gatewayClassName")), objects)
    return controller is not None and controller not in (WAYPOINT_CONTROLLER, GATEWAY_CONTROLLER)
