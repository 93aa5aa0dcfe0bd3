"""The HTTP rules of a VirtualService as routes, in the order in which they are tried. Shared by gateways and sidecars.

Source: Istio reference, "Virtual Service" (the first rule that matches wins), and istiod's route translation.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from meshwright.frontends.istio.actions import RouteContext, direct_response, forward, redirect
from meshwright.frontends.istio.faults import cors_policy, fault
from meshwright.frontends.istio.headers import header_changes
from meshwright.frontends.istio.matches import ANY_REQUEST, applies, is_catch_all, route_match
from meshwright.frontends.istio.mesh_config import MeshConfig
from meshwright.frontends.istio.objects import entries, integer, section, text
from meshwright.frontends.istio.retries import retry_policy
from meshwright.frontends.istio.virtual_services import HTTPRoute, VirtualService
from meshwright.traffic import (
    Action,
    Forward,
    HashPolicy,
    HeaderChanges,
    HeaderValue,
    Origin,
    Route,
    WeightedCluster,
)


def routes_of(virtual_service: VirtualService, context: RouteContext) -> list[Route]:
    """Return the routes of one VirtualService for one gateway and port, empty when none is meant for them.

    Rules behind the first one that takes every request are left out, as istiod does.
    """
    routes: list[Route] = []
    for rule in virtual_service.http:
        matches = entries(rule.spec.get("match"))
        if not matches:
            routes.append(_route(virtual_service, rule, None, context))
            break
        for written in matches:
            match = section(written)
            if not _meant(rule, match, context):
                continue
            route = _route(virtual_service, rule, match, context)
            routes.append(route)
            if is_catch_all(route.match):
                return routes
    return routes


def _meant(rule: HTTPRoute, match: Mapping[str, Any], context: RouteContext) -> bool:
    port = integer(match.get("port"))
    if port and port != context.port:
        return False
    gateways = rule.gateways(match) if match.get("gateways") else ()
    return applies(match, gateways, here=context.gateways, labels=context.labels, namespace=context.namespace)


def _route(
    virtual_service: VirtualService, rule: HTTPRoute, match: Mapping[str, Any] | None, context: RouteContext
) -> Route:
    spec = rule.spec
    semantics = virtual_service.semantics
    conditions = route_match(match, by_segments=semantics in ("ingress", "gateway"))
    name = text(spec.get("name"))
    stat_prefix = ""
    if match:
        if text(match.get("name")):
            name = f"{name}.{match['name']}"
        stat_prefix = text(match.get("statPrefix"))
    action: Action
    if spec.get("redirect") is not None:
        action = redirect(section(spec["redirect"]), context.port, context.tls)
        changes = header_changes(spec.get("headers"))[0]
    elif spec.get("directResponse") is not None:
        action = direct_response(section(spec["directResponse"]))
        changes = header_changes(spec.get("headers"))[0]
    else:
        action, changes = forward(rule, conditions, context, gateway_api=semantics == "gateway")
    return Route(
        match=conditions,
        action=action,
        name=name,
        header_changes=_announcing_http3(changes, context.port) if context.announces_http3 else changes,
        fault=fault(spec.get("fault")) if "fault" in spec else None,
        cors=cors_policy(spec.get("corsPolicy")) if "corsPolicy" in spec else None,
        stat_prefix=stat_prefix,
        origin=rule.origin,
    )


def _announcing_http3(changes: HeaderChanges, port: int) -> HeaderChanges:
    announcement = HeaderValue("alt-svc", f'h3=":{port}"; ma=86400', append=True)
    return replace(changes, response_add=(*changes.response_add, announcement))


def default_route(
    cluster: str, mesh: MeshConfig, origin: Origin | None, hash_policies: tuple[HashPolicy, ...] = ()
) -> Route:
    """Return the route of a service that no VirtualService shapes."""
    return Route(
        ANY_REQUEST,
        Forward(
            (WeightedCluster(cluster),),
            retries=retry_policy(mesh.default_retries, consistent_hash=False),
            hash_policies=hash_policies,
        ),
        name="default",
        origin=origin,
    )


def catch_alls_last(routes: list[Route]) -> list[Route]:
    """Move routes that take every request behind all others; else the order stays."""
    late = [route for route in routes if is_catch_all(route.match)]
    return [route for route in routes if not is_catch_all(route.match)] + late if late else routes
