"""The routes of the Gateway API, their parents and backends, as far as manifests show them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from meshwright.checks.inventory import Inventory
from meshwright.frontends.gateway_api.objects import GATEWAY_API, Objects, sections, spec
from meshwright.frontends.gateway_api.references import GATEWAY, SERVICE, Grants, GroupKind, group_kind
from meshwright.frontends.istio.objects import integer, text
from meshwright.manifests.resource import Resource

ROUTES = ("HTTPRoute", "GRPCRoute", "TLSRoute", "TCPRoute")


@dataclass(frozen=True, slots=True, eq=False)
class ParentReference:
    """One entry of ``parentRefs``.

    Args:
        kind: Group and kind of the parent.
        section, port: Of the listener; empty and 0 for any.
        field: Where it stands.
    """

    route: Resource
    kind: GroupKind
    namespace: str
    name: str
    section: str
    port: int
    field: str


def routes(shown: Inventory) -> list[Resource]:
    """Return the routes that someone wrote."""
    return [each for each in shown.of_kind(*ROUTES) if each.api_version.startswith(f"{GATEWAY_API}/")]


def gateways(shown: Inventory) -> Mapping[tuple[str, str], Resource]:
    """Return the Gateways of the Gateway API by namespace and name."""
    found: dict[tuple[str, str], Resource] = shown.remember(
        "api_gateways",
        lambda: {
            (each.namespace, each.name): each
            for each in shown.of_kind("Gateway")
            if each.api_version.startswith(f"{GATEWAY_API}/")
        },
    )
    return found


def parents(route: Resource) -> Iterator[ParentReference]:
    """Yield what a route attaches to."""
    for position, reference in enumerate(sections(spec(route).get("parentRefs"))):
        yield ParentReference(
            route,
            group_kind(reference, GATEWAY),
            text(reference.get("namespace")) or route.namespace,
            text(reference.get("name")),
            text(reference.get("sectionName")),
            integer(reference.get("port")),
            f"spec.parentRefs[{position}]",
        )


def listeners(reference: ParentReference, gateway: Resource) -> list[tuple[int, Mapping[str, Any]]]:
    """Return the listeners of a Gateway that a reference means, with their positions."""
    return [
        (position, listener)
        for position, listener in enumerate(sections(spec(gateway).get("listeners")))
        if reference.section in ("", text(listener.get("name")))
        and reference.port in (0, integer(listener.get("port")))
    ]


def backends(route: Resource) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield the references to backends, those of mirrors among them, with their fields."""
    for place, rule in enumerate(sections(spec(route).get("rules"))):
        for position, reference in enumerate(sections(rule.get("backendRefs"))):
            yield f"spec.rules[{place}].backendRefs[{position}]", reference
        for position, item in enumerate(sections(rule.get("filters"))):
            mirror = item.get("requestMirror")
            if isinstance(mirror, dict) and isinstance(mirror.get("backendRef"), dict):
                yield f"spec.rules[{place}].filters[{position}].requestMirror.backendRef", mirror["backendRef"]


def target(reference: Mapping[str, Any], namespace: str, default: GroupKind = SERVICE) -> tuple[GroupKind, str, str]:
    """Return kind, namespace and name of what a reference means."""
    return group_kind(reference, default), text(reference.get("namespace")) or namespace, text(reference.get("name"))


def grants(shown: Inventory) -> Grants:
    """Return all ReferenceGrants."""
    found: Grants = shown.remember("grants", lambda: Grants(shown.of_kind("ReferenceGrant")))
    return found


def objects(shown: Inventory) -> Objects:
    """Return all objects as the frontend of the Gateway API finds them."""
    found: Objects = shown.remember("api_objects", lambda: Objects(shown.mesh.resources))
    return found
