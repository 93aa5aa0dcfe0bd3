"""Routes that another object hands a part of its requests to, so that each team writes its own."""

from __future__ import annotations

from meshwright.charts.claims import claim_name
from meshwright.charts.environment import Environment
from meshwright.charts.given import listed, only_routes
from meshwright.charts.http_rules import check_routes, istio_rules, parts_of
from meshwright.charts.problem import problem
from meshwright.charts.route_references import References
from meshwright.charts.written import note_lines
from meshwright.tree import Construct

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence

    from meshwright.charts.match import Condition, Match
    from meshwright.charts.problem import Part
    from meshwright.charts.route import Route

_TEXTS = ("uri", "scheme", "method", "authority", "headers", "without_headers", "query_params")


class DelegateRoutes(Construct):
    """A VirtualService without hosts: ``Route(delegate=…)`` of another object hands requests to it.

    Its matches narrow those of the route that hands over: a request must pass both. It cannot hand over further.

    Args:
        routes: In the order in which they are tried.
        name: Name of the object; the id when left out.

    Attributes:
        virtual_service: The level-1 ``VirtualService``.

    Source: Istio reference, "Virtual Service", Delegate.
    """

    def __init__(self, scope: Construct, id: str, *, routes: Sequence[Route], name: str | None = None) -> None:
        super().__init__(scope, id)
        from meshwright.imports.istio.networking import VirtualService

        environment = Environment.of(self)
        self.name = name or id
        self.namespace = environment.namespace
        self.routes = only_routes(self, listed(routes, "routes", self))
        claim_name(self, "VirtualService", self.namespace, self.name)
        if not routes:
            problem(self, "there is no route", "Give at least one Route")
        self.parts = parts_of(self, self.routes)
        for route, part in zip(self.routes, self.parts, strict=True):
            if route.delegate is not None:
                part.problem("a delegate cannot delegate further", "Give to, redirect or direct_response")
        check_routes(self.routes, self.parts, ())
        self.virtual_service = VirtualService(
            self,
            "virtual-service",
            metadata={"name": self.name, "namespace": self.namespace},
            http=istio_rules(self.routes, self.parts, environment),
        )
        note_lines(self.virtual_service, "spec.http", self.routes)
        self.node.add_validation(References(self, self.routes, self.parts))


def check_delegation(route: Route, part: Part) -> None:
    """Tell which rules of the delegate Istio would drop, because they do not lie inside of the route's own match."""
    delegate = route.delegate
    if delegate is None or not route.match:
        return
    for own, own_part in zip(delegate.routes, delegate.parts, strict=True):
        for match in own.match:
            if not any(_fits(root, match) for root in route.match):
                said = ", or ".join(map(repr, route.match))
                part.problem(
                    f"it hands over only ({said}), so that {own_part.said} of {delegate.name} "
                    f"({match}) would be dropped",
                    "Narrow that match or widen this one; besides a regex there can be no other condition on the field",
                )


def _fits(root: Match, leaf: Match) -> bool:
    """Whether Istio merges the two: as ``hasConflict`` of its virtual services, which is stricter than logic."""
    wanted = {condition[:2]: condition for condition in root.conditions if condition[0] != "gateways"}
    given = {condition[:2]: condition for condition in leaf.conditions if condition[0] != "gateways"}
    for key, condition in given.items():
        if key in wanted and not _narrows(wanted[key], condition):
            return False
    if (("ignore_uri_case", "") in wanted) is not (("ignore_uri_case", "") in given):
        return False
    namespace = ("source_namespace", "")
    if namespace in wanted and namespace not in given:
        return False
    roots = {name for field, name, _, _ in root.conditions if field == "gateways"}
    leaves = {name for field, name, _, _ in leaf.conditions if field == "gateways"}
    return not roots or leaves <= roots


def _narrows(root: Condition, leaf: Condition) -> bool:
    field, _, kind, value = root
    leaf_kind, leaf_value = leaf[2:]
    if field not in _TEXTS:
        return leaf_value == value
    if not kind or not leaf_kind or "regex" in (_wire(kind, value), _wire(leaf_kind, leaf_value)):
        return False
    if kind == "exact":
        return leaf_kind == "exact" and leaf_value == value
    return leaf_value.startswith(value)


def _wire(kind: str, value: str) -> str:
    """How a path is compared in the VirtualService: one below another is a regular expression there."""
    return ("prefix" if value == "/" else "regex") if kind == "below" else kind
