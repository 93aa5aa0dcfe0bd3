"""From routes to the rules of a VirtualService, and what is wrong with them."""

from __future__ import annotations

from meshwright.charts.dead_routes import dead_matches
from meshwright.charts.destinations import backend_from, backends_with_shares
from meshwright.charts.duration import duration
from meshwright.charts.match_problems import check_match
from meshwright.charts.percent import percentage
from meshwright.charts.problem import Part
from meshwright.charts.route import ACTIONS

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from meshwright.charts.environment import Environment
    from meshwright.charts.route import Route
    from meshwright.imports.istio.networking import Headers, HTTPMirrorPolicy, HTTPRoute, HTTPRouteDestination
    from meshwright.tree import Construct

_ON_THE_WAY = ("rewrite", "timeout", "retries", "fault", "mirror", "request_headers")


def parts_of(construct: Construct, routes: Sequence[Route]) -> list[Part]:
    """Return what each route is called in messages."""
    return [
        Part(construct, f"route {route.name!r}" if route.name else f"route {position}", route)
        for position, route in enumerate(routes)
    ]


def check_routes(routes: Sequence[Route], parts: Sequence[Part], gateways: Collection[str]) -> None:
    """Tell what is wrong with routes, whatever they become.

    Args:
        parts: What each route is called.
        gateways: References of the gateways they are for, ``mesh`` among them; empty when that is not known.
    """
    names: dict[str, int] = {}
    for position, (route, part) in enumerate(zip(routes, parts, strict=True)):
        if route.name and names.setdefault(route.name, position) != position:
            part.problem(f"route {names[route.name]} has this name, too", "Give each route a name of its own")
        _check_action(route, part)
        for match in route.match:
            check_match(match, gateways, part)
        _check_headers(route, part)
    _check_dead(routes, parts)


def _check_action(route: Route, part: Part) -> None:
    actions = route.given(*ACTIONS)
    if not actions:
        part.problem("it does nothing", f"Give one of {', '.join(ACTIONS)}")
    elif len(actions) > 1:
        part.problem(f"it has {' and '.join(actions)}", "Keep one, or write a Route for each")
    elif actions[0] in ("redirect", "direct_response"):
        for field in route.given(*_ON_THE_WAY):
            part.problem(f"it has {field}, but sends nothing on: it has {actions[0]}", f"Leave {field} out")
    if route.redirect is not None:
        route.redirect.check(route.match, part)
    if route.direct_response is not None:
        route.direct_response.check(part)
    if route.rewrite is not None:
        route.rewrite.check(part)


def _check_headers(route: Route, part: Part) -> None:
    for field, host in (("request_headers", True), ("response_headers", False)):
        changes = getattr(route, field)
        if changes is not None:
            changes.check(field, part, host=host)


def _check_dead(routes: Sequence[Route], parts: Sequence[Part]) -> None:
    for position, match, winner in dead_matches(routes):
        said = parts[winner].said
        if len(routes[position].match) > 1:
            wrong = f"its match ({match}) gets no request, {said} takes them all first"
        elif routes[winner].match and set(routes[winner].match) == set(routes[position].match):
            wrong = f"it gets no request, {said} has the same match and comes first"
        else:
            wrong = f"it gets no request, {said} takes them all first"
        parts[position].problem(wrong, f"Put it above {said}, or narrow {said}")


def istio_rules(routes: Sequence[Route], parts: Sequence[Part], environment: Environment) -> list[HTTPRoute]:
    """Return the rules of a VirtualService for routes that ``check_routes`` has seen."""
    return [_rule(route, part, environment) for route, part in zip(routes, parts, strict=True)]


def _rule(route: Route, part: Part, environment: Environment) -> HTTPRoute:
    from meshwright.imports.istio.networking import Delegate, HTTPRoute

    delegate = route.delegate
    return HTTPRoute(
        name=route.name or None,
        match=[match.to_istio() for match in route.match] or None,
        delegate=None if delegate is None else Delegate(name=delegate.name, namespace=delegate.namespace),
        redirect=None if route.redirect is None else route.redirect.to_istio(),
        direct_response=None if route.direct_response is None else route.direct_response.to_istio(),
        rewrite=None if route.rewrite is None else route.rewrite.to_istio(route.match, part),
        route=None if route.to is None else _destinations(route.to, part, environment),
        timeout=duration(route.timeout, "timeout", part),
        retries=None if route.retries is None else route.retries.to_istio(route.timeout, part),
        fault=None if route.fault is None else route.fault.to_istio(part, environment),
        mirrors=_mirrors(route, part, environment) or None,
        cors_policy=None if route.cors is None else route.cors.to_istio(part),
        headers=_headers(route),
    )


def _destinations(to: object, part: Part, environment: Environment) -> list[HTTPRouteDestination]:
    from meshwright.imports.istio.networking import HTTPRouteDestination

    return [
        HTTPRouteDestination(destination=backend.destination, weight=weight)
        for backend, weight in backends_with_shares(to, environment, part).items()
    ]


def _mirrors(route: Route, part: Part, environment: Environment) -> list[HTTPMirrorPolicy]:
    from meshwright.imports.istio.networking import HTTPMirrorPolicy

    found = []
    for mirror in route.mirror:
        backend = backend_from(mirror.to, environment, part)
        share = percentage(mirror.percent, "mirror.percent", part)
        if backend is not None:
            found.append(HTTPMirrorPolicy(destination=backend.destination, percentage=share))
    return found


def _headers(route: Route) -> Headers | None:
    if route.request_headers is None and route.response_headers is None:
        return None
    from meshwright.imports.istio.networking import Headers

    return Headers(
        request=None if route.request_headers is None else route.request_headers.to_istio(),
        response=None if route.response_headers is None else route.response_headers.to_istio(),
    )
