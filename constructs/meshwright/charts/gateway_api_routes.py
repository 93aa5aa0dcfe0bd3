"""The same routes as an HTTPRoute of the Gateway API, where it can say them; what it cannot is told by its field."""

from __future__ import annotations

from meshwright.charts.destinations import backend_from, backends_with_shares
from meshwright.charts.gateway_api_fields import filters_of, match_message, timeout_text
from meshwright.charts.gateway_api_order import check_order
from meshwright.charts.given import backend_for
from meshwright.charts.match import Match
from meshwright.charts.problem import problem
from meshwright.charts.written import note_lines

TYPE_CHECKING = False
if TYPE_CHECKING:
    from meshwright.charts.backend import Backend
    from meshwright.charts.http_routes import HttpRoutes
    from meshwright.charts.mirror import Mirror
    from meshwright.charts.problem import Part
    from meshwright.charts.route import Route
    from meshwright.imports.gateway_api import (
        BackendObjectReference,
        HTTPBackendRef,
        HTTPRoute,
        HTTPRouteFilter,
        HTTPRouteRule,
        ParentReference,
    )

_NOT_IN_HTTP_ROUTE = {
    "direct_response": "Answer from an app",
    "delegate": "Write an HttpRoutes of its own for the same gateway",
    "retries": "Set them at the mesh, or leave them out",
    "fault": "Inject faults in an environment of api='istio'",
}
_ANY = Match()


def make_http_route(routes: HttpRoutes) -> HTTPRoute:
    """Return the HTTPRoute of ``routes``, and tell which of their fields it cannot say."""
    from meshwright.imports.gateway_api import HTTPRoute

    rules: list[HTTPRouteRule] = []
    written: list[Route] = []
    for route, part in zip(routes.routes, routes.parts, strict=True):
        for field in route.given(*_NOT_IN_HTTP_ROUTE):
            cannot_say(field, _NOT_IN_HTTP_ROUTE[field], part)
        rules += _rules(routes, route, part)
        written += [route] * (len(rules) - len(written))
    check_order(routes.routes, routes.parts)
    if len(rules) > 16:
        problem(
            routes, f"an HTTPRoute has at most 16 rules, these are {len(rules)}", "Divide them over several objects"
        )
    _grant(routes)
    hosts = routes.host_names
    made = HTTPRoute(
        routes,
        "http-route",
        metadata={"name": routes.name, "namespace": routes.environment.namespace},
        parent_refs=_parents(routes) or None,
        hostnames=None if "*" in hosts or not routes.gateways else hosts[:16] or None,
        rules=rules[:16] or None,
    )
    note_lines(made, "spec.rules", written)
    return made


def cannot_say(field: str, remedy: str, part: Part) -> None:
    """Tell that HTTPRoute has no place for a field."""
    part.problem(f"{field} has no place in an HTTPRoute", f"{remedy}, or take api='istio'")


def _rules(routes: HttpRoutes, route: Route, part: Part) -> list[HTTPRouteRule]:
    """One rule for a route, or one for each match where the path is rewritten: the rewriting belongs to its match."""
    matches = route.match or (_ANY,)
    by_match = route.redirect is not None or route.rewrite is not None
    groups = [(match,) for match in matches] if by_match else [matches]
    return [_rule(routes, route, group, part) for group in groups]


def _rule(routes: HttpRoutes, route: Route, matches: tuple[Match, ...], part: Part) -> HTTPRouteRule:
    from meshwright.imports.gateway_api import HTTPRouteRule, HTTPRouteTimeouts

    timeout = timeout_text(route.timeout, part)
    filters = filters_of(route, matches[0], part)
    for mirror in route.mirror:
        filters += _mirror(routes, mirror, part)
    return HTTPRouteRule(
        matches=[match_message(match, part) for match in matches],
        filters=filters or None,
        backend_refs=_backends(routes, route, part) or None,
        timeouts=None if timeout is None else HTTPRouteTimeouts(request=timeout),
    )


def _backends(routes: HttpRoutes, route: Route, part: Part) -> list[HTTPBackendRef]:
    from meshwright.imports.gateway_api import HTTPBackendRef

    if route.to is None:
        return []
    found = []
    for backend, weight in backends_with_shares(route.to, routes.environment, part).items():
        reference = _reference(routes, backend, part)
        if reference is not None:
            found.append(HTTPBackendRef(**{**reference, "weight": 1 if weight is None else weight}))  # type: ignore[typeddict-item]
    return found


