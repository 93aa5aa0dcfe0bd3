"""What users gave where a list of constructs or names is meant."""

from __future__ import annotations

from meshwright.charts.backend import backend_of, is_target
from meshwright.charts.environment import Environment
from meshwright.charts.problem import Part, problem

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from typing import Any, TypeVar

    from meshwright.charts.backend import Backend, Target
    from meshwright.charts.route import Route
    from meshwright.tree import Construct

    T = TypeVar("T")


def several(given: object) -> tuple[Any, ...]:
    """Return what was given as one or as several."""
    if given is None:
        return ()
    return tuple(given) if isinstance(given, list | tuple) else (given,)


def listed(given: Iterable[T], field: str, construct: Construct) -> tuple[T, ...]:
    """Return what stands in a list; where one thing was given without a list, tell so, and return that."""
    if isinstance(given, str) or not hasattr(given, "__iter__"):
        said = repr(given) if isinstance(given, str) else f"one {type(given).__name__}"
        problem(construct, f"{field} is {said}, no list", f"Put it into a list: {field}=[…]")
        return (given,)  # type: ignore[return-value]
    return tuple(given)


def host_names(construct: Construct, hosts: Sequence[str | Target]) -> list[str]:
    """Return the names of hosts, and tell which are none."""
    names = []
    for host in hosts:
        if isinstance(host, str):
            names.append(host)
        elif is_target(host):
            names.append(backend_for(construct, host).host)
        else:
            problem(construct, f"a host is {host!r}", "Give a name, or pass an app")
    return names


def backend_for(construct: Construct, target: Target) -> Backend:
    """Return the backend of a target, as it is named from where ``construct`` stands."""
    environment = Environment.of(construct)
    return backend_of(target, environment.namespace, environment.cluster_domain)


GATEWAYS = ("IngressGateway", "GatewayApiGateway")


def is_a(value: object, kind: str) -> bool:
    """Whether a value is of the class of this name, without importing it: who made the value has."""
    return any(base.__name__ == kind for base in type(value).__mro__)


def only(given: Sequence[T], field: str, kinds: Sequence[str], construct: Construct) -> tuple[T, ...]:
    """Return those that are of one of the classes, and tell what else there is."""
    for wrong in given:
        if not any(is_a(wrong, kind) for kind in kinds):
            problem(construct, f"{field} has {wrong!r}", f"Give each as {_a(' or '.join(kinds))}")
    return tuple(each for each in given if any(is_a(each, kind) for kind in kinds))


def only_routes(construct: Construct, given: Sequence[Route]) -> tuple[Route, ...]:
    """Return the routes among what was given, tell what else there is, and leave out what cannot be in a route."""
    routes = only(given, "routes", ["Route"], construct)
    for position, route in enumerate(routes):
        part = Part(construct, f"route {route.name!r}" if route.name else f"route {position}", route)
        if not isinstance(route.name, str):
            part.problem(f"name is {route.name!r}", "Give a text")
            route.name = ""
        for field, kind in _KINDS.items():
            value = getattr(route, field)
            if value is not None and not is_a(value, kind):
                part.problem(f"{field} is {value!r}", f"Give {_a(kind)}")
                setattr(route, field, None)
        for field, kind, remedy in _SEVERAL:
            values = getattr(route, field)
            for value in values:
                if not is_a(value, kind):
                    part.problem(f"{field} is {value!r}", remedy)
            setattr(route, field, tuple(value for value in values if is_a(value, kind)))
    return routes


_KINDS = {
    "redirect": "Redirect",
    "direct_response": "DirectResponse",
    "delegate": "DelegateRoutes",
    "rewrite": "Rewrite",
    "retries": "Retries",
    "fault": "Fault",
    "cors": "Cors",
    "request_headers": "HeaderChanges",
    "response_headers": "HeaderChanges",
}
_SEVERAL = (
    ("match", "Match", "Start with Match.prefix, exact, below or regex"),
    ("mirror", "Mirror", "Give Mirror(…)"),
)


def _a(kind: str) -> str:
    return f"an {kind}" if kind[0] in "AEIOU" else f"a {kind}"