def _mirror(routes: HttpRoutes, mirror: Mirror, part: Part) -> list[HTTPRouteFilter]:
    from meshwright.charts.percent import percentage
    from meshwright.imports.gateway_api import Fraction, HTTPRequestMirrorFilter, HTTPRouteFilter

    backend = backend_from(mirror.to, routes.environment, part)
    reference = None if backend is None else _reference(routes, backend, part)
    if reference is None or percentage(mirror.percent, "mirror.percent", part) is None:
        return []
    whole = mirror.percent == int(mirror.percent)
    request = HTTPRequestMirrorFilter(
        backend_ref=reference,
        percent=int(mirror.percent) if whole else None,
        fraction=None if whole else Fraction(numerator=round(mirror.percent * 10_000), denominator=1_000_000),
    )
    return [HTTPRouteFilter(type="RequestMirror", request_mirror=request)]


def _reference(routes: HttpRoutes, backend: Backend, part: Part) -> BackendObjectReference | None:
    from meshwright.imports.gateway_api import BackendObjectReference

    if backend.subset:
        cannot_say(f"the subset {backend.subset!r} of a target", "Give each version a Service of its own", part)
        return None
    service = backend.service(routes.environment.cluster_domain)
    if service is None:
        return BackendObjectReference(
            group="networking.istio.io", kind="Hostname", name=backend.host, port=backend.port
        )
    name, namespace = service
    elsewhere = namespace != routes.environment.namespace
    other = namespace if elsewhere else None
    return BackendObjectReference(group="", kind="Service", name=name, namespace=other, port=backend.port)


def _grant(routes: HttpRoutes) -> None:
    """Let the HTTPRoute name Services of other namespaces: without a ReferenceGrant there its requests fail."""
    from collections.abc import Mapping

    from meshwright.charts.backend import backend_of, is_target
    from meshwright.imports.gateway_api import ReferenceGrant, ReferenceGrantFrom, ReferenceGrantTo

    environment = routes.environment
    wanted: dict[str, dict[str, None]] = {}
    for route in routes.routes:
        targets = [*route.to] if isinstance(route.to, Mapping) else [route.to]
        for target in [*targets, *(mirror.to for mirror in route.mirror)]:
            if is_target(target):
                backend = backend_of(target, environment.namespace, environment.cluster_domain)
                service = backend.service(environment.cluster_domain)
                if service is not None and service[1] != environment.namespace:
                    wanted.setdefault(service[1], {})[service[0]] = None
    for namespace, names in wanted.items():
        ReferenceGrant(
            routes,
            f"grant-{namespace}",
            metadata={"name": f"{routes.name}-from-{environment.namespace}", "namespace": namespace},
            from_=[
                ReferenceGrantFrom(group="gateway.networking.k8s.io", kind="HTTPRoute", namespace=environment.namespace)
            ],
            to=[ReferenceGrantTo(group="", kind="Service", name=name) for name in names],
        )


def _parents(routes: HttpRoutes) -> list[ParentReference]:
    from meshwright.imports.gateway_api import ParentReference

    own = routes.environment.namespace
    parents = []
    for gateway in routes.gateways:
        if getattr(gateway, "api", "istio") != "gateway":
            problem(
                routes,
                f"gateway {gateway.name!r} is one of Istio's own API, which an HTTPRoute cannot name",
                "Make it a GatewayApiGateway",
            )
        namespace = None if gateway.namespace == own else gateway.namespace
        group = "gateway.networking.k8s.io"
        parents.append(ParentReference(group=group, kind="Gateway", name=gateway.name, namespace=namespace))
    for host in routes.hosts if routes.mesh else ():
        service = (
            None if isinstance(host, str) else backend_for(routes, host).service(routes.environment.cluster_domain)
        )
        if service is None:
            problem(
                routes,
                f"hosts has {host!r}: for callers inside the mesh an HTTPRoute names Services, no hosts",
                "Pass the app itself, or take api='istio'",
            )
            continue
        name, namespace = service
        parents.append(
            ParentReference(group="", kind="Service", name=name, namespace=None if namespace == own else namespace)
        )
    return parents
